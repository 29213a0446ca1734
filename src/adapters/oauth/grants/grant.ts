import type { Client } from "../clients/client-record.ts";
import type { IssuedAccessToken } from "../tokens/access-token.ts";
import type { RequestParameters } from "../request-parameters.ts";

/** What a grant answers with: an access token, and a refresh token where the grant has one. */
export type TokenAnswer = IssuedAccessToken & { readonly refresh_token?: string };

/** One grant type: an authenticated client that may use it, and its parameters, become tokens. Throws an OAuthError. */
export type Grant = (client: Client, parameters: RequestParameters) => Promise<TokenAnswer>;
