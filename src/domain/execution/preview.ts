import { changedSubjects, showChanges, type SubjectChange } from "../audit/subject-changes.ts";
import { Attempt, type Execution } from "./attempt.ts";
import { report, type ExecutionPorts } from "./execution-ports.ts";
import { traceExecution } from "./trace-execution.ts";
import { answerSafely, toExecution, type ExecuteCall } from "./execute.ts";
import { failed, isSuccess, type Outcome } from "./answer/outcome.ts";
import { UnitOfWork } from "./unit/unit-of-work.ts";
import { validatorOf } from "./validator.ts";

/** What an execution would answer, and what it would change: only when it would succeed, and only what the identity may see. */
export type Preview = Outcome & {
  readonly changes?: readonly SubjectChange[];
  /** Of a single call that would succeed: stands for all that was seen. As `ifMatch` of {@link ExecuteCall} it has only that done. */
  readonly etag?: string;
};

/** Runs the action for real, and keeps nothing of it. */
export async function preview(ports: ExecutionPorts, call: ExecuteCall): Promise<Preview> {
  const execution = toExecution(ports, call);
  if ("kind" in execution) return execution;
  const trace = ports.tracing.execution;
  if (trace === null) return answerSafely(ports, call, () => previewAlone(ports, execution));
  return traceExecution(trace, "preview", execution, (traced) => {
    const followed = { ...execution, traceparent: traced.traceparent, traced };
    return answerSafely(ports, { ...call, traced }, () => previewAlone(ports, followed));
  });
}

async function previewAlone(ports: ExecutionPorts, execution: Execution): Promise<Preview> {
  const unit = new UnitOfWork(ports.store);
  const previewed = await previewOn(ports, execution, unit);
  const etag = isSuccess(previewed) ? validatorOf(ports.digest, execution, unit) : null;
  return etag === null ? previewed : { ...previewed, etag };
}

/** The same on top of a unit of work, which then holds what would have been changed. */
export async function previewOn(ports: ExecutionPorts, execution: Execution, unit: UnitOfWork): Promise<Preview> {
  const attempt = new Attempt(ports, execution, unit);
  const outcome = await attempt.run();
  if (!isSuccess(outcome)) {
    attempt.undo();
    return outcome;
  }
  try {
    const changed = changedSubjects(attempt.changes(), ports.catalog, attempt);
    return { ...outcome, changes: showChanges(changed, execution.identity) };
  } catch (error) {
    // A title that throws, as it would fail the execution.
    attempt.undo();
    report(ports, { key: execution.action.key, requestId: execution.requestId, traced: execution.traced }, "internal_error", error);
    return failed("internal_error");
  }
}
