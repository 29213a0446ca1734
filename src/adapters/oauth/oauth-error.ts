import { json } from "../http/response.ts";
import type { HttpHeaders, HttpResponse } from "../http/message.ts";
import type { HttpFailure } from "../http/failure.ts";

/** The closed set of error codes and the status each is answered with (RFC 6749 section 5.2, RFC 8707 section 2, RFC 7009 section 2.2). */
const STATUS = {
  invalid_request: 400,
  invalid_client: 401,
  invalid_grant: 400,
  unauthorized_client: 400,
  unsupported_grant_type: 400,
  invalid_scope: 400,
  invalid_target: 400,
  not_found: 404,
  server_error: 500,
  temporarily_unavailable: 503,
} as const;

/** An error code of the OAuth endpoints. */
export type OAuthErrorCode = keyof typeof STATUS;

/**
 * A refusal by an OAuth endpoint. The description is one of our own fixed sentences, in the characters
 * that RFC 6749 section 5.2 allows; it never quotes what was sent.
 */
export class OAuthError extends Error {
  override readonly name = "OAuthError";
  readonly code: OAuthErrorCode;
  readonly status: number;
  readonly headers: HttpHeaders;

  constructor(code: OAuthErrorCode, description: string, options: { readonly status?: number; readonly headers?: HttpHeaders } = {}) {
    super(description);
    this.code = code;
    this.status = options.status ?? STATUS[code];
    this.headers = options.headers ?? {};
  }
}

/** The one answer to every failed client authentication; nothing in it tells an unknown client from a wrong secret. */
export function invalidClient(): OAuthError {
  const headers = { "www-authenticate": 'Basic realm="oauth"' };
  return new OAuthError("invalid_client", "Client authentication failed.", { headers });
}

/** Too much is being worked on, or the store is unavailable. */
export function unavailable(retryAfterSeconds = 5): OAuthError {
  const headers = { "retry-after": String(retryAfterSeconds) };
  return new OAuthError("temporarily_unavailable", "The server cannot answer now. Try again later.", { headers });
}

/** Too many attempts from one address, or on one account. */
export class TooManyAttempts extends OAuthError {
  /** How long until one more attempt is taken, in whole seconds. */
  readonly waitSeconds: number;

  constructor(waitSeconds: number) {
    super("temporarily_unavailable", "Too many attempts. Try again later.", { status: 429, headers: { "retry-after": String(waitSeconds) } });
    this.waitSeconds = waitSeconds;
  }
}

/** An OAuth error as an answer. */
export function renderOAuthError(error: OAuthError): HttpResponse {
  return oauthJson(error.status, { error: error.code, error_description: error.message }, error.headers);
}

/** An answer that no cache may keep, HTTP/1.0 ones included (RFC 6749 section 5.1). */
export function oauthJson(status: number, value: unknown, headers: HttpHeaders = {}): HttpResponse {
  return json(status, value, { "cache-control": "no-store", pragma: "no-cache", ...headers });
}

const BUSY: ReadonlySet<number> = new Set([429, 503]);

/** A refusal of the guard in front, in the form that OAuth clients know. */
export function renderHttpFailure(failure: HttpFailure): HttpResponse {
  const code = BUSY.has(failure.status) ? "temporarily_unavailable" : failure.status >= 500 ? "server_error" : "invalid_request";
  return oauthJson(failure.status, { error: code, error_description: failure.message }, failure.headers);
}
