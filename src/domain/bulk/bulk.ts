import type { Action } from "../catalog/action.ts";
import { checkParams } from "../execution/attempt.ts";
import type { BulkCall, BulkEngine } from "./bulk-call.ts";
import { checkBulkInput, type CheckedBulkInput } from "./bulk-input.ts";
import { startBulk } from "./start-bulk.ts";
import { beginCall, endCall, onceForAll } from "./bulk-memory.ts";
import { isUnavailable, summarize, type BulkOutcome } from "./bulk-outcome.ts";
import { runPreview, RUNNERS, type Batch } from "./runners.ts";
import { StoreUnavailable } from "../errors.ts";
import { answering } from "../execution/execute.ts";
import type { RememberedCall } from "../execution/idempotency.ts";
import { failed, invalidParams, type Failed, type Outcome } from "../execution/outcome.ts";
import { prefetch } from "./prefetch.ts";
import type { Steps } from "../steps.ts";
import { UnitOfWork } from "../execution/unit-of-work.ts";

/** Runs the action on every subject, or starts a workflow that does, or says why nothing was tried. */
export function* bulk(engine: BulkEngine, call: BulkCall): Steps<BulkOutcome | Outcome> {
  const action = engine.catalog.find(call.key);
  if (action === undefined) return failed("unknown_action");
  if (action.subject === null) return failed("subject_not_accepted", "This action takes no subject, so there is no bulk call of it.");
  const input = checkBulkInput(call.input, action.subject, engine);
  if ("errors" in input) return invalidParams(input.errors);
  if (input.async) return yield* answering(engine, call, runLater(engine, call, action, input));
  const runOnce = (memory: RememberedCall | null) => runBatch(engine, call, action, input, memory);
  return yield* answering(engine, call, input.preview ? runOnce(null) : onceForAll(engine, call, input, runOnce));
}

/** The parameters are checked now, the subjects when their turn comes. */
function* runLater(engine: BulkEngine, call: BulkCall, action: Action, input: CheckedBulkInput): Steps<Outcome> {
  return (yield* checkSharedParams(engine, call, action, input.params)) ?? (yield* startBulk(engine, call, action, input));
}

function* runBatch(engine: BulkEngine, call: BulkCall, action: Action, input: CheckedBulkInput, memory: RememberedCall | null): Steps<BulkOutcome | Failed> {
  const refused = yield* checkSharedParams(engine, call, action, input.params);
  if (refused !== null) return refused;
  const ids = input.ids.flatMap(({ canonical }) => (canonical === null ? [] : [canonical]));
  const known = yield* prefetch(engine.store, action, ids);
  const batch: Batch = { call, action, input, known, memory };
  if (input.preview) return summarize(yield* runPreview(engine, batch));
  const apart = input.mode !== "atomic" && memory !== null ? memory : null;
  if (apart !== null) yield* beginCall(engine, apart);
  const items = yield* RUNNERS[input.mode](engine, batch);
  return summarize(apart === null || items.some(isUnavailable) ? items : yield* endCall(engine, apart, items));
}

/** One wrong parameter refuses the whole call, before anything runs. A rule that breaks is left to the items: each says what a single call would. */
function* checkSharedParams(engine: BulkEngine, call: BulkCall, action: Action, params: unknown): Steps<Failed | null> {
  const checked = yield* settled(checkParams(action, params, call.identity, new UnitOfWork(engine.store)));
  if (checked === null || !("kind" in checked)) return null;
  const errors = Object.entries(checked.errors ?? {}).map(([field, sentences]) => [`params.${field}`, sentences] as const);
  return invalidParams(Object.fromEntries(errors));
}

/** Null when the steps broke for another reason than the store. */
function* settled<T>(steps: Steps<T>): Steps<T | null> {
  try {
    return yield* steps;
  } catch (error) {
    if (error instanceof StoreUnavailable) throw error;
    return null;
  }
}
