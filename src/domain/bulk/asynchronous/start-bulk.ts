import type { Action } from "../../catalog/action.ts";
import { HandlerUnit } from "../../execution/unit/handler-unit.ts";
import { AnswerRecord, RememberedAnswer } from "../../execution/idempotency.ts";
import { failed, type Outcome } from "../../execution/answer/outcome.ts";
import { transact } from "../../execution/transact.ts";
import { UnitOfWork } from "../../execution/unit/unit-of-work.ts";
import { identityKey } from "../../identity.ts";
import { isJsonObject, toJson } from "../../json.ts";
import { startIn } from "../../workflow/start.ts";
import type { Admission } from "../call/admission.ts";
import type { Batch } from "../call/batch.ts";
import type { BulkCall, BulkPorts } from "../call/bulk-call.ts";
import type { CheckedBulkInput } from "../call/bulk-input.ts";
import { bulkWorkflow } from "./bulk-workflow.ts";

/** What a result that is kept counts in its identity's quota. */
const RESULT_BYTES = 256;

/**
 * Records that the call is to be worked on, and answers with the workflow that does it; once under one idempotency key. A repeat has its
 * answer before anybody is asked whether the call is admitted: its subjects may be gone by then.
 */
export async function startBulk(ports: BulkPorts, { call, action, input }: Batch, admit: () => Promise<Admission>): Promise<Outcome> {
  const remembered = rememberedStart(ports, call, input);
  const work = async (unit: UnitOfWork): Promise<Outcome> => {
    const earlier = (await remembered?.recall(unit)) ?? null;
    if (earlier !== null) return earlier;
    const { refused, permissions, tell } = await admit();
    // Another process may have started it meanwhile, and its subjects may be gone already.
    const meanwhile = refused === null ? null : ((await remembered?.find(new UnitOfWork(ports.store))) ?? null);
    if (meanwhile !== null) return meanwhile;
    if (refused !== null) {
      await tell?.();
      return refused;
    }
    const outcome = addStart(ports, call, action, input, unit);
    remembered?.keep(unit, outcome, permissions);
    return outcome;
  };
  const turns = remembered === null ? [] : [remembered.turn];
  return transact(ports, { turns, last: null, caller: call.signal, work, conclude: (worked: Outcome) => worked, contended: () => failed("conflict") });
}

function rememberedStart(ports: BulkPorts, { key, identity, idempotencyKey }: BulkCall, { ids, params, mode }: CheckedBulkInput): RememberedAnswer | null {
  if (idempotencyKey === undefined) return null;
  const request = { bulk: key, ids, params, mode, async: true };
  return new RememberedAnswer(new AnswerRecord(ports, identity, idempotencyKey, request));
}

function addStart(ports: BulkPorts, { identity, traceparent }: BulkCall, { key, timeoutMs }: Action, { ids, params, mode }: CheckedBulkInput, unit: UnitOfWork): Outcome {
  const json = toJson(params);
  const run = { key, ids, params: isJsonObject(json) ? json : {}, mode, timeoutMs: timeoutMs ?? ports.handlerTimeoutMs };
  unit.onCommitted(() => ports.workflows.quota.charge(identityKey(identity), RESULT_BYTES * ids.length));
  const { workflowId } = startIn(ports.workflows, { identity, action: key, subject: null, traceparent }, new HandlerUnit(unit), bulkWorkflow, run);
  return { kind: "workflow", workflow_id: workflowId };
}
