import type { Trace, TracedExecution } from "../observation/tracing.ts";
import { toTracedIdentity } from "../observation/tracing.ts";
import type { Outcome } from "./answer/outcome.ts";
import type { Execution } from "./attempt.ts";

/** What a bulk call came to. */
interface BulkDone {
  readonly kind: "bulk";
  readonly outcome: "success" | "partial" | "failed";
  readonly succeeded: number;
  readonly failed: number;
  readonly skipped: number;
  readonly replayed?: true;
}

/** What the call of an action says of itself. */
type Calling = Pick<Execution, "action" | "id" | "identity" | "requestId" | "via" | "traceparent">;

/** Follows a call; the work is given the message that it is told by. */
export async function traceExecution<T extends Outcome | BulkDone>(trace: Trace<TracedExecution>, kind: TracedExecution["kind"], call: Calling, work: (traced: TracedExecution) => Promise<T>): Promise<T> {
  const traced = toTraced(kind, call);
  return trace(traced, () => work(traced), (outcome) => tellOutcome(traced, outcome));
}

function toTraced(kind: TracedExecution["kind"], { action, id, identity, requestId, via, traceparent }: Calling): TracedExecution {
  return {
    kind,
    action: action.key,
    subject: action.subject === null || id === null ? null : { class: action.subject.class, id },
    identity: toTracedIdentity(identity),
    requestId,
    via,
    traceparent,
    outcome: null,
    code: undefined,
    replayed: false,
    workflowId: undefined,
    items: null,
  };
}

/** Says what it came to, and nothing of what it was about. */
function tellOutcome(traced: TracedExecution, outcome: Outcome | BulkDone): void {
  switch (outcome.kind) {
    case "failed":
      traced.outcome = outcome.code;
      return;
    case "refused":
      traced.outcome = "refused";
      traced.code = outcome.code;
      break;
    case "bulk":
      traced.outcome = outcome.outcome;
      traced.items = { succeeded: outcome.succeeded, failed: outcome.failed, skipped: outcome.skipped };
      break;
    default:
      traced.outcome = "success";
      if (outcome.kind === "workflow") traced.workflowId = outcome.workflow_id;
  }
  traced.replayed = outcome.replayed === true;
}
