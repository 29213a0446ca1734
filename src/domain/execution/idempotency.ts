import { identityKey, type Identity } from "../identity.ts";
import { isObject, textLength, toCanonicalText, toJsonObject, type JsonObject } from "../json.ts";
import type { ExecutionPorts } from "./execution-ports.ts";
import { failed, isSuccess, type Failed, type Outcome } from "./answer/outcome.ts";
import type { TurnTarget } from "./turns/turns.ts";
import type { UnitOfWork } from "./unit/unit-of-work.ts";

/** Where answers are kept under their idempotency keys. */
export const ANSWERS = "actionport.idempotency";

/** What a remembered answer counts in its identity's quota beside its text: its place in the index and in two files. */
const RECORD_BYTES = 1024;

/** Calls of one key take turns on this, not on the record itself: that turn belongs to the commit. */
const CALLS = `${ANSWERS}.calls`;

/** What an outcome's `kind` can be. */
const KINDS: ReadonlySet<unknown> = new Set(["message", "data", "workflow", "nothing", "refused", "failed"]);

/** The ports that remember. */
export type MemoryOf = Pick<ExecutionPorts, "clock" | "digest" | "idempotencyRetentionSeconds" | "answerQuota">;

/** What a call says beside its key and its identity, which tells it from other calls. */
export type Request = Readonly<Record<string, unknown>>;

/** The record of one idempotency key, which belongs to one identity; `part` is one item of a bulk call. */
export class AnswerRecord {
  readonly id: string;
  readonly #of: MemoryOf;
  readonly #identity: Identity;
  readonly #identityKey: string;
  readonly #request: Request;
  readonly #isPart: boolean;
  #fingerprint: string | null = null;

  constructor(of: MemoryOf, identity: Identity, key: string, request: Request, ...part: readonly string[]) {
    this.#identityKey = identityKey(identity);
    this.id = toCanonicalText([this.#identityKey, key, ...part]);
    this.#of = of;
    this.#identity = identity;
    this.#request = request;
    this.#isPart = part.length > 0;
  }

  /** What the calls of this key take turns for, so that a repeat waits for the first. */
  get turn(): TurnTarget {
    return { collection: CALLS, id: this.id };
  }

  /**
   * What is kept; undefined when nothing is. The identity must still hold what `authorize()` has found the first time, and the
   * request must be the same: nothing is told, and no fingerprint made, before that is so.
   */
  async find(unit: UnitOfWork): Promise<JsonObject | Failed | undefined> {
    const kept = await unit.get(ANSWERS, this.id);
    if (kept === undefined) return undefined;
    const missing = permissionsOf(kept).filter((permission) => !this.#identity.can(permission));
    if (missing.length > 0) return { ...failed("forbidden"), missing };
    return kept["fingerprint"] === this.#ownFingerprint() ? kept : failed("idempotency_key_reused");
  }

  /** Why nothing more is remembered for this identity just now; null when it is. Parts go with their call. */
  refusal(): Failed | null {
    return this.#isPart ? null : this.#of.answerQuota.refusal(this.#identityKey);
  }

  /** Keeps this, which is frozen JSON, with the commit of the unit. */
  put(unit: UnitOfWork, value: JsonObject, permissions: readonly string[]): void {
    const kept = toJsonObject({ fingerprint: this.#ownFingerprint(), ...value, ...(permissions.length === 0 ? {} : { permissions }) }, "value", value);
    unit.put(ANSWERS, this.id, kept, this.#of.clock() + this.#of.idempotencyRetentionSeconds * 1000);
    if (!this.#isPart) this.charge(unit, RECORD_BYTES + textLength(kept));
  }

  /** Counts so much once the unit is committed: what is not kept, since the store is full or others were faster, uses up nothing. */
  charge(unit: UnitOfWork, bytes: number): void {
    unit.onCommitted(() => this.#of.answerQuota.charge(this.#identityKey, bytes));
  }

  #ownFingerprint(): string {
    return (this.#fingerprint ??= this.#of.digest(toCanonicalText(this.#request)));
  }
}

/** What an execution asks before it begins, and tells in its commit. */
export interface Answers {
  /** What is waited for before it is asked; null: nothing. */
  readonly turn: TurnTarget | null;
  /** The answer that was given before, or why this identity gets none or may have none remembered; null when it is to be made. */
  recall(unit: UnitOfWork): Promise<Outcome | null>;
  /** Only the answer that was given, by now. Whoever has failed asks once more: another process may have done it meanwhile under the same key. */
  find(unit: UnitOfWork): Promise<Outcome | null>;
  /** Keeps the answer when the commit does, with the permissions that `authorize()` has found. */
  keep(unit: UnitOfWork, outcome: Outcome, permissions: readonly string[]): void;
}

/** The answer of a single execution under its idempotency key, kept by the same commit as the effects it answers for. */
export class RememberedAnswer implements Answers {
  readonly #record: AnswerRecord;

  constructor(record: AnswerRecord) {
    this.#record = record;
  }

  get turn(): TurnTarget {
    return this.#record.turn;
  }

  async recall(unit: UnitOfWork): Promise<Outcome | null> {
    return (await this.find(unit)) ?? this.#record.refusal();
  }

  async find(unit: UnitOfWork): Promise<Outcome | null> {
    const kept = await this.#record.find(unit);
    if (kept === undefined) return null;
    if (isFailed(kept)) return kept;
    return isOutcome(kept["outcome"]) ? replayed(kept["outcome"]) : null;
  }

  /** Only an execution that began is kept. */
  keep(unit: UnitOfWork, outcome: Outcome, permissions: readonly string[]): void {
    if (isSuccess(outcome) || outcome.kind === "refused") this.#record.put(unit, { outcome: frozen(outcome) }, permissions);
  }
}

/** The outcome as frozen JSON. Its data is so already. */
function frozen(outcome: Outcome): JsonObject {
  return outcome.kind === "data" ? toJsonObject(outcome, "outcome", { data: outcome.data }) : toJsonObject(outcome, "outcome");
}

/** Is it a failure, and not what was kept? */
export function isFailed(found: JsonObject | Failed): found is Failed {
  return found["kind"] === "failed";
}

/** Is it an outcome that was kept? */
export function isOutcome(value: unknown): value is Outcome {
  return isObject(value) && KINDS.has(value["kind"]);
}

/** The outcome, as one that was given before. */
export function replayed(outcome: Outcome): Outcome {
  return outcome.kind === "failed" ? outcome : { ...outcome, replayed: true };
}

/** The permissions that were kept with an answer. */
export function permissionsOf(kept: JsonObject): readonly string[] {
  const { permissions } = kept;
  return Array.isArray(permissions) ? permissions.filter((each) => typeof each === "string") : [];
}
