import type { Authenticate } from "../../../domain/ports.ts";
import type { OwnTokens } from "../tokens/authenticate.ts";
import type { ExternalTokens } from "./external-authenticate.ts";

/** Own tokens and those of other issuers; each goes to who issued it and to nobody else (checklist J27). */
export function combineAuthenticate(own: OwnTokens, external: ExternalTokens): Authenticate {
  return (token) => own.recall(token) ?? (external.covers(token) ? external.authenticate(token) : own.authenticate(token));
}
