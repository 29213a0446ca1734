import { resolve } from "node:path";
import { readVariable } from "./variables/variable.ts";
import type { Variables } from "./variables/variable.ts";
import { VARIABLES } from "./variables/variables.ts";

/** What each variable says; undefined where it is not set. */
type Read = { readonly [Name in keyof typeof VARIABLES]: ReturnType<(typeof VARIABLES)[Name]["parse"]> | undefined };

/** Where a server listens, where it keeps its data, and what else its operator has said: see docs/operations.md. */
export interface Environment extends Read {
  /** `HOST`, default `127.0.0.1`: nobody outside this machine. */
  readonly host: string;
  /** `PORT`, 0 to 65,535, default 3000; 0 takes a free one. */
  readonly port: number;
  /** `DATA_DIR`, absolute. Default: the application's own. */
  readonly dataDirectory: string;
}

/** What counts where no variable says otherwise. */
export interface EnvironmentDefaults {
  readonly dataDirectory: string;
  readonly host?: string | undefined;
  readonly port?: number | undefined;
  readonly issuer?: string | undefined;
}

/** Hosts that mean every address of this machine. */
const WILDCARDS: ReadonlySet<string> = new Set(["0.0.0.0", "::"]);
const LOOPBACKS: ReadonlySet<string> = new Set(["127.0.0.1", "::1", "localhost"]);

/** Reads the environment. A variable that is empty counts as not set; a wrong one is a TypeError that names it and the remedy. */
export function readEnvironment(variables: Variables, defaults: EnvironmentDefaults): Environment {
  // A cast, since the type of an object that is made of entries is lost: each value is what its own variable is parsed to.
  const read = Object.fromEntries(Object.entries(VARIABLES).map(([name, variable]) => [name, readVariable<unknown>(variables, variable)])) as Read;
  const { host = defaults.host ?? "127.0.0.1", port = defaults.port ?? 3000, dataDirectory = defaults.dataDirectory, issuer = defaults.issuer } = read;
  return { ...read, host, port, dataDirectory: resolve(dataDirectory), issuer };
}

/**
 * The issuer of the tokens when none was configured: the address itself, which is right on this
 * machine and nowhere else. A server on another address is known to its clients by another name, which it cannot guess.
 */
export function chooseIssuer({ host, issuer }: Pick<Environment, "host" | "issuer">, address: { readonly url: string; readonly port: number }): string {
  if (issuer !== undefined) return issuer;
  if (LOOPBACKS.has(host)) return address.url;
  if (WILDCARDS.has(host)) return `http://127.0.0.1:${address.port}`;
  throw new TypeError(`HOST is ${host}: set ACTIONPORT_ISSUER to the https URL under which clients reach this server`);
}
