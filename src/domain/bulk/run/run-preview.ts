import type { Execution } from "../../execution/attempt.ts";
import { isSuccess, type Failed } from "../../execution/answer/outcome.ts";
import { previewOn, type Preview } from "../../execution/preview.ts";
import type { Identity } from "../../identity.ts";
import type { MaybePromise } from "../../maybe-promise.ts";
import { UnitOfWork } from "../../execution/unit/unit-of-work.ts";
import { Acting, actedBy } from "../call/acting.ts";
import { executionOf, isNobody, itemOf, NO_SUBJECT, tellAll, type Batch } from "../call/batch.ts";
import type { BulkPorts } from "../call/bulk-call.ts";
import type { BulkItem } from "../bulk-outcome.ts";
import { forEachExecution } from "./executions.ts";
import { NOT_TRIED, Patience } from "./patience.ts";

/** Runs the items for real on top of each other, as any mode would, and keeps nothing. */
export async function runPreview(ports: BulkPorts, batch: Batch): Promise<readonly BulkItem[]> {
  const { mode } = batch.input;
  const unit = new UnitOfWork(ports.store);
  const patience = new Patience(batch.call);
  const outcomes: (Preview | "skipped")[] = [];
  let hasFailed = false;
  const previewIn = (execution: Execution | null, who: Identity | Failed): MaybePromise<Preview> => {
    if (patience.isOver) return NOT_TRIED;
    if (execution === null) return NO_SUBJECT;
    return isNobody(who) ? who : previewOn(ports, actedBy(execution, who), unit);
  };
  const executions = { count: batch.input.ids.length, at: (index: number) => executionOf(batch, index, batch.call.identity) };
  await forEachExecution({ ports, acting: new Acting(ports, batch.call), unit }, executions, async (execution, _, who) => {
    const outcome = hasFailed && mode === "stop" ? "skipped" : await previewIn(execution, who);
    hasFailed ||= outcome !== "skipped" && !isSuccess(outcome);
    patience.note([{ outcome }]);
    outcomes.push(outcome);
  });
  const isNothing = hasFailed && mode === "atomic";
  const items = outcomes.map((outcome, index) => itemOf(batch, index, isNothing && outcome !== "skipped" && isSuccess(outcome) ? "skipped" : outcome));
  return tellAll(ports, batch.call, items);
}
