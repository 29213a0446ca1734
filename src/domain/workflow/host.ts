import { auditStep, type AuditedStep } from "../audit/audit-step.ts";
import type { Catalog } from "../catalog/catalog.ts";
import type { ExecutionPorts } from "../execution/execution-ports.ts";
import { traceExecution } from "../execution/trace-execution.ts";
import type { Execution } from "../execution/attempt.ts";
import { executeOn, toExecution, turnsOf, type ExecuteCall } from "../execution/execute.ts";
import { failed, type Outcome } from "../execution/answer/outcome.ts";
import type { Turns, TurnTarget } from "../execution/turns/turns.ts";
import type { UnitOfWork } from "../execution/unit/unit-of-work.ts";
import { createIdentity, type Identity } from "../identity.ts";
import type { MaybePromise } from "../maybe-promise.ts";
import type { Clock, NewAbortController, NewId, Observe, RecordStore } from "../ports.ts";
import type { Tracing } from "../observation/tracing.ts";
import type { StartedBy, WorkflowEngine } from "./port.ts";
import type { Workflow } from "./workflow.ts";

/** The identity as it is now, or undefined when there is none any more. Its permissions are then narrowed to those of the start. */
export type IdentityOf = (startedBy: StartedBy) => MaybePromise<Identity | undefined>;

/** An action that a step of a run performs. */
export interface StepAction {
  readonly runId: string;
  readonly startedBy: StartedBy;
  readonly key: string;
  readonly id: string | undefined;
  readonly params: unknown;
  /** To which trace the step belongs. */
  readonly traceparent?: string | undefined;
}

/** What the domain offers to whoever runs its workflows. */
export interface WorkflowHost {
  readonly store: RecordStore;
  readonly turns: Turns;
  readonly clock: Clock;
  readonly newId: NewId;
  readonly observe: Observe;
  /** Told of what engines do. */
  readonly tracing: Pick<Tracing, "step" | "run">;
  /** Makes the signal of a step; null: there is none. */
  readonly newAbortController: NewAbortController | null;
  /**
   * To be awaited between the steps of a long work: lets whatever else is ready run, when this and all other long works of
   * the actions together have kept the event loop for a slice. Null: the actions have no timer to do that by.
   */
  readonly breathe: (() => MaybePromise<void>) | null;
  /** The workflow of this name; undefined when the application has none. */
  workflow(name: string): Workflow | undefined;
  /** Performs an action as the one that started the run, in a unit of work, which it changes only if it succeeds. Takes a breath first. */
  perform(asked: StepAction, unit: UnitOfWork): Promise<Outcome>;
  /** Adds what a step has changed by itself since this savepoint to the trail. */
  audit(step: AuditedStep, unit: UnitOfWork, since: number): void;
  /** The records that {@link WorkflowHost.perform} must have the turn of. */
  turnsOf(asked: StepAction): readonly TurnTarget[];
}

/** Makes an engine for a host. */
export type CreateWorkflowEngine = (host: WorkflowHost) => WorkflowEngine;

/** What a host is made of. */
export interface HostOptions {
  /** Asked for late: the workflows' engine is one of them. */
  readonly ports: () => ExecutionPorts;
  readonly catalog: Catalog;
  /** Those that are always there. */
  readonly builtIn: readonly Workflow[];
  readonly identityOf: IdentityOf | undefined;
}

/** Lets workflows run on the actions' own store, turns and audit trail. */
export function createHost(options: HostOptions, within: Pick<WorkflowHost, "store" | "turns" | "clock" | "newId" | "observe" | "tracing" | "newAbortController" | "breathe">): WorkflowHost {
  const { ports, catalog, builtIn, identityOf } = options;
  return {
    ...within,
    workflow: (name) => builtIn.find((workflow) => workflow.name === name) ?? catalog.workflow(name),
    async perform(asked, unit) {
      await within.breathe?.();
      const identity = await identityNow(asked.startedBy, identityOf);
      if (identity === undefined) return failed("forbidden");
      const execution = toExecution({ catalog }, toCall(asked, identity));
      return "kind" in execution ? execution : perform(ports(), execution, unit);
    },
    audit: (step, unit, since) => auditStep(ports(), step, unit, since),
    turnsOf(asked) {
      const execution = toExecution({ catalog }, toCall(asked, toIdentity(asked.startedBy, asked.startedBy.permissions)));
      return "kind" in execution ? [] : turnsOf(execution);
    },
  };
}

function perform(ports: ExecutionPorts, execution: Execution, unit: UnitOfWork): Promise<Outcome> {
  const trace = ports.tracing.execution;
  if (trace === null) return executeOn(ports, execution, unit);
  return traceExecution(trace, "execute", execution, (traced) => executeOn(ports, { ...execution, traceparent: traced.traceparent, traced }, unit));
}

function toCall({ runId, key, id, params, traceparent }: StepAction, identity: Identity): ExecuteCall {
  return { key, identity, params, requestId: runId, via: "workflow", traceparent, ...(id === undefined ? {} : { subject: id }) };
}

/** Without {@link IdentityOf} it is as it was at the start; with it, what was taken away since is gone. */
async function identityNow(startedBy: StartedBy, identityOf: IdentityOf | undefined): Promise<Identity | undefined> {
  if (identityOf === undefined) return toIdentity(startedBy, startedBy.permissions);
  const now = await identityOf(startedBy);
  // An empty scope would narrow nothing, so whoever started with no permission is left with none.
  return now === undefined ? undefined : toIdentity(startedBy, startedBy.permissions.length === 0 ? [] : now.permissions, startedBy.permissions);
}

function toIdentity({ kind, issuer, id, name, clientId }: StartedBy, permissions: readonly string[], scope: readonly string[] = []): Identity {
  return createIdentity({ kind, issuer, id, name, permissions, scope, clientId });
}
