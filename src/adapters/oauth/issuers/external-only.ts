import type { Authenticate, Clock, Observe } from "../../../domain/ports.ts";
import { requireFunction, requireOptionalFunction } from "../../../domain/check-option.ts";
import { shieldObserver } from "../../../domain/observation/shield-observer.ts";
import { createExternalTokens } from "./external-authenticate.ts";
import { checkExternalIssuers } from "./external-issuer.ts";
import type { ExternalIssuer } from "./external-issuer.ts";
import type { Fetch } from "./fetch-json.ts";

/** Options of {@link createExternalAuthenticate}. */
export interface ExternalAuthenticateOptions {
  /** At least one. */
  readonly issuers: readonly ExternalIssuer[];
  readonly clock: Clock;
  /** Default: the causes of failures are written to stderr. */
  readonly observe?: Observe;
  /** Default: the global one. */
  readonly fetch?: Fetch;
  /** Checked tokens that are remembered, 2 or more. Default 10000. */
  readonly maxCachedTokens?: number;
}

/** Takes the tokens of a team's own identity providers and no others: for those who need no authorization server of ours. */
export function createExternalAuthenticate(options: ExternalAuthenticateOptions): Authenticate {
  if (!Array.isArray(options.issuers)) throw new TypeError("issuers must be a list: name at least one identity provider");
  requireFunction("clock", options.clock, "give one that answers epoch milliseconds, such as Date.now");
  requireOptionalFunction("observe", options.observe, "it gets what happened");
  if (options.issuers.length === 0) throw new TypeError("issuers: name at least one identity provider");
  const external = createExternalTokens({
    issuers: checkExternalIssuers(options.issuers, undefined),
    fetch: options.fetch ?? globalThis.fetch,
    clock: options.clock,
    observe: shieldObserver(options.observe),
    maxCachedTokens: options.maxCachedTokens ?? 10_000,
  });
  return (token) => external.authenticate(token);
}
