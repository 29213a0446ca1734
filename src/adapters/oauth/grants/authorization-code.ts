import { createHash } from "node:crypto";
import type { Observe, StoredRecord } from "../../../domain/ports.ts";
import type { Client } from "../clients/client-record.ts";
import { CODES, isBacked, revokeGrant, toAuthorizationCode } from "./grant-record.ts";
import type { AuthorizationCode, UserGrant } from "./grant-record.ts";
import { digestOf, equalSecrets } from "../hashing.ts";
import { OAuthError } from "../oauth-error.ts";
import { AUTHORITY, create, remove, replace } from "../oauth-store.ts";
import type { OAuthStore } from "../oauth-store.ts";
import { requireParameter } from "../request-parameters.ts";
import type { RequestParameters } from "../request-parameters.ts";
import { requireResource } from "../tokens/resource-indicator.ts";
import type { UserRegistry } from "../users/user-registry.ts";
import type { Grant, TokenAnswer } from "./grant.ts";
import { createRefreshToken, toTokenAnswer } from "./user-tokens.ts";
import type { UserTokensOptions } from "./user-tokens.ts";

/** Options of {@link createAuthorizationCodeGrant}. */
export interface AuthorizationCodeOptions extends UserTokensOptions {
  readonly store: OAuthStore;
  readonly users: UserRegistry;
  readonly resource: string;
  readonly observe: Observe;
}

/** RFC 7636 section 4.1. */
const VERIFIER = /^[A-Za-z0-9._~-]{43,128}$/;
/** A code that was tried with so many wrong verifiers is being guessed at. */
const MAX_FAILED_ATTEMPTS = 10;

/**
 * A user's consent becomes tokens (RFC 6749 section 4.1.3 with PKCE). A code is consumed by one commit
 * that also makes the grant, so of any number of redemptions one succeeds; a further one that is
 * right in all else means that the code has leaked, and ends the grant (OAuth 2.1 section 7.5.2).
 */
export function createAuthorizationCodeGrant(options: AuthorizationCodeOptions): Grant {
  const { store, users, resource, clock } = options;
  const redeem = async (client: Client, parameters: RequestParameters): Promise<TokenAnswer> => {
    const code = requireParameter(parameters, "code");
    const record = await store.find(CODES, digestOf(code));
    if (record === undefined) throw invalidGrant();
    const agreed = toAuthorizationCode(record.value);
    checkSender(agreed, client, parameters);
    await checkVerifier(options, record, agreed, parameters.get("code_verifier"));
    if (agreed.used) return endReplayed(options, agreed);
    requireResource(parameters.resources, resource);
    if (!isBacked(agreed, client, await users.find(agreed.user_id))) throw invalidGrant();

    const ends_at = clock() + options.lifetimes.familyMs;
    const refresh = createRefreshToken(options, { grant_id: agreed.grant_id, ends_at });
    const grant = toGrant(agreed, refresh.digest, ends_at);
    const consumed = replace(record, { ...agreed, used: true }, ends_at);
    const committed = await store.commit([consumed, create(AUTHORITY, `grant:${grant.grant_id}`, grant, ends_at), refresh.change]);
    // Somebody was faster: the next look finds the code used, or merely one wrong guess richer.
    if (!committed) return redeem(client, parameters);
    return toTokenAnswer(options, grant, grant.scope, refresh.refresh_token);
  };
  return redeem;
}

function checkSender(agreed: AuthorizationCode, client: Client, parameters: RequestParameters): void {
  const redirectUri = parameters.get("redirect_uri");
  if (agreed.client_id !== client.client_id) throw invalidGrant();
  if (redirectUri !== undefined && redirectUri !== agreed.redirect_uri) throw invalidGrant();
}

async function checkVerifier({ store }: AuthorizationCodeOptions, record: StoredRecord, agreed: AuthorizationCode, verifier: string | undefined): Promise<void> {
  if (verifier === undefined) throw invalidGrant();
  if (!VERIFIER.test(verifier)) throw new OAuthError("invalid_request", "The code_verifier must be 43 to 128 unreserved characters.");
  if (equalSecrets(createHash("sha256").update(verifier).digest("base64url"), agreed.code_challenge)) return;
  if (!agreed.used) await countFailure(store, record, agreed);
  throw invalidGrant();
}

/** A wrong verifier does not burn the code, or anybody who saw it could lock its owner out; only guessing does. */
async function countFailure(store: OAuthStore, record: StoredRecord, agreed: AuthorizationCode): Promise<void> {
  const failed_attempts = agreed.failed_attempts + 1;
  await store.commit([failed_attempts >= MAX_FAILED_ATTEMPTS ? remove(record) : replace(record, { ...agreed, failed_attempts })]);
}

async function endReplayed({ store, observe }: AuthorizationCodeOptions, { grant_id, client_id }: AuthorizationCode): Promise<never> {
  await revokeGrant(store, grant_id);
  observe({ event: "oauth.code_replayed", grant_id, client_id });
  throw invalidGrant();
}

function toGrant({ grant_id, client_id, user_id, scope, client_epoch, user_epoch }: AuthorizationCode, refresh_digest: string, ends_at: number): UserGrant {
  return { grant_id, client_id, user_id, scope, client_epoch, user_epoch, refresh_digest, ends_at };
}

function invalidGrant(): OAuthError {
  return new OAuthError("invalid_grant", "The authorization code is not valid.");
}
