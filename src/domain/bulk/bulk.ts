import type { Action } from "../catalog/action.ts";
import { CommitTooLarge, StoreUnavailable } from "../errors.ts";
import { checkParams } from "../execution/check-params.ts";
import { answerSafely } from "../execution/execute.ts";
import { failed, invalidParams, type Failed, type Outcome } from "../execution/outcome.ts";
import { transact } from "../execution/transact.ts";
import { UnitOfWork } from "../execution/unit/unit-of-work.ts";
import { tellAll, type Batch } from "./batch.ts";
import type { BulkCall, BulkEngine } from "./bulk-call.ts";
import { checkBulkInput, type CheckedBulkInput } from "./bulk-input.ts";
import { BulkMemory } from "./bulk-memory.ts";
import { isUnavailable, summarize, type BulkItem, type BulkOutcome } from "./bulk-outcome.ts";
import { runApart } from "./run-apart.ts";
import { runAtomic, runPreview } from "./run-atomic.ts";
import { startBulk } from "./start-bulk.ts";

/** Runs the action on every subject, or starts a workflow that does, or says why nothing was tried. */
export async function bulk(engine: BulkEngine, call: BulkCall): Promise<BulkOutcome | Outcome> {
  const action = engine.catalog.find(call.key);
  if (action === undefined) return failed("unknown_action");
  if (action.subject === null) return failed("subject_not_accepted", "This action takes no subject, so there is no bulk call of it.");
  const input = checkBulkInput(call.input, action.subject, engine);
  if ("errors" in input) return invalidParams(input.errors);
  return answerSafely<BulkOutcome | Outcome>(engine, call, () => {
    if (input.async) return runLater(engine, call, action, input);
    return input.preview || call.idempotencyKey === undefined ? runBatch(engine, call, action, input, null) : runOnce(engine, call, action, input, call.idempotencyKey);
  });
}

/** The parameters are checked now, the subjects when their turn comes. */
async function runLater(engine: BulkEngine, call: BulkCall, action: Action, input: CheckedBulkInput): Promise<Outcome> {
  return (await checkSharedParams(engine, call, action, input.params)) ?? startBulk(engine, call, action, input);
}

/** Under an idempotency key a bulk call that has ended is answered from memory; one that was cut off goes on. */
async function runOnce(engine: BulkEngine, call: BulkCall, action: Action, input: CheckedBulkInput, key: string): Promise<BulkOutcome | Failed> {
  const memory = new BulkMemory(engine, call, key, input);
  const held = await engine.turns.take([memory.turn], call.signal);
  try {
    const found = await memory.recall(new UnitOfWork(engine.store));
    if (found === null) return await runBatch(engine, call, action, input, memory);
    if ("kind" in found) return found;
    await tellAll(engine, call, found.map((item) => ({ ...item, replayed: true })));
    return { ...summarize(found), replayed: true };
  } finally {
    held.release();
  }
}

async function runBatch(engine: BulkEngine, call: BulkCall, action: Action, input: CheckedBulkInput, memory: BulkMemory | null): Promise<BulkOutcome | Failed> {
  const refused = await checkSharedParams(engine, call, action, input.params);
  if (refused !== null) return refused;
  if (action.subject === null) return failed("subject_not_accepted");
  const batch: Batch = { call, action, subject: action.subject, input, memory };
  const items = input.preview ? await runPreview(engine, batch) : input.mode === "atomic" ? await runAtomic(engine, batch) : await runAndRemember(engine, batch);
  return "kind" in items ? items : summarize(items);
}

/** Items apart; what one of a cut-off call has done is known from its own memory. */
async function runAndRemember(engine: BulkEngine, batch: Batch): Promise<readonly BulkItem[]> {
  const { memory } = batch;
  if (memory !== null) await transact(engine, { ...PLAIN, work: (unit) => memory.begin(unit), contended: () => undefined });
  const items = await runApart(engine, batch);
  if (memory === null || items.some(isUnavailable)) return items;
  return transact<readonly BulkItem[]>(engine, { ...PLAIN, work: (unit) => endCall(memory, unit, items), contended: () => items });
}

/** The answer that counts is that of the process which ended the call first. */
async function endCall(memory: BulkMemory, unit: UnitOfWork, items: readonly BulkItem[]): Promise<readonly BulkItem[]> {
  const earlier = await memory.recall(unit);
  if (earlier !== null) return "kind" in earlier ? items : earlier;
  await memory.end(unit, items);
  return items;
}

/** A transaction that is nothing but its work. */
const PLAIN = { turns: [], last: null, conclude: <T>(worked: T): T => worked } as const;

/** One wrong parameter refuses the whole call, before anything runs. A rule that breaks is left to the items: each says what a single call would. */
async function checkSharedParams(engine: BulkEngine, { identity }: BulkCall, action: Action, params: unknown): Promise<Failed | null> {
  try {
    const checked = await checkParams({ action, identity, unit: new UnitOfWork(engine.store) }, params);
    if (!("kind" in checked)) return null;
    const errors = Object.entries(checked.errors ?? {}).map(([field, sentences]) => [`params.${field}`, sentences] as const);
    return invalidParams(Object.fromEntries(errors));
  } catch (error) {
    if (error instanceof StoreUnavailable || error instanceof CommitTooLarge) throw error;
    return null;
  }
}
