import { isSuccess } from "../../execution/answer/outcome.ts";
import { previewOn, type Preview } from "../../execution/preview.ts";
import { UnitOfWork } from "../../execution/unit/unit-of-work.ts";
import { Acting, actedBy } from "../call/acting.ts";
import { executionOf, isNobody, itemOf, NO_SUBJECT, tellAll, type Batch } from "../call/batch.ts";
import type { BulkPorts } from "../call/bulk-call.ts";
import type { BulkItem } from "../bulk-outcome.ts";
import { forEachExecution } from "./executions.ts";

/** Runs the items for real on top of each other, as any mode would, and keeps nothing. */
export async function runPreview(ports: BulkPorts, batch: Batch): Promise<readonly BulkItem[]> {
  const { mode } = batch.input;
  const unit = new UnitOfWork(ports.store);
  const outcomes: (Preview | "skipped")[] = [];
  let hasFailed = false;
  const executions = { count: batch.input.ids.length, at: (index: number) => executionOf(batch, index, batch.call.identity) };
  await forEachExecution({ ports, acting: new Acting(ports, batch.call), unit }, executions, async (execution, _, who) => {
    const isSkipped = hasFailed && mode === "stop";
    const outcome: Preview | "skipped" = isSkipped ? "skipped" : execution === null ? NO_SUBJECT : isNobody(who) ? who : await previewOn(ports, actedBy(execution, who), unit);
    hasFailed ||= outcome !== "skipped" && !isSuccess(outcome);
    outcomes.push(outcome);
  });
  const isNothing = hasFailed && mode === "atomic";
  const items = outcomes.map((outcome, index) => itemOf(batch, index, isNothing && outcome !== "skipped" && isSuccess(outcome) ? "skipped" : outcome));
  return tellAll(ports, batch.call, items);
}
