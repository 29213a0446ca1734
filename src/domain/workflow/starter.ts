import { identityKey } from "../identity.ts";
import type { StartedBy } from "./port.ts";

/** One string that names whoever started it; see `identityKey`. */
export function starterKey({ kind, issuer, id }: StartedBy): string {
  return identityKey({ kind, issuer, id });
}
