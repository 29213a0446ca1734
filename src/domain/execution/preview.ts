import { changedSubjects, showChanges, type SubjectChange } from "../audit/subject-changes.ts";
import { Attempt, type Execution } from "./attempt.ts";
import { report, type Engine } from "./engine.ts";
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
export async function preview(engine: Engine, call: ExecuteCall): Promise<Preview> {
  const execution = toExecution(engine, call);
  if ("kind" in execution) return execution;
  const trace = engine.tracing.execution;
  if (trace === null) return answerSafely(engine, call, () => previewAlone(engine, execution));
  return traceExecution(trace, "preview", execution, (traced) => {
    const followed = { ...execution, traceparent: traced.traceparent, traced };
    return answerSafely(engine, { ...call, traced }, () => previewAlone(engine, followed));
  });
}

async function previewAlone(engine: Engine, execution: Execution): Promise<Preview> {
  const unit = new UnitOfWork(engine.store);
  const previewed = await previewOn(engine, execution, unit);
  const etag = isSuccess(previewed) ? validatorOf(execution, unit) : null;
  return etag === null ? previewed : { ...previewed, etag };
}

/** The same on top of a unit of work, which then holds what would have been changed. */
export async function previewOn(engine: Engine, execution: Execution, unit: UnitOfWork): Promise<Preview> {
  const attempt = new Attempt(engine, execution, unit);
  const outcome = await attempt.run();
  if (!isSuccess(outcome)) {
    attempt.undo();
    return outcome;
  }
  try {
    const changed = changedSubjects(attempt.changes(), engine.catalog, attempt);
    return { ...outcome, changes: showChanges(changed, execution.identity) };
  } catch (error) {
    // A title that throws, as it would fail the execution.
    attempt.undo();
    report(engine, { key: execution.action.key, requestId: execution.requestId, traced: execution.traced }, "internal_error", error);
    return failed("internal_error");
  }
}
