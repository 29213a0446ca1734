import type { Action } from "../catalog/action.ts";
import type { BulkCall, BulkEngine } from "./bulk-call.ts";
import type { CheckedBulkInput } from "./bulk-input.ts";
import { inTurn } from "../execution/execute.ts";
import { fingerprintOf, rememberUnder } from "../execution/idempotency.ts";
import { toJson, isJsonObject } from "../json.ts";
import { failed, type Outcome } from "../execution/outcome.ts";
import type { Steps } from "../steps.ts";
import { transact } from "../execution/transact.ts";
import type { UnitOfWork } from "../execution/unit-of-work.ts";
import { bulkWorkflow } from "./bulk-workflow.ts";
import { startIn } from "../workflow/start.ts";

/** Records that the call is to be worked on, and answers with the workflow that does it; once under one idempotency key. */
export function* startBulk(engine: BulkEngine, call: BulkCall, action: Action, input: CheckedBulkInput): Steps<Outcome> {
  const { identity, idempotencyKey } = call;
  if (idempotencyKey === undefined) return yield* commitStart(engine, call, action, input);
  const fingerprint = fingerprintOf({ bulk: call.key, ids: input.ids.map(({ given }) => given), params: input.params, mode: input.mode, async: true });
  const remembered = rememberUnder(identity, idempotencyKey, fingerprint, engine.idempotencyRetentionSeconds);
  return yield* inTurn(engine, remembered.turnKey, commitStart(engine, call, action, input, remembered));
}

function* commitStart(engine: BulkEngine, call: BulkCall, action: Action, input: CheckedBulkInput, remembered?: ReturnType<typeof rememberUnder>): Steps<Outcome> {
  const done = yield* transact(engine, [], function* (unit) {
    const earlier = remembered === undefined ? null : yield* remembered.find(unit);
    if (earlier !== null) return { value: earlier, keep: false };
    const value = addStart(engine, call, action, input, unit);
    remembered?.keep(unit, value, engine.clock());
    return { value, keep: true };
  });
  return done === null ? failed("conflict") : done.value;
}

function addStart(engine: BulkEngine, { identity }: BulkCall, { key }: Action, { ids, params, mode }: CheckedBulkInput, unit: UnitOfWork): Outcome {
  const json = toJson(params);
  const run = { key, ids: ids.map(({ given }) => given), params: isJsonObject(json) ? json : {}, mode };
  const { workflowId } = startIn(engine.workflows, { identity, action: key, subject: null }, unit, bulkWorkflow, run);
  return { kind: "workflow", workflow_id: workflowId };
}
