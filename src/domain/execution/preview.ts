import type { Action } from "../catalog/action.ts";
import { attempt, type Execution } from "./attempt.ts";
import { subjectChanges, type SubjectChange } from "./changes.ts";
import { answering, attemptPorts, locate, type Call, type Engine, type ExecuteCall } from "./execute.ts";
import { failed, isSuccess, type Outcome } from "./outcome.ts";
import type { Steps } from "../steps.ts";
import { UnitOfWork } from "./unit-of-work.ts";

/** What an execution would answer, and what it would change: only when it would succeed, and only what the identity may see. */
export type Preview = Outcome & { readonly changes?: readonly SubjectChange[] };

/** Runs the action for real, and keeps nothing of it. */
export function* preview(engine: Engine, call: ExecuteCall): Steps<Preview> {
  const action = engine.catalog.find(call.key);
  if (action === undefined) return failed("unknown_action");
  const located = locate(action, call.subject);
  if ("kind" in located) return located;
  return yield* answering(engine, call, previewOn(engine, call, toExecution(action, located.id, call), new UnitOfWork(engine.store)));
}

/** The same on top of a unit of work, which then holds what would have been changed. */
export function* previewOn(engine: Engine, call: Call, execution: Execution, unit: UnitOfWork): Steps<Preview> {
  const fork = unit.fork();
  const outcome = yield* attempt(execution, fork, attemptPorts(engine, call));
  fork.seal();
  if (!isSuccess(outcome)) return outcome;
  const changes = subjectChanges(fork, engine.catalog, execution.identity);
  fork.merge();
  return { ...outcome, changes };
}

function toExecution(action: Action, id: string | null, { params = {}, identity }: ExecuteCall): Execution {
  return { action, id, params, identity };
}
