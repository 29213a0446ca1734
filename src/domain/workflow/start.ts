import { identityKey, type Identity } from "../identity.ts";
import { StartedWorkflow } from "../execution/answer/result.ts";
import { OverQuota, type Quota } from "../execution/quota.ts";
import { textLength, toJsonObject } from "../json.ts";
import type { Tracing } from "../observation/tracing.ts";
import type { PendingCommit, WorkflowEngine, WorkflowStart } from "./port.ts";
import type { Workflow } from "./workflow.ts";

/** What a handler starts workflows with. */
export interface WorkflowStarts {
  /**
   * Starts a workflow with what this action commits: if the action fails there is none, if it succeeds there is exactly
   * one. Return the answer from the handler and the caller gets its `workflow_id`. TypeError for an input that does not fit.
   */
  start<In>(workflow: Workflow<unknown, In>, input: NoInfer<In> & object): StartedWorkflow;
}

/** Which workflows there are, and who runs them. */
export interface WorkflowRunner {
  /** Null: nobody does. */
  readonly engine: WorkflowEngine | null;
  find(name: string): Workflow | undefined;
  /** What the runs of one identity may take. */
  readonly quota: Quota;
  readonly tracing: Pick<Tracing, "run">;
}

/** What a run counts in its identity's quota beside its input: its records, and its place in the queue. */
const RUN_BYTES = 1024;

/** The execution whose handler starts workflows. */
interface StartingExecution {
  readonly identity: Identity;
  readonly action: { readonly key: string; readonly subject: { readonly class: string } | null };
  readonly id: string | null;
  readonly traceparent: string | undefined;
}

/** The starts of one execution. */
export function createStarts(runner: WorkflowRunner, execution: StartingExecution, commit: PendingCommit): WorkflowStarts {
  return new ExecutionStarts(runner, execution, commit);
}

/** The method is made when it is asked for and bound, since handlers take it apart: `const { start } = workflows`. */
class ExecutionStarts implements WorkflowStarts {
  readonly #runner: WorkflowRunner;
  readonly #execution: StartingExecution;
  readonly #commit: PendingCommit;

  constructor(runner: WorkflowRunner, execution: StartingExecution, commit: PendingCommit) {
    this.#runner = runner;
    this.#execution = execution;
    this.#commit = commit;
  }

  get start(): WorkflowStarts["start"] {
    const { identity, action, id, traceparent } = this.#execution;
    const subject = action.subject === null || id === null ? null : { class: action.subject.class, id };
    return (workflow, input) => startIn(this.#runner, { identity, action: action.key, subject, traceparent }, this.#commit, workflow, input);
  }
}

/** Adds a run to the commit. {@link OverQuota} when this identity has started more than may be kept for it. */
export function startIn({ engine, find, quota, tracing }: WorkflowRunner, from: Omit<WorkflowStart, "name" | "input">, commit: PendingCommit, workflow: Workflow, input: object): StartedWorkflow {
  if (engine === null) throw new TypeError(`action "${from.action}" starts a workflow, and createActions() was given no engine: workflows: embeddedWorkflows(…)`);
  if (find(workflow.name) !== workflow) throw new TypeError(`workflow "${workflow.name}" is not among the catalog's workflows; add it there`);
  const json = toJsonObject(input, `the input of the workflow "${workflow.name}"`);
  const parsed = workflow.input.parse(json);
  if (!parsed.ok) throw new TypeError(`the input of the workflow "${workflow.name}" is not valid: ${JSON.stringify(parsed.errors)}`);
  const owner = identityKey(from.identity);
  const refusal = quota.refusal(owner);
  if (refusal !== null) throw new OverQuota(refusal);
  const workflowId = engine.start(commit, { name: workflow.name, input: json, ...from });
  commit.onCommitted(() => {
    quota.charge(owner, RUN_BYTES + textLength(json));
    tracing.run?.({ workflow: workflow.name, workflowId, status: "started", traceparent: from.traceparent });
  });
  return new StartedWorkflow(workflowId);
}
