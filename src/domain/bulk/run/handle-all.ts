import type { Action } from "../../catalog/action.ts";
import { fail } from "../../catalog/declared/declared-errors.ts";
import { ActionError, TimedOut } from "../../errors.ts";
import { Attempt, type Execution } from "../../execution/attempt.ts";
import { toFailed } from "../../execution/execute.ts";
import { SubjectContext, type Context } from "../../execution/context.ts";
import { isSuccess, type Outcome } from "../../execution/answer/outcome.ts";
import { RETURN_KINDS, type HandlerResult } from "../../execution/answer/result.ts";
import type { UnitOfWork } from "../../execution/unit/unit-of-work.ts";
import type { RecordedChange } from "../../execution/unit/work-log.ts";
import { isPromiseLike, type MaybePromise } from "../../maybe-promise.ts";
import type { JsonObject } from "../../json.ts";
import type { BulkPorts } from "../call/bulk-call.ts";
import { actedBy } from "../call/acting.ts";
import { isNobody } from "../call/batch.ts";
import { forEachExecution, type Executions, type Surroundings } from "./executions.ts";

/** An item that passed every check up to its handler. */
interface Admitted {
  readonly index: number;
  readonly execution: Execution;
  readonly attempt: Attempt;
  readonly subject: JsonObject;
}

type Result = HandlerResult | ActionError;

/**
 * Has the action's handler for all do it once, and makes of that one execution for each item, to be run in their order: it changes what
 * the handler has changed of its subject and answers what the handler has answered for it. Changes of other records go with the
 * first success. Where an item came to nothing before, its outcome stands in the place of the execution.
 */
export async function handleAllOf(within: Surroundings, executions: Executions): Promise<readonly (Execution | Outcome | null)[]> {
  const { ports, unit } = within;
  const prepared: (Execution | Outcome | null)[] = new Array<null>(executions.count).fill(null);
  const admitted: Admitted[] = [];
  await forEachExecution(within, executions, async (execution, index, who) => {
    const found = execution === null ? null : isNobody(who) ? who : await admit(ports, actedBy(execution, who), index, unit);
    if (found === null) return;
    if ("kind" in found) prepared[index] = found;
    else admitted.push(found);
  });
  const [first] = admitted;
  if (first === undefined) return prepared;
  const start = unit.savepoint();
  const done = await doAll(ports, first.execution, admitted.map(({ subject }) => subject), unit);
  const changes = unit.recorded(start);
  unit.rollback(start);
  if ("kind" in done) for (const { index, attempt } of admitted) prepared[index] = attempt.conclude(done);
  else distribute(admitted, done, changes, unit, prepared);
  return prepared;
}

/** Asks everything that comes before the handler. */
async function admit(ports: BulkPorts, execution: Execution, index: number, unit: UnitOfWork): Promise<Admitted | Outcome> {
  let subject: JsonObject | null = null;
  const handle = (context: unknown): null => {
    if (context instanceof SubjectContext) subject = context.subject;
    return null;
  };
  const attempt = new Attempt(ports, { ...execution, action: { ...execution.action, returns: RETURN_KINDS, handle } }, unit);
  const outcome = await attempt.run();
  return subject !== null && isSuccess(outcome) ? { index, execution, attempt, subject } : attempt.conclude(outcome);
}

/** The handler's results, or what all of them came to. */
async function doAll(ports: BulkPorts, execution: Execution, all: readonly JsonObject[], unit: UnitOfWork): Promise<readonly Result[] | Outcome> {
  let results: readonly Result[] = [];
  const take = (given: readonly Result[]): null => {
    if (!Array.isArray(given) || given.length !== all.length) throw new TypeError(`action "${execution.action.key}": bulk.handleAll must answer a list with one result for each subject`);
    results = given;
    return null;
  };
  const handle = (context: Context): MaybePromise<null> => {
    const { identity, params, now, subjects, newId, traceparent } = context;
    const doing = execution.action.bulk.handleAll?.({ identity, params, now, subjects, newId, traceparent, fail, all, get signal() { return context.signal; } }) ?? [];
    return isPromiseLike(doing) ? doing.then(take) : take(doing);
  };
  try {
    const outcome = await new Attempt(ports, { ...execution, id: null, action: ofNoSubject(execution.action, handle) }, unit).run();
    return isSuccess(outcome) ? results : outcome;
  } catch (error) {
    if (!(error instanceof TimedOut)) throw error;
    return toFailed(ports, { key: execution.action.key, requestId: execution.requestId }, error);
  }
}

function ofNoSubject(action: Action, handle: (context: Context) => MaybePromise<null>): Action {
  // What an Attempt hands to a handler of an action without a subject is a Context.
  const handleContext = (context: unknown) => handle(context as Context);
  return { ...action, subject: null, returns: RETURN_KINDS, authorize: () => true, validate: () => undefined, preconditions: () => undefined, handle: handleContext };
}

/** Gives each item its result, and with it what was changed of its subject. */
function distribute(admitted: readonly Admitted[], results: readonly Result[], changes: readonly RecordedChange[], unit: UnitOfWork, prepared: (Execution | Outcome | null)[]): void {
  const own = new Map(changes.map((change) => [keyOf(change.collection, change.id), change]));
  const mine = admitted.map(({ execution: { action, id } }) => takeOut(own, keyOf(action.subject?.class ?? "", id ?? "")));
  let others = [...own.values()];
  for (const [at, { index, execution, attempt }] of admitted.entries()) {
    const result = results[at];
    const handle = (): HandlerResult => {
      if (result instanceof ActionError) throw result;
      for (const change of [...mine[at] ?? [], ...others]) apply(unit, change);
      others = [];
      return result;
    };
    const authorize: Action["authorize"] = ({ identity }) => attempt.asked.found.every((permission) => identity.can(permission));
    prepared[index] = { ...execution, action: { ...execution.action, authorize, validate: () => undefined, preconditions: () => undefined, handle } };
  }
}

function keyOf(collection: string, id: string): string {
  return `${collection} ${id}`;
}

function takeOut(changes: Map<string, RecordedChange>, key: string): readonly RecordedChange[] {
  const change = changes.get(key);
  changes.delete(key);
  return change === undefined ? [] : [change];
}

function apply(unit: UnitOfWork, { collection, id, after }: RecordedChange): void {
  if (after === undefined) unit.delete(collection, id);
  else unit.put(collection, id, after);
}
