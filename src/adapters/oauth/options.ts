import { randomBytes } from "node:crypto";
import type { Clock, NewId, Observe, RecordStore } from "../../domain/ports.ts";
import type { CorsOptions } from "../http/cors.ts";
import { UNTRACED_REQUESTS, type RequestTracing } from "../http/tracing.ts";
import type { KeyRing } from "../jwt/index.ts";
import { kindOf, requireFunction, requireMethods, requireObject, requireOptionalFunction, requireOptionalText } from "../../domain/check-option.ts";
import { tellFailure } from "../../domain/observation/tell-failure.ts";
import { checkExternalIssuers } from "./issuers/external-issuer.ts";
import type { ExternalIssuer } from "./issuers/external-issuer.ts";
import type { PagesOptions } from "./authorize/pages/pages-options.ts";
import type { Fetch } from "./issuers/fetch-json.ts";
import { isLoopbackHost } from "./loopback.ts";
import type { RandomBytes } from "./random.ts";
import { MAX_SCRYPT_BYTES } from "./users/scrypt-hasher.ts";
import type { ScryptCost } from "./users/scrypt-hasher.ts";

/** Options of {@link createAuthorizationServer}. */
export interface AuthorizationServerOptions {
  /** Where clients, grants and revocations are kept. */
  readonly store: RecordStore;
  /** This server's own URL: https (http on a loopback address only), no query, fragment or trailing slash. Never taken from a request. */
  readonly issuer: string;
  /** The API that the tokens are for: every token's `aud` (RFC 8707). An absolute URL without fragment. */
  readonly resource: string;
  readonly signingKeys: KeyRing;
  readonly clock: Clock;
  readonly newId: NewId;
  /** Told what happened, never a token or a secret. Default: the causes of failures are written to stderr. */
  readonly observe?: Observe;
  /** Follows each request: `createTracing()` of `actionport/diagnostics`. Default: nobody does. */
  readonly tracing?: RequestTracing;
  /** For secrets and codes. Default: node:crypto. */
  readonly randomBytes?: RandomBytes;
  /** How long an access token lives, 60 to 86400 seconds. Default 3600. */
  readonly accessTokenSeconds?: number;
  /** Which origins' pages may call the token endpoint and read the documents. Default: none. */
  readonly cors?: CorsOptions;
  /** The cost of hashing passwords. Default N 16384, r 8, p 5. */
  readonly passwordCost?: ScryptCost;
  /** What each permission means, in a person's words: for the consent page and `scopes_supported`. Default: none are named. */
  readonly scopes?: Readonly<Record<string, string>>;
  /** The heading of the pages: what people call the application. Default: the issuer's host. */
  readonly name?: string;
  /** The language of the pages, their sentences and the link to help. Default: English, and no link. */
  readonly pages?: PagesOptions;
  /** How long a refresh token may stay unused before it ends; 60 to 31536000 seconds. Default 14 days. */
  readonly refreshIdleSeconds?: number;
  /** How long after consent the user must be asked again; 60 to 31536000 seconds. Default 90 days. */
  readonly refreshFamilySeconds?: number;
  /** How long a browser stays signed in on the pages, 60 to 2592000 seconds. Default 8 hours. */
  readonly sessionSeconds?: number;
  /** Identity providers whose tokens are taken as well. Default: none. */
  readonly issuers?: readonly ExternalIssuer[];
  /** For asking those. Default: the global one. */
  readonly fetch?: Fetch;
  /** Verified tokens that are remembered, 2 or more. Default 10000. */
  readonly maxCachedTokens?: number;
}

const DAY_SECONDS = 86_400;

/** The options with their defaults, checked. */
export type CheckedOptions = Required<Omit<AuthorizationServerOptions, "cors">> & Pick<AuthorizationServerOptions, "cors">;

