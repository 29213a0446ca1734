import type { BulkCall, BulkEngine } from "./bulk-call.ts";
import type { CheckedBulkInput } from "./bulk-input.ts";
import { summarize, type BulkItem, type BulkOutcome } from "./bulk-outcome.ts";
import { tellAll } from "./runners.ts";
import { inTurn } from "../execution/execute.ts";
import { fingerprintOf, isOutcome, rememberCall, type RememberedCall } from "../execution/idempotency.ts";
import { isJsonObject, type Json, type JsonObject } from "../json.ts";
import { failed, type Failed } from "../execution/outcome.ts";
import type { Steps } from "../steps.ts";
import { transact, type Attempt } from "../execution/transact.ts";
import { UnitOfWork } from "../execution/unit-of-work.ts";

/** Runs a bulk call with its memory, or null for one that has no idempotency key. */
export type RunOnce = (memory: RememberedCall | null) => Steps<BulkOutcome | Failed>;

/** Under an idempotency key a bulk call that has ended is answered from memory; one that was cut off goes on. */
export function* onceForAll(engine: BulkEngine, call: BulkCall, input: CheckedBulkInput, runOnce: RunOnce): Steps<BulkOutcome | Failed> {
  if (call.idempotencyKey === undefined) return yield* runOnce(null);
  const { key, identity, idempotencyKey } = call;
  const fingerprint = fingerprintOf({ bulk: key, ids: input.ids.map(({ given }) => given), params: input.params, mode: input.mode });
  const memory = rememberCall(identity, idempotencyKey, fingerprint, engine.idempotencyRetentionSeconds);
  return yield* inTurn(engine, memory.turnKey, recallOrRun(engine, call, memory, runOnce));
}

function* recallOrRun(engine: BulkEngine, call: BulkCall, memory: RememberedCall, runOnce: RunOnce): Steps<BulkOutcome | Failed> {
  const found = yield* memory.find(new UnitOfWork(engine.store));
  if (found?.reused === true) return failed("idempotency_key_reused");
  if (found === null || found.answer === null) return yield* runOnce(memory);
  return yield* recall(engine, call, found.answer);
}

/** The answer that was given before. */
function* recall(engine: BulkEngine, call: BulkCall, answer: JsonObject): Steps<BulkOutcome> {
  const items = toItems(answer["items"]);
  yield* tellAll(engine, { call }, items.map((item) => ({ ...item, replayed: true })));
  return { ...summarize(items), replayed: true };
}

/** Notes that the call has begun, so that its key cannot be taken by another while its items run. */
export function* beginCall(engine: BulkEngine, memory: RememberedCall): Steps<void> {
  yield* keep(engine, function* (unit) {
    yield* memory.begin(unit, engine.clock());
    return { value: null, keep: true };
  });
}

/** Keeps the whole answer; the one that counts is that of the process which ended the call first. */
export function* endCall(engine: BulkEngine, memory: RememberedCall, items: readonly BulkItem[]): Steps<readonly BulkItem[]> {
  const parts = items.map(({ index }) => String(index));
  const earlier = yield* keep(engine, function* (unit) {
    return { value: yield* memory.end(unit, parts, { items }, engine.clock()), keep: true };
  });
  return earlier === null ? items : toItems(earlier["items"]);
}

function* keep<T>(engine: BulkEngine, attempt: Attempt<T>): Steps<T | null> {
  const done = yield* transact(engine, [], attempt);
  return done === null ? null : done.value;
}

/** The items of an answer that was kept. */
export function toItems(items: Json | undefined): readonly BulkItem[] {
  return Array.isArray(items) ? items.flatMap(toItem) : [];
}

function toItem(item: Json): readonly BulkItem[] {
  if (!isJsonObject(item)) return [];
  const { index, id, outcome } = item;
  if (typeof index !== "number" || (typeof id !== "string" && typeof id !== "number")) return [];
  return outcome === "skipped" || isOutcome(outcome) ? [{ index, id, outcome }] : [];
}
