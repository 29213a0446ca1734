import type { JsonObject } from "../domain/json.ts";

/** A call that works at once, to be tried first. */
export interface FirstCall {
  /** The name of the app client that makes it. */
  readonly client: string;
  readonly key: string;
  readonly subject?: string;
  /** Default: none. */
  readonly params?: JsonObject;
}

/** Options of {@link writeInvitation}. */
export interface InvitationParts {
  /** Where the server listens: `http://127.0.0.1:3000`. */
  readonly url: string;
  /** Where the secrets are, absolute. */
  readonly credentialsPath: string;
  /** The app clients whose secrets are there, by name. */
  readonly clients: readonly string[];
  /** Default: the first of the clients lists the actions. */
  readonly firstCall: FirstCall | undefined;
}

/**
 * Tells a person how to get a token and call an action: two command lines that work when pasted into
 * a shell that has curl and node. The secret goes from the file through a pipe, so no log, no list of processes and no shell history has it.
 */
export function writeInvitation({ url, credentialsPath, clients, firstCall }: InvitationParts): string {
  const client = firstCall?.client ?? clients[0];
  const where = `The secrets of the first start are in ${credentialsPath}.`;
  if (client === undefined) return `${where}\n\n`;
  return [where, "", "Get a token:", `  ${writeTokenLine(url, credentialsPath, client)}`, "", ...writeCall(url, firstCall), "", ""].join("\n");
}

const AS_JSON = "-H 'Content-Type: application/json'";
const WITH_TOKEN = '-H "Authorization: Bearer $TOKEN"';

function writeTokenLine(url: string, credentialsPath: string, client: string): string {
  const request = `const { client_id, client_secret } = require(${JSON.stringify(credentialsPath)}).clients${member(client)}; `
    + `JSON.stringify({ grant_type: "client_credentials", client_id, client_secret })`;
  const response = `JSON.parse(require("fs").readFileSync(0)).access_token`;
  return `TOKEN=$(node -p ${quote(request)} | curl -sS ${quote(`${url}/oauth/token`)} ${AS_JSON} -d @- | node -p ${quote(response)})`;
}

function writeCall(url: string, firstCall: FirstCall | undefined): readonly string[] {
  if (firstCall === undefined) return ["See the actions with it:", `  curl -sS -w '\\n' ${quote(`${url}/api/v1/actions`)} ${WITH_TOKEN}`];
  const { key, subject, params = {} } = firstCall;
  const path = `/api/v1/actions/${key}/execute${subject === undefined ? "" : `/${encodeURIComponent(subject)}`}`;
  return ["Call an action with it:", `  curl -sS -w '\\n' ${quote(url + path)} ${WITH_TOKEN} ${AS_JSON} -d ${quote(JSON.stringify(params))}`];
}

/** A property in JavaScript. */
function member(name: string): string {
  return /^[A-Za-z_][A-Za-z0-9_]*$/.test(name) ? `.${name}` : `[${JSON.stringify(name)}]`;
}

/** One word of a POSIX shell, whatever is in it. */
function quote(word: string): string {
  return /^[A-Za-z0-9_./:@%+=-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
