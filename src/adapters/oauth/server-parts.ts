import type { Observe, RecordStore } from "../../domain/ports.ts";
import type { CorsOptions } from "../http/cors.ts";
import type { RenderFailure } from "../http/failure.ts";
import type { GuardedHandler } from "../http/guard.ts";
import type { HttpHandler } from "../http/message.ts";
import type { AccessTokens } from "./tokens/access-token.ts";
import type { ClientRegistry } from "./clients/client-registry.ts";
import type { RefreshLifetimes } from "./grants/user-tokens.ts";
import type { OAuthStore } from "./oauth-store.ts";
import type { CheckedOptions } from "./options.ts";
import type { ScryptHasher } from "./users/scrypt-hasher.ts";
import type { Throttle } from "./throttle.ts";
import type { UserRegistry } from "./users/user-registry.ts";

/** The parts that the endpoints share; each takes what it uses. */
export interface ServerParts extends Omit<CheckedOptions, "store" | "observe"> {
  /** The record store itself, for reads that stay synchronous where it is. */
  readonly records: RecordStore;
  readonly store: OAuthStore;
  /** Never throws. */
  readonly observe: Observe;
  readonly passwordHasher: ScryptHasher;
  readonly throttle: Throttle;
  readonly clients: ClientRegistry;
  readonly users: UserRegistry;
  readonly tokens: AccessTokens;
  readonly lifetimes: RefreshLifetimes;
  /** A guard with its own form of refusals, and CORS only where it is wanted. */
  createGuard(render: RenderFailure, cors?: CorsOptions): (handler: GuardedHandler) => HttpHandler;
}
