import { resolve } from "node:path";
import { checkProxies } from "../adapters/node-http/messages/client-address.ts";

/** Where a server listens and keeps its data. */
export interface Environment {
  /** `HOST`, default `127.0.0.1`: nobody outside this machine. */
  readonly host: string;
  /** `PORT`, 0 to 65,535, default 3000; 0 takes a free one. */
  readonly port: number;
  /** `DATA_DIR`, absolute. Default: the application's own. */
  readonly dataDirectory: string;
  /** `ACTIONPORT_ISSUER`: the URL under which clients know this server. Default: {@link chooseIssuer}. */
  readonly issuer: string | undefined;
  /** `ACTIONPORT_SIGNING_KEY`: private keys as PEM, JWK or JWK Set, for machines whose disk does not last. Default: a key file in `DATA_DIR`. */
  readonly signingKey: string | undefined;
  /**
   * `TRUSTED_PROXIES`: proxies whose X-Forwarded-For is believed, with commas between them: addresses, or networks such as
   * `10.0.0.0/8`. Default: the application's own `trustedProxies`.
   */
  readonly trustedProxies: readonly string[] | undefined;
}

/** Variables by name, as in `process.env`. */
export type Variables = Readonly<Record<string, string | undefined>>;

const MAX_PORT = 65_535;
const HOST = /^[A-Za-z0-9_.:%-]{1,255}$/;
/** Hosts that mean every address of this machine. */
const WILDCARDS: ReadonlySet<string> = new Set(["0.0.0.0", "::"]);
const LOOPBACKS: ReadonlySet<string> = new Set(["127.0.0.1", "::1", "localhost"]);

/** What counts where no variable says otherwise. */
export interface EnvironmentDefaults {
  readonly dataDirectory: string;
  readonly host?: string | undefined;
  readonly port?: number | undefined;
  readonly issuer?: string | undefined;
}

/** Reads the environment. A variable that is empty counts as not set; a wrong one is a TypeError that names it and the remedy. */
export function readEnvironment(variables: Variables, defaults: EnvironmentDefaults): Environment {
  return {
    host: readHost(given(variables, "HOST") ?? defaults.host ?? "127.0.0.1"),
    port: readPort(given(variables, "PORT")) ?? defaults.port ?? 3000,
    dataDirectory: resolve(given(variables, "DATA_DIR") ?? defaults.dataDirectory),
    issuer: given(variables, "ACTIONPORT_ISSUER") ?? defaults.issuer,
    signingKey: given(variables, "ACTIONPORT_SIGNING_KEY"),
    trustedProxies: readProxies(given(variables, "TRUSTED_PROXIES")),
  };
}

/**
 * The issuer of the tokens when none was configured: the address itself, which is right on this
 * machine and nowhere else. A server on another address is known to its clients by another name, which it cannot guess.
 */
export function chooseIssuer({ host, issuer }: Environment, address: { readonly url: string; readonly port: number }): string {
  if (issuer !== undefined) return issuer;
  if (LOOPBACKS.has(host)) return address.url;
  if (WILDCARDS.has(host)) return `http://127.0.0.1:${address.port}`;
  throw new TypeError(`HOST is ${host}: set ACTIONPORT_ISSUER to the https URL under which clients reach this server`);
}

function given(variables: Variables, name: string): string | undefined {
  const value = variables[name];
  return value === undefined || value === "" ? undefined : value;
}

function readHost(host: string): string {
  if (HOST.test(host)) return host;
  throw new TypeError(`HOST must be an address or a host name such as 127.0.0.1, not ${JSON.stringify(host)}`);
}

function readProxies(text: string | undefined): readonly string[] | undefined {
  const proxies = text?.split(",").map((proxy) => proxy.trim());
  if (proxies !== undefined) checkProxies("TRUSTED_PROXIES", proxies);
  return proxies;
}

function readPort(port: string | undefined): number | undefined {
  if (port === undefined) return undefined;
  if (/^[0-9]{1,5}$/.test(port) && Number(port) <= MAX_PORT) return Number(port);
  throw new TypeError(`PORT must be a whole number from 0 (any free port) to ${MAX_PORT}, not ${JSON.stringify(port)}`);
}
