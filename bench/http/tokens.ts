import { generateKeyPairSync, randomUUID, sign, verify } from "node:crypto";
import type { KeyObject } from "node:crypto";
import { PERMISSION, TOKENS } from "../job/order.ts";

export const ISSUER = "https://issuer.example";
export const AUDIENCE = "https://api.example/api/v1";
const LIFETIME_SECONDS = 24 * 3600;

/** Tokens of an issuer, as long as ours, and the key that they are checked with. */
export interface IssuedTokens {
  readonly tokens: readonly string[];
  readonly powerless: string;
  readonly publicKey: KeyObject;
}

/** Who calls. */
export interface Caller {
  can(permission: string): boolean;
}

/** The value of the Authorization header in, the caller out; null when the token is none or not good. */
export type CheckToken = (authorization: string | undefined) => Caller | null;

/** A fresh key and its tokens. */
export function issueTokens(): IssuedTokens {
  const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const issue = (scope: string): string => signToken(createClaims(scope), privateKey);
  return { tokens: Array.from({ length: TOKENS }, () => issue(PERMISSION)), powerless: issue("view_reports"), publicKey };
}

function createClaims(scope: string): object {
  const iat = Math.floor(Date.now() / 1000);
  const client = randomUUID();
  return { iss: ISSUER, sub: client, aud: AUDIENCE, client_id: client, sub_kind: "client", iat, exp: iat + LIFETIME_SECONDS, jti: randomUUID(), scope };
}

function signToken(claims: object, privateKey: KeyObject): string {
  const signed = [{ typ: "JWT", alg: "RS256", kid: "bench" }, claims].map((part) => Buffer.from(JSON.stringify(part)).toString("base64url")).join(".");
  return `${signed}.${sign("sha256", Buffer.from(signed), privateKey).toString("base64url")}`;
}

/** Tokens that were good once are looked up in a Map from then on; their end is still watched. */
export function createTokenCheck(publicKey: KeyObject): CheckToken {
  const known = new Map<string, Verified>();
  return (authorization) => {
    if (authorization === undefined || !authorization.startsWith("Bearer ")) return null;
    const token = authorization.slice("Bearer ".length);
    const found = known.get(token) ?? verifyToken(token, publicKey);
    if (found === null || found.endsAtMs <= Date.now()) return null;
    if (!known.has(token)) remember(known, token, found);
    return found.caller;
  };
}

interface Verified {
  readonly caller: Caller;
  readonly endsAtMs: number;
}

const MAX_KNOWN = 10_000;

function remember(known: Map<string, Verified>, token: string, verified: Verified): void {
  if (known.size >= MAX_KNOWN) known.clear();
  known.set(token, verified);
}

function verifyToken(token: string, key: KeyObject): Verified | null {
  const [head = "", body = "", signature = ""] = token.split(".");
  if (!verify("sha256", Buffer.from(`${head}.${body}`), key, Buffer.from(signature, "base64url"))) return null;
  const claims: unknown = JSON.parse(Buffer.from(body, "base64url").toString());
  return isOurs(claims) ? { caller: toCaller(claims.scope), endsAtMs: claims.exp * 1000 } : null;
}

function isOurs(claims: unknown): claims is { readonly exp: number; readonly scope: string } {
  const { iss, aud, exp, scope } = Object(claims);
  return iss === ISSUER && aud === AUDIENCE && typeof exp === "number" && typeof scope === "string";
}

/** A caller with the permissions in this scope. */
export function toCaller(scope: string): Caller {
  const permissions = new Set(scope.split(" "));
  return { can: (permission) => permissions.has(permission) };
}
