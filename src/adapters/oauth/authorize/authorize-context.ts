import type { Clock, NewId, Observe } from "../../../domain/ports.ts";
import type { ClientRegistry } from "../clients/client-registry.ts";
import type { OAuthStore } from "../oauth-store.ts";
import type { VerifyPassword } from "../users/password-verifier.ts";
import type { RandomBytes } from "../random.ts";
import type { Throttle } from "../throttle.ts";
import type { Cookies } from "./cookies.ts";
import type { View } from "./pages/view.ts";
import type { Sessions } from "./sessions.ts";
import type { Transactions } from "./transactions.ts";

/** What the pages of the authorization endpoint work with. */
export interface AuthorizeContext {
  readonly store: OAuthStore;
  readonly clients: ClientRegistry;
  readonly sessions: Sessions;
  readonly transactions: Transactions;
  readonly cookies: Cookies;
  readonly verifyPassword: VerifyPassword;
  readonly throttle: Throttle;
  readonly clock: Clock;
  readonly newId: NewId;
  readonly randomBytes: RandomBytes;
  readonly observe: Observe;
  readonly issuer: string;
  /** The issuer's origin: what our own forms come from. */
  readonly origin: string;
  /** The path that the forms are sent to. */
  readonly formAction: string;
  readonly resource: string;
  /** The language and the words of the pages. */
  readonly view: View;
}
