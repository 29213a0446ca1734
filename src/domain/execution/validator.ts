import { identityKey } from "../identity.ts";
import { toCanonicalText } from "../json.ts";
import { sha256 } from "./sha256.ts";
import type { Digest } from "../ports.ts";
import type { Execution } from "./attempt.ts";
import { FOREIGN } from "./unit/known-records.ts";
import type { ReadRecord, UnitOfWork } from "./unit/unit-of-work.ts";

/** The library's own records: remembered answers, the last IDs that were given out. Nobody has seen those. */
const OWN = "actionport.";

/**
 * A strong validator (RFC 9110, section 8.8) of what an execution has seen: its action, subject, parameters and identity, and every record that its unit of work
 * has read, with its version, those found missing included. A record of a source has no version: its value stands for that. Null for
 * parameters that cannot be told from others, which only a caller in the same process can send. Parameters may be of a megabyte, so the digest comes first
 * that the platform may have.
 */
export function validatorOf(digest: Digest, { action, id, params, identity }: Execution, unit: UnitOfWork): string | null {
  const seen = unit.reads().filter(({ collection }) => !collection.startsWith(OWN)).map(toText);
  try {
    return sha256(digest(toCanonicalText([action.key, id, params, identityKey(identity), seen.sort()])));
  } catch (error) {
    if (error instanceof TypeError) return null;
    throw error;
  }
}

function toText({ collection, id, basedOn, before }: ReadRecord): string {
  return toCanonicalText([collection, id, basedOn === FOREIGN ? [before ?? null] : basedOn]);
}
