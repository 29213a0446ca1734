import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { clientCredentials, type Auth } from "../../../adapters/client/index.ts";
import { Fault, misused } from "../fault.ts";
import type { Session } from "../session.ts";

/** What is shown to a server, and whose it is; the latter is no secret. */
export interface Credentials {
  readonly auth: Auth;
  readonly caller: string;
}

/** Those of the environment: arguments would stand in every list of processes. */
export function readCredentials({ variables }: Pick<Session, "variables">): Credentials {
  const { ACTIONPORT_TOKEN: token = "", ACTIONPORT_CLIENT_ID: clientId = "", ACTIONPORT_CLIENT_SECRET: clientSecret = "", ACTIONPORT_SCOPE: scope = "" } = variables;
  if (token !== "") return { auth: token, caller: "token" };
  if (clientId !== "" && clientSecret !== "") return { auth: clientCredentials({ clientId, clientSecret, ...(scope !== "" && { scope }) }), caller: clientId };
  const missing = clientId === "" && clientSecret === "" ? "ACTIONPORT_CLIENT_ID and ACTIONPORT_CLIENT_SECRET" : clientId === "" ? "ACTIONPORT_CLIENT_ID, too" : "ACTIONPORT_CLIENT_SECRET, too";
  throw new Fault("unauthorized", `Who calls? Set ${missing}, or ACTIONPORT_TOKEN; on the server's own machine --client NAME takes one of credentials.json.`);
}

/** Those that the first start has written for a client of this name. */
export function readFirstCredentials(session: Session, name: string): Credentials {
  const path = findFile(session);
  const clients = readClients(path);
  const found = clients.get(name);
  if (found === undefined) throw misused(`${path} has no client ${JSON.stringify(name)} with a secret; it has ${[...clients.keys()].join(", ")}.`);
  return { auth: clientCredentials(found), caller: found.clientId };
}

const FILE = "credentials.json";

function findFile({ variables, directory }: Session): string {
  const { ACTIONPORT_CREDENTIALS: given = "", DATA_DIR: data = "" } = variables;
  if (given !== "") return resolve(directory, given);
  if (data !== "") return resolve(directory, data, FILE);
  const all = join(directory, ".data");
  const names = existsSync(all) ? readdirSync(all) : [];
  const found = names.map((name) => join(all, name, FILE)).filter((path) => existsSync(path));
  const [only] = found;
  if (only !== undefined && found.length === 1) return only;
  throw misused(`--client takes secrets from ${FILE}, and ${found.length === 0 ? "there is none in .data" : "in .data there are several"}: set ACTIONPORT_CREDENTIALS to its path, or DATA_DIR.`);
}

function readClients(path: string): ReadonlyMap<string, { readonly clientId: string; readonly clientSecret: string }> {
  const { clients = {} } = readFile(path);
  const found = Object.entries(clients).flatMap(([name, { client_id, client_secret }]) => (client_id === undefined || client_secret === undefined ? [] : [[name, { clientId: client_id, clientSecret: client_secret }] as const]));
  return new Map(found);
}

interface CredentialsFile {
  readonly clients?: Readonly<Record<string, { readonly client_id?: string; readonly client_secret?: string }>>;
}

function readFile(path: string): CredentialsFile {
  try {
    const content: CredentialsFile = JSON.parse(readFileSync(path, "utf8"));
    return content;
  } catch (error) {
    // Not what is in it: that might be half a secret.
    throw misused(`${path} cannot be read: ${error instanceof SyntaxError ? "it is not JSON" : error instanceof Error ? error.message : String(error)}.`);
  }
}
