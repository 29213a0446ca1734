import type { Answers, MemoryOf } from "../execution/idempotency.ts";
import { ANSWERS, AnswerRecord, isFailed, isOutcome, permissionsOf, RememberedAnswer, replayed } from "../execution/idempotency.ts";
import type { Failed, Outcome } from "../execution/answer/outcome.ts";
import type { UnitOfWork } from "../execution/unit/unit-of-work.ts";
import type { Identity } from "../identity.ts";
import { isJsonObject, textLength, toCanonicalText, toJsonObject, type Json, type JsonObject } from "../json.ts";
import type { BulkCall, BulkPorts } from "./call/bulk-call.ts";
import type { CheckedBulkInput } from "./call/bulk-input.ts";
import { hasBegun, type BulkItem } from "./bulk-outcome.ts";

/** So many items of an answer are in one record: reading and writing it takes a few milliseconds. */
const ITEMS_A_RECORD = 256;

/** The ports that remember bulk calls. */
export type BulkMemoryOf = MemoryOf & Pick<BulkPorts, "breath">;

/** The items of a call that are remembered, by their index. */
export type KeptItems = ReadonlyMap<number, BulkItem>;

/**
 * What is remembered of a bulk call under its idempotency key: that it has begun, the answers of its items while it runs, and in the
 * end its own. Items that never began (unknown, forbidden, failed) are not in it: a repeat tries those again.
 */
export class BulkMemory {
  readonly #of: BulkMemoryOf;
  readonly #identity: Identity;
  readonly #key: string;
  readonly #record: AnswerRecord;
  /** Tells the request of a part from others: made once, since a call has many parts and may name many subjects. */
  readonly #partRequest: Readonly<Record<string, unknown>>;
  #read: { readonly kept: JsonObject; readonly items: KeptItems } | null = null;

  constructor(of: BulkMemoryOf, { key, identity }: BulkCall, idempotencyKey: string, { ids, params, mode }: CheckedBulkInput) {
    const request = { bulk: key, ids, params, mode };
    this.#of = of;
    this.#identity = identity;
    this.#key = idempotencyKey;
    this.#record = new AnswerRecord(of, identity, idempotencyKey, request);
    this.#partRequest = { partOf: of.digest(toCanonicalText(request)) };
  }

  get turn(): AnswerRecord["turn"] {
    return this.#record.turn;
  }