/** Throws a TypeError that names the option and the remedy. */
export function checkOptions(options: AuthorizationServerOptions): CheckedOptions {
  requirePorts(options);
  const checked = {
    observe: tellFailure,
    tracing: UNTRACED_REQUESTS,
    randomBytes,
    accessTokenSeconds: 3600,
    passwordCost: { N: 16_384, r: 8, p: 5 },
    scopes: {},
    pages: {},
    issuers: [],
    fetch: globalThis.fetch,
    refreshIdleSeconds: 14 * DAY_SECONDS,
    refreshFamilySeconds: 90 * DAY_SECONDS,
    sessionSeconds: 8 * 3600,
    maxCachedTokens: 10_000,
    ...options,
  };
  requireIssuer(checked.issuer);
  requireResource(checked.resource);
  requireCost("passwordCost", checked.passwordCost);
  requireRange("accessTokenSeconds", checked.accessTokenSeconds, 60, 86_400);
  requireRange("refreshIdleSeconds", checked.refreshIdleSeconds, 60, 365 * DAY_SECONDS);
  requireRange("refreshFamilySeconds", checked.refreshFamilySeconds, 60, 365 * DAY_SECONDS);
  requireRange("sessionSeconds", checked.sessionSeconds, 60, 30 * DAY_SECONDS);
  requireRange("maxCachedTokens", checked.maxCachedTokens, 2, 10_000_000);
  checkExternalIssuers(checked.issuers, checked.issuer);
  return { name: new URL(checked.issuer).host, ...checked };
}

function requirePorts({ store, signingKeys, clock, newId, observe, randomBytes, fetch, name, scopes, passwordCost, issuers }: AuthorizationServerOptions): void {
  requireMethods("store", store, ["read", "list", "commit", "trail", "durable"], "give await openFileStore({ … }), or createMemoryStore({ clock })");
  requireMethods("signingKeys", signingKeys, ["current", "publicJwks", "find"], "give openKeyFile({ path, clock }), or createFixedKeyRing([createSigningKey()])");
  requireFunction("clock", clock, "give one that answers epoch milliseconds, such as Date.now");
  requireFunction("newId", newId, "give one that answers a fresh ID, such as crypto.randomUUID");
  requireOptionalFunction("observe", observe, "it gets what happened");
  requireOptionalFunction("randomBytes", randomBytes, "give that of node:crypto");
  requireOptionalFunction("fetch", fetch, "give one like the global fetch");
  requireOptionalText("name", name, "what the pages call this server");
  if (scopes !== undefined) requireObject("scopes", scopes, "sentences by permission, such as { manage_orders: \"Manage orders\" }");
  if (passwordCost !== undefined) requireObject("passwordCost", passwordCost, "such as { N: 16384, r: 8, p: 5 }");
  if (issuers !== undefined && !Array.isArray(issuers)) throw new TypeError(`issuers must be a list, not ${kindOf(issuers)}`);
}

function requireIssuer(issuer: string): void {
  const url = URL.canParse(issuer) ? new URL(issuer) : undefined;
  const secure = url?.protocol === "https:" || (url?.protocol === "http:" && isLoopbackHost(url.hostname));
  const canonical = url !== undefined && issuer === `${url.origin}${url.pathname === "/" ? "" : url.pathname}`;
  if (secure && canonical && !issuer.endsWith("/")) return;
  throw new TypeError(`issuer: ${JSON.stringify(issuer)} must be an https URL (http for loopback only) without query, fragment or trailing slash`);
}

function requireResource(resource: string): void {
  if (/^https?:\/\/[\x21-\x7e]+$/.test(resource) && URL.canParse(resource) && !resource.includes("#") && !resource.includes("?")) return;
  throw new TypeError(`resource: ${JSON.stringify(resource)} must be an absolute http(s) URL without query and fragment`);
}

/** Within what RFC 7914 allows and 256 MiB. */
function requireCost(name: string, { N, r, p }: ScryptCost): void {
  const whole = [N, r, p].every((number) => Number.isInteger(number) && number >= 1);
  if (whole && N >= 2 && Number.isInteger(Math.log2(N)) && r * p <= 1024 && 128 * N * r <= MAX_SCRYPT_BYTES) return;
  throw new TypeError(`${name}: N must be a power of two, and 128 * N * r at most ${MAX_SCRYPT_BYTES} bytes`);
}

function requireRange(name: string, value: number, least: number, most: number): void {
  if (Number.isInteger(value) && value >= least && value <= most) return;
  throw new TypeError(`${name}: ${value} must be a whole number from ${least} to ${most}`);
}
