import type { KeyFile } from "../../adapters/jwt/index.ts";
import type { AuthorizationServer } from "../../adapters/oauth/index.ts";

/** What an operator administers. */
export interface Administration {
  readonly authorization: Pick<AuthorizationServer, "clients" | "users" | "roles" | "issueToken">;
  /** Undefined when the keys come from `ACTIONPORT_SIGNING_KEY`. */
  readonly keys: KeyFile | undefined;
}