  /** The items that are kept of a call that has ended, or why this identity gets none or may have none remembered; null when it has not. */
  async recall(unit: UnitOfWork): Promise<KeptItems | Failed | null> {
    const found = await this.find(unit);
    return found === null && (await this.#record.find(unit)) === undefined ? this.#record.refusal() : found;
  }

  /** The same, whatever may be remembered. */
  async find(unit: UnitOfWork): Promise<KeptItems | Failed | null> {
    const kept = await this.#record.find(unit);
    if (kept === undefined) return null;
    if (isFailed(kept)) return kept;
    if (!isJsonObject(kept["answer"])) return null;
    if (this.#read?.kept === kept) return this.#read.items;
    const items = await this.#itemsOf(unit, kept["answer"]);
    this.#read = { kept, items: new Map(items.map((item) => [item.index, item])) };
    return this.#read.items;
  }

  async #itemsOf(unit: UnitOfWork, { items, more }: JsonObject): Promise<readonly BulkItem[]> {
    if (typeof more !== "number") return toItems(items);
    const records = await unit.getMany(ANSWERS, this.#more(more).map(({ id }) => id));
    const found = [...toItems(items)];
    for (const record of records) {
      const pausing = this.#of.breath.take();
      if (pausing !== undefined) await pausing;
      found.push(...toItems(record?.["items"]));
    }
    return found;
  }

  /** Has the call begun, in this process or in another? */
  async hasBegun(unit: UnitOfWork): Promise<boolean> {
    return (await this.#record.find(unit)) !== undefined;
  }

  /** Notes that the call has begun, so that its key cannot be taken by another while its items run. */
  async begin(unit: UnitOfWork): Promise<void> {
    if (!(await this.hasBegun(unit))) this.#record.put(unit, {}, []);
  }

  /** Keeps what has begun as the answer; `permissions`: those of its items. Theirs are no longer needed then, and may be forgotten. */
  async end(unit: UnitOfWork, items: readonly BulkItem[], permissions: readonly string[]): Promise<void> {
    const found = await this.#record.find(unit);
    const known = found === undefined || isFailed(found) ? [] : permissionsOf(found);
    await this.keep(unit, keptOf(items), [...new Set([...known, ...permissions])]);
  }

  /** The permissions that were kept with the answers of these items while the call ran. */
  async permissionsOf(unit: UnitOfWork, items: readonly BulkItem[]): Promise<readonly string[]> {
    const parts = await unit.getMany(ANSWERS, items.map(({ index }) => this.#partOf(index).id));
    return parts.flatMap((part) => (part === undefined ? [] : permissionsOf(part)));
  }

  /** Forgets the answers of these items. */
  async forget(unit: UnitOfWork, items: readonly BulkItem[]): Promise<void> {
    const ids = items.map(({ index }) => this.#partOf(index).id);
    const parts = await unit.getMany(ANSWERS, ids);
    ids.forEach((id, at) => parts[at] !== undefined && unit.delete(ANSWERS, id));
  }

  /** Keeps these items as the answer, with the permissions that `authorize()` has found. */
  async keep(unit: UnitOfWork, items: readonly BulkItem[], permissions: readonly string[]): Promise<void> {
    const more = this.#more(Math.ceil(items.length / ITEMS_A_RECORD) - 1);
    // A call that is tried again may have kept some before.
    await unit.getMany(ANSWERS, more.map(({ id }) => id));
    const first = { items: items.slice(0, ITEMS_A_RECORD) };
    // This one comes first, so that it does not outlive the others.
    this.#record.put(unit, toJsonObject({ answer: more.length === 0 ? first : { ...first, more: more.length } }), permissions);
    for (const [at, record] of more.entries()) {
      const pausing = this.#of.breath.take();
      if (pausing !== undefined) await pausing;
      const from = ITEMS_A_RECORD * (at + 1);
      const kept = toJsonObject({ items: items.slice(from, from + ITEMS_A_RECORD) });
      record.put(unit, kept, []);
      record.charge(unit, textLength(kept));
    }
  }

  /** The records behind the first one that hold the items of an answer. */
  #more(count: number): readonly AnswerRecord[] {
    return Array.from({ length: Math.max(0, count) }, (_, at) => new AnswerRecord(this.#of, this.#identity, this.#key, this.#partRequest, "items", String(at + 1)));
  }

  /** The items, but where one has failed and another process has done it meanwhile, under the same key, what it came to there: a failure has no commit that would notice. */
  async withEarlier(unit: UnitOfWork, items: readonly BulkItem[]): Promise<readonly BulkItem[]> {
    const lost = items.filter(({ outcome }) => outcome !== "skipped" && outcome.kind === "failed");
    if (lost.length === 0) return items;
    await unit.getMany(ANSWERS, lost.map(({ index }) => this.#partOf(index).id));
    const earlier = new Map<number, Outcome>();
    for (const { index } of lost) {
      const outcome = await this.item(index).find(unit);
      if (outcome !== null) earlier.set(index, outcome);
    }
    return items.map((item) => ({ ...item, outcome: earlier.get(item.index) ?? item.outcome }));
  }

  /** The memory of one item while the call runs. */
  item(index: number): Answers {
    const part = new RememberedAnswer(this.#partOf(index));
    return {
      turn: null,
      // Another process may have ended the call, and with it the memories of its items.
      recall: async (unit) => itemOf(await this.recall(unit), index) ?? part.recall(unit),
      find: async (unit) => itemOf(await this.find(unit), index) ?? part.find(unit),
      keep: (unit, outcome, permissions) => part.keep(unit, outcome, permissions),
    };
  }

  #partOf(index: number): AnswerRecord {
    return new AnswerRecord(this.#of, this.#identity, this.#key, this.#partRequest, String(index));
  }
}

function itemOf(found: KeptItems | Failed | null, index: number): Outcome | null {
  if (found === null || "kind" in found) return found;
  const outcome = found.get(index)?.outcome;
  return outcome === undefined || outcome === "skipped" ? null : replayed(outcome);
}

/** All of them when nothing is left to be tried again, else those that have begun. */
export function keptOf(items: readonly BulkItem[]): readonly BulkItem[] {
  return items.every((item) => item.outcome === "skipped" || hasBegun(item)) ? items : items.filter(hasBegun);
}

/** Items as they were kept. */
export function toItems(items: Json | undefined): readonly BulkItem[] {
  return Array.isArray(items) ? items.flatMap(toItem) : [];
}

function toItem(item: Json): readonly BulkItem[] {
  if (!isJsonObject(item)) return [];
  const { index, id, outcome }: JsonObject = item;
  if (typeof index !== "number" || (typeof id !== "string" && typeof id !== "number")) return [];
  return outcome === "skipped" || isOutcome(outcome) ? [{ index, id, outcome }] : [];
}
