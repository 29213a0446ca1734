import type { MaybePromise } from "../../../domain/maybe-promise.ts";

/** What a client shows: a token, a function that answers one (asked before every call, and once more after a 401), or a grant. */
export type Auth = string | (() => MaybePromise<string>) | Grant;

/** What a token endpoint answers (RFC 6749, section 5.1). */
export interface TokenAnswer {
  readonly access_token: string;
  /** Seconds. Absent: it is used until it is refused. */
  readonly expires_in?: number;
  readonly refresh_token?: string;
  readonly scope?: string;
}

/** A way to get tokens from a token endpoint. */
export interface Grant {
  /** Default: `/oauth/token` below the `baseUrl`. */
  readonly tokenUrl: string | undefined;
  /** What is sent. */
  form(): Readonly<Record<string, string>>;
  /** Told of every answer, before its token is used. */
  took(answer: TokenAnswer): MaybePromise<void>;
}

/** Options of {@link clientCredentials}. */
export interface ClientCredentialsOptions {
  readonly clientId: string;
  readonly clientSecret: string;
  /** Default: all permissions of the client. */
  readonly scope?: string;
  readonly tokenUrl?: string;
}

/** The client acts for itself (RFC 6749, section 4.4). Not in a browser: everybody can read a page's secrets. */
export function clientCredentials({ clientId, clientSecret, scope, tokenUrl }: ClientCredentialsOptions): Grant {
  const form = { grant_type: "client_credentials", client_id: clientId, client_secret: clientSecret, ...(scope && { scope }) };
  return { tokenUrl, form: () => form, took: () => undefined };
}

/** Options of {@link refreshToken}. */
export interface RefreshTokenOptions {
  readonly clientId: string;
  /** For confidential clients. */
  readonly clientSecret?: string;
  /** The one that was got last. It is replaced at every use, so keep what `onRefreshed` is told, and use it in one place only. */
  readonly refreshToken: string;
  /** Told of new tokens before they are used; what it throws fails the calls that wait for them. */
  readonly onRefreshed?: (answer: TokenAnswer) => MaybePromise<void>;
  readonly tokenUrl?: string;
}

/** The client acts for the user who has granted it that (RFC 6749, section 6). */
export function refreshToken({ clientId, clientSecret, onRefreshed, tokenUrl, refreshToken: first }: RefreshTokenOptions): Grant {
  let current = first;
  return {
    tokenUrl,
    form: () => ({ grant_type: "refresh_token", refresh_token: current, client_id: clientId, ...(clientSecret && { client_secret: clientSecret }) }),
    took(answer) {
      current = answer.refresh_token ?? current;
      return onRefreshed?.(answer);
    },
  };
}
