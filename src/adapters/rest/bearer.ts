import type { Authentication } from "../../domain/ports.ts";
import type { HeaderIndex } from "../http/headers.ts";
import type { HttpHeaders, HttpResponse } from "../http/message.ts";
import { refuse } from "./respond.ts";

/** What a challenge tells a client (RFC 6750 section 3, RFC 9728 section 5.1). */
export interface ChallengeOptions {
  readonly realm: string;
  /** The URL of the protected resource metadata, if there is one. */
  readonly resourceMetadataUrl?: string;
}

/** Builds `WWW-Authenticate`; a null error means that no usable credentials came. */
export type Challenge = (error: "invalid_request" | "invalid_token" | "insufficient_scope" | null, scope?: readonly string[]) => HttpHeaders;

/** Why a token opens nothing. */
export type NotAuthenticated = Extract<Authentication, { readonly authenticated: false }>;

const BEARER = /^bearer(?: |$)/i;
/** RFC 9110 section 11.2. */
const TOKEN68 = /^[A-Za-z0-9\-._~+/]+=*$/;
/** What a challenge can name (RFC 6749 section 3.3); a permission made from data might hold anything. */
const SCOPE_TOKEN = /^[\x21\x23-\x5b\x5d-\x7e]+$/;

/** Makes the challenges of one protected resource. */
export function createChallenge({ realm, resourceMetadataUrl }: ChallengeOptions): Challenge {
  const base = `Bearer realm="${realm}"${resourceMetadataUrl === undefined ? "" : `, resource_metadata="${resourceMetadataUrl}"`}`;
  return (error, scope = []) => {
    const reason = error === null ? "" : `, error="${error}"`;
    const named = scope.filter((permission) => SCOPE_TOKEN.test(permission));
    return { "www-authenticate": `${base}${reason}${named.length === 0 ? "" : `, scope="${named.join(" ")}"`}` };
  };
}

/** The token that came with a request, unparsed; null when there is none. */
export function readBearerToken(headers: HeaderIndex): string | null {
  const credentials = headers.authorization;
  return credentials === undefined || !BEARER.test(credentials) ? null : credentials.slice("bearer ".length).trimStart();
}

/** The answer to a token that opens nothing. It was looked up before anything of it is parsed: most are known. */
export function refuseToken(token: string, found: NotAuthenticated, challenge: Challenge): HttpResponse {
  if (found.reason === "unavailable") return refuse("unavailable", undefined, { "retry-after": String(found.retryAfterSeconds ?? 1) });
  if (TOKEN68.test(token)) return refuse("unauthenticated", undefined, challenge("invalid_token"));
  return refuse("malformed_request", "The Authorization header must be the word Bearer, a space and one token.", challenge("invalid_request"));
}
