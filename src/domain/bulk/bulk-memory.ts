import type { Answers, MemoryOf } from "../execution/idempotency.ts";
import { ANSWERS, AnswerRecord, isFailed, isOutcome, permissionsOf, RememberedAnswer, replayed } from "../execution/idempotency.ts";
import type { Failed, Outcome } from "../execution/outcome.ts";
import type { UnitOfWork } from "../execution/unit/unit-of-work.ts";
import type { Identity } from "../identity.ts";
import { isJsonObject, toJsonObject, type Json, type JsonObject } from "../json.ts";
import type { BulkCall } from "./bulk-call.ts";
import type { CheckedBulkInput } from "./bulk-input.ts";
import type { BulkItem } from "./bulk-outcome.ts";

/** What is remembered of a bulk call under its idempotency key: that it has begun, the answers of its items while it runs, and in the end its own. */
export class BulkMemory {
  readonly #of: MemoryOf;
  readonly #identity: Identity;
  readonly #key: string;
  readonly #request: Readonly<Record<string, unknown>>;
  readonly #record: AnswerRecord;

  constructor(of: MemoryOf, { key, identity }: BulkCall, idempotencyKey: string, { ids, params, mode }: CheckedBulkInput) {
    this.#of = of;
    this.#identity = identity;
    this.#key = idempotencyKey;
    this.#request = { bulk: key, ids: ids.map(({ given }) => given), params, mode };
    this.#record = new AnswerRecord(of, identity, idempotencyKey, this.#request);
  }

  get turn(): AnswerRecord["turn"] {
    return this.#record.turn;
  }

  /** The items of the call when it has ended, or why this identity gets none or may have none remembered; null when it has not. */
  async recall(unit: UnitOfWork): Promise<readonly BulkItem[] | Failed | null> {
    const kept = await this.#record.find(unit);
    if (kept === undefined) return this.#record.refusal();
    if (isFailed(kept)) return kept;
    return isJsonObject(kept["answer"]) ? toItems(kept["answer"]["items"]) : null;
  }

  /** Notes that the call has begun, so that its key cannot be taken by another while its items run. */
  async begin(unit: UnitOfWork): Promise<void> {
    if ((await this.#record.find(unit)) === undefined) this.#record.put(unit, {}, []);
  }

  /** Keeps the whole answer in place of those of its items. */
  async end(unit: UnitOfWork, items: readonly BulkItem[]): Promise<void> {
    const ids = items.map(({ index }) => this.#partOf(index).id);
    const parts = await unit.getMany(ANSWERS, ids);
    ids.forEach((id, at) => parts[at] !== undefined && unit.delete(ANSWERS, id));
    this.keep(unit, items, [...new Set(parts.flatMap((part) => (part === undefined ? [] : permissionsOf(part))))]);
  }

  /** Keeps the whole answer, with the permissions that `authorize()` has found. */
  keep(unit: UnitOfWork, items: readonly BulkItem[], permissions: readonly string[]): void {
    this.#record.put(unit, toJsonObject({ answer: { items } }), permissions);
  }

  /** The memory of one item while the call runs. */
  item(index: number): Answers {
    const part = new RememberedAnswer(this.#partOf(index));
    return {
      turn: null,
      // Another process may have ended the call, and with it the memories of its items.
      recall: async (unit) => this.#itemOf(await this.recall(unit), index) ?? part.recall(unit),
      keep: (unit, outcome, permissions) => part.keep(unit, outcome, permissions),
    };
  }

  #itemOf(found: readonly BulkItem[] | Failed | null, index: number): Outcome | null {
    if (found === null || "kind" in found) return found;
    const outcome = found.find((item) => item.index === index)?.outcome;
    return outcome === undefined || outcome === "skipped" ? null : replayed(outcome);
  }

  #partOf(index: number): AnswerRecord {
    return new AnswerRecord(this.#of, this.#identity, this.#key, this.#request, String(index));
  }
}

/** The items of an answer that was kept. */
export function toItems(items: Json | undefined): readonly BulkItem[] {
  return Array.isArray(items) ? items.flatMap(toItem) : [];
}

function toItem(item: Json): readonly BulkItem[] {
  if (!isJsonObject(item)) return [];
  const { index, id, outcome }: JsonObject = item;
  if (typeof index !== "number" || (typeof id !== "string" && typeof id !== "number")) return [];
  return outcome === "skipped" || isOutcome(outcome) ? [{ index, id, outcome }] : [];
}
