import type { JsonObject } from "../domain/json.ts";

/** A call that works at once, to be tried first. */
export interface FirstCall {
  /** The name of the app client that makes it. */
  readonly client: string;
  readonly key: string;
  readonly subject?: string;
  readonly params: JsonObject;
}

/** Options of {@link writeInvitation}. */
export interface InvitationParts {
  /** Where the server listens: `http://127.0.0.1:3000`. */
  readonly url: string;
  /** Where the secrets are, absolute. */
  readonly credentialsPath: string;
  readonly firstCall: FirstCall;
}

/**
 * Tells a person how to get a token and call an action: two command lines that work when pasted into
 * a shell that has curl and node. The secret goes from the file through a pipe, so no log, no list of processes and no shell history has it.
 */
export function writeInvitation({ url, credentialsPath, firstCall }: InvitationParts): string {
  const { client, key, subject, params } = firstCall;
  const request = `const { client_id, client_secret } = require(${JSON.stringify(credentialsPath)}).clients${member(client)}; `
    + `JSON.stringify({ grant_type: "client_credentials", client_id, client_secret })`;
  const response = `JSON.parse(require("fs").readFileSync(0)).access_token`;
  const path = `/api/v1/actions/${key}/execute${subject === undefined ? "" : `/${encodeURIComponent(subject)}`}`;
  const asJson = "-H 'Content-Type: application/json'";
  return [
    `The secrets of the app clients are in ${credentialsPath}.`,
    "",
    "Get a token:",
    `  TOKEN=$(node -p ${quote(request)} | curl -sS ${quote(`${url}/oauth/token`)} ${asJson} -d @- | node -p ${quote(response)})`,
    "",
    "Call an action with it:",
    `  curl -sS -w '\\n' ${quote(url + path)} -H "Authorization: Bearer $TOKEN" ${asJson} -d ${quote(JSON.stringify(params))}`,
    "",
    "",
  ].join("\n");
}

/** A property in JavaScript. */
function member(name: string): string {
  return /^[A-Za-z_][A-Za-z0-9_]*$/.test(name) ? `.${name}` : `[${JSON.stringify(name)}]`;
}

/** One word of a POSIX shell, whatever is in it. */
function quote(word: string): string {
  return /^[A-Za-z0-9_./:@%+=-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
