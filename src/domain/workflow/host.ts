import type { Catalog } from "../catalog/catalog.ts";
import { attemptOnTop, locate, turnKeys, type Engine } from "../execution/execute.ts";
import { createIdentity, type Identity } from "../identity.ts";
import { failed, type Outcome } from "../execution/outcome.ts";
import type { Clock, NewId, Observe, RecordStore } from "../ports.ts";
import { run, settle, type MaybePromise, type Steps } from "../steps.ts";
import type { Turns } from "../execution/turns.ts";
import type { RecordedChange, UnitOfWork } from "../execution/unit-of-work.ts";
import { auditStep, type AuditedStep } from "../audit/audit-step.ts";
import type { StartedBy, WorkflowEngine } from "./port.ts";
import type { Workflow } from "./workflow.ts";

/** The identity as it is now, or undefined when there is none any more. Its permissions are then narrowed to those of the start. */
export type IdentityOf = (startedBy: StartedBy) => MaybePromise<Identity | undefined>;

/** An action that a run wants done. */
export interface Errand {
  readonly runId: string;
  readonly startedBy: StartedBy;
  readonly key: string;
  readonly id: string | undefined;
  readonly params: unknown;
}

/** What the domain offers to whoever runs its workflows. */
export interface WorkflowHost {
  readonly store: RecordStore;
  readonly turns: Turns;
  readonly clock: Clock;
  readonly newId: NewId;
  readonly observe: Observe;
  /** The workflow of this name; undefined when the application has none. */
  workflow(name: string): Workflow | undefined;
  /** Runs an action as the one that started the run, on a unit of work; its audit entry, if it is refused, goes into `refusals`. */
  perform(errand: Errand, unit: UnitOfWork, refusals: UnitOfWork): Steps<Outcome>;
  /** Adds what a step has changed by itself to the audit trail. */
  audit(step: AuditedStep, changed: readonly RecordedChange[], into: UnitOfWork): void;
  /** What {@link WorkflowHost.perform} takes turns for. */
  turnKeys(errand: Errand): readonly string[];
}

/** Makes an engine for a host. */
export type CreateWorkflowEngine = (host: WorkflowHost) => WorkflowEngine;

/** What a host is made of. */
export interface HostOptions {
  /** Asked for late: the engine of the actions knows that of the workflows. */
  readonly engine: () => Engine;
  readonly catalog: Catalog;
  /** Those that are always there. */
  readonly builtIn: readonly Workflow[];
  readonly identityOf: IdentityOf | undefined;
}

/** Lets workflows run on the actions' own store, turns and audit trail. */
export function createHost(options: HostOptions, within: Pick<WorkflowHost, "store" | "turns" | "clock" | "newId" | "observe">): WorkflowHost {
  const { engine, catalog, builtIn, identityOf } = options;
  return {
    ...within,
    workflow: (name) => builtIn.find((workflow) => workflow.name === name) ?? catalog.workflow(name),
    *perform({ runId, startedBy, key, id, params }, unit, refusals) {
      const identity = yield* settle(identityNow(startedBy, identityOf));
      if (identity === undefined) return failed("forbidden");
      const action = catalog.find(key);
      if (action === undefined) return failed("unknown_action");
      const located = locate(action, id);
      if ("kind" in located) return located;
      const execution = { action, id: located.id, params, identity };
      return yield* attemptOnTop(engine(), { key, identity, requestId: runId }, execution, unit, refusals);
    },
    audit: (step, changed, into) => auditStep(engine(), step, changed, into),
    turnKeys({ key, id, params, startedBy }) {
      const action = catalog.find(key);
      const located = action === undefined ? undefined : locate(action, id);
      if (action === undefined || located === undefined || "kind" in located) return [];
      return turnKeys({ action, id: located.id, params, identity: toIdentity(startedBy, startedBy.permissions) });
    },
  };
}

/** Without {@link IdentityOf} it is as it was at the start; with it, what was taken away since is gone. */
function identityNow(startedBy: StartedBy, identityOf: IdentityOf | undefined): MaybePromise<Identity | undefined> {
  if (identityOf === undefined) return toIdentity(startedBy, startedBy.permissions);
  return run(resolve(startedBy, identityOf));
}

function* resolve(startedBy: StartedBy, identityOf: IdentityOf): Steps<Identity | undefined> {
  const now = yield* settle(identityOf(startedBy));
  // An empty scope would narrow nothing, so whoever started with no permission is left with none.
  return now === undefined ? undefined : toIdentity(startedBy, startedBy.permissions.length === 0 ? [] : now.permissions, startedBy.permissions);
}

function toIdentity({ kind, issuer, id, name }: StartedBy, permissions: readonly string[], scope: readonly string[] = []): Identity {
  return createIdentity({ kind, issuer, id, name, permissions, scope });
}
