import type { Identity } from "../../domain/identity.ts";
import type { Authenticate } from "../../domain/ports.ts";
import { settle, type Steps } from "../../domain/steps.ts";
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

const BEARER = /^bearer(?: |$)/i;
/** RFC 9110 section 11.2. */
const TOKEN68 = /^[A-Za-z0-9\-._~+/]+=*$/;

/** Makes the challenges of one protected resource. */
export function createChallenge({ realm, resourceMetadataUrl }: ChallengeOptions): Challenge {
  const base = `Bearer realm="${realm}"${resourceMetadataUrl === undefined ? "" : `, resource_metadata="${resourceMetadataUrl}"`}`;
  return (error, scope = []) => {
    const reason = error === null ? "" : `, error="${error}"`;
    return { "www-authenticate": `${base}${reason}${scope.length === 0 ? "" : `, scope="${scope.join(" ")}"`}` };
  };
}

/** Who calls, or the answer that refuses. The token is looked up before anything of it is parsed: most are known. */
export function* identify(headers: HeaderIndex, authenticate: Authenticate, challenge: Challenge): Steps<Identity | HttpResponse> {
  const credentials = headers.get("authorization");
  if (credentials === undefined || !BEARER.test(credentials)) return refuse("unauthenticated", undefined, challenge(null));
  const token = credentials.slice("bearer ".length).trimStart();
  const found = yield* settle(authenticate(token));
  if (found.authenticated) return found.identity;
  if (found.reason === "unavailable") return refuse("unavailable", undefined, { "retry-after": String(found.retryAfterSeconds ?? 1) });
  if (!TOKEN68.test(token)) {
    return refuse("malformed_request", "The Authorization header must be the word Bearer, a space and one token.", challenge("invalid_request"));
  }
  return refuse("unauthenticated", undefined, challenge("invalid_token"));
}

/** Was the caller refused? */
export function isRefusal(identified: Identity | HttpResponse): identified is HttpResponse {
  return "status" in identified;
}
