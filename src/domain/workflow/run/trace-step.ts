import { toTracedIdentity, type Trace, type TracedStep } from "../../observation/tracing.ts";
import type { StepTry } from "./step-scope.ts";
import type { Tried } from "./try-step.ts";

/** Follows one try of a step; the work is given the try as it belongs to the trace. */
export async function traceStep<T extends { readonly tried: Tried }>(trace: Trace<TracedStep>, step: StepTry, work: (step: StepTry) => Promise<T>): Promise<T> {
  const traced = toTraced(step);
  return trace(traced, () => work({ ...step, traceparent: traced.traceparent }), ({ tried }) => tell(traced, tried));
}

function toTraced({ workflow = "", runId, name, attempt, action, subject, startedBy, traceparent }: StepTry): TracedStep {
  return { workflow, workflowId: runId, step: name, attempt, action, subject, identity: toTracedIdentity(startedBy), traceparent, outcome: null };
}

function tell(traced: TracedStep, tried: Tried): void {
  traced.outcome = "failure" in tried ? "failed" : "done";
  if ("failure" in tried) traced.error = tried.cause;
}
