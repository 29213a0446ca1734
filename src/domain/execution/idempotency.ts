import { identityKey, type Identity } from "../identity.ts";
import { isJsonObject, isObject, toCanonicalText, toJsonObject, type JsonObject } from "../json.ts";
import { failed, isSuccess, type Outcome } from "./outcome.ts";
import { sha256 } from "./sha256.ts";
import type { Steps } from "../steps.ts";
import { recordKey, type UnitOfWork } from "./unit-of-work.ts";

/** Where answers are kept under their idempotency keys. */
const COLLECTION = "actionport.idempotency";

/** Calls of one key take turns on this, not on the record itself: that turn belongs to the commit. */
const CALLS = `${COLLECTION}.calls`;

/** What an outcome's `kind` can be. */
const KINDS: ReadonlySet<unknown> = new Set(["message", "data", "workflow", "nothing", "refused", "failed"]);

/** An answer that is remembered under a key, in the same commit as the effects it answers for. */
export interface Remembered {
  /** The turn that a call of this key takes before anything else, so that a repeat waits for the first. */
  readonly turnKey: string;
  /** The answer that was given before; or that the key belongs to another request. */
  find(unit: UnitOfWork): Steps<Outcome | null>;
  /** Keeps the answer when the commit does. Only an execution that began is kept. */
  keep(unit: UnitOfWork, outcome: Outcome, now: number): void;
}

/** What tells one request from another: the action, the subject and the parameters, whatever their order. */
export function fingerprintOf(request: Readonly<Record<string, unknown>>): string {
  return sha256(toCanonicalText(request));
}

/** The memory of one idempotency key, which belongs to one identity; `part` is one item of a bulk call. */
export function rememberUnder(identity: Identity, key: string, fingerprint: string, retentionSeconds: number, part?: string): Remembered {
  const id = toCanonicalText([identityKey(identity), key, ...(part === undefined ? [] : [part])]);
  return {
    turnKey: recordKey(CALLS, id),
    *find(unit) {
      const kept = yield* unit.get(COLLECTION, id);
      if (kept === undefined) return null;
      if (kept["fingerprint"] !== fingerprint) return failed("idempotency_key_reused");
      const { outcome } = kept;
      return isOutcome(outcome) ? replayed(outcome) : null;
    },
    keep(unit, outcome, now) {
      if (!isSuccess(outcome) && outcome.kind !== "refused") return;
      unit.put(COLLECTION, id, toJsonObject({ fingerprint, outcome }), now + retentionSeconds * 1000);
    },
  };
}

/** What was found under a bulk call's key: another request's, or this one's answer, null while it has not ended. */
export type FoundCall = { readonly reused: true } | { readonly reused: false; readonly answer: JsonObject | null };

/** The memory of a whole bulk call: that it has begun, the answers of its items while it runs, and in the end its own. */
export interface RememberedCall {
  readonly turnKey: string;
  /** Null: this call is new. */
  find(unit: UnitOfWork): Steps<FoundCall | null>;
  begin(unit: UnitOfWork, now: number): Steps<void>;
  /** Keeps the answer in place of those of its items. Answers the earlier one if another process has ended this call meanwhile. */
  end(unit: UnitOfWork, parts: readonly string[], answer: object, now: number): Steps<JsonObject | null>;
  /** The memory of one item while the call runs. */
  part(name: string): Remembered;
}

/** The memory of a bulk call under its idempotency key. */
export function rememberCall(identity: Identity, key: string, fingerprint: string, retentionSeconds: number): RememberedCall {
  const idOf = (...part: readonly string[]) => toCanonicalText([identityKey(identity), key, ...part]);
  const id = idOf();
  const put = (unit: UnitOfWork, value: object, now: number) => unit.put(COLLECTION, id, toJsonObject(value), now + retentionSeconds * 1000);
  function* find(unit: UnitOfWork): Steps<FoundCall | null> {
    const kept = yield* unit.get(COLLECTION, id);
    if (kept === undefined) return null;
    const { answer } = kept;
    return kept["fingerprint"] === fingerprint ? { reused: false, answer: isJsonObject(answer) ? answer : null } : { reused: true };
  }
  return {
    turnKey: recordKey(CALLS, id),
    find,
    *begin(unit, now) {
      if ((yield* find(unit)) === null) put(unit, { fingerprint }, now);
    },
    *end(unit, parts, answer, now) {
      const found = yield* find(unit);
      if (found?.reused === false && found.answer !== null) return found.answer;
      const ids = parts.map((name) => idOf(name));
      const kept = yield* unit.getMany(COLLECTION, ids);
      ids.forEach((part, index) => kept[index] !== undefined && unit.delete(COLLECTION, part));
      put(unit, { fingerprint, answer }, now);
      return null;
    },
    part: (name) => rememberUnder(identity, key, fingerprint, retentionSeconds, name),
  };
}

/** Is it an outcome that was kept? */
export function isOutcome(value: unknown): value is Outcome {
  return isObject(value) && KINDS.has(value["kind"]);
}

function replayed(outcome: Outcome): Outcome {
  return outcome.kind === "failed" ? outcome : { ...outcome, replayed: true };
}
