import type { ActionError, FieldErrors } from "../errors.ts";
import type { Identity } from "../identity.ts";
import { compileActionParams, type CompiledParams, type InferActionParams, type ParamsDeclaration } from "../params/index.ts";
import { RETURN_KINDS, type HandlerResult, type ReturnKind } from "../execution/answer/result.ts";
import type { MaybePromise } from "../maybe-promise.ts";
import { isSubjectClass, type RecordOf, type SubjectClass, type SubjectRecord } from "./subject.ts";
import type { Subjects } from "../execution/unit/subjects.ts";
import type { WorkflowStarts } from "../workflow/start.ts";

/** What an action does to the world: nothing, something, or something that cannot be taken back. */
export type Effect = "read" | "write" | "destructive";

/** The subject in a context: there when the action has one, absent when it has none. */
type WithSubject<R> = [R] extends [SubjectRecord] ? { readonly subject: R } : unknown;

/** What `authorize()` decides on. */
export type AuthorizeContext<R> = { readonly identity: Identity } & WithSubject<R>;

/** What `preconditions()` and `handle()` work with. */
export type HandleContext<P, R> = {
  readonly identity: Identity;
  /** The parameters, valid and with their defaults; references are the records. */
  readonly params: P;
  /** The time of this execution: RFC 3339 in UTC, `2026-11-23T10:00:00.000Z`. */
  readonly now: string;
  /** Reads and changes subjects. Nothing is kept before the handler has returned. */
  readonly subjects: Subjects;
  /** Starts work that goes on after the answer. */
  readonly workflows: WorkflowStarts;
  /** A fresh UUID. */
  readonly newId: () => string;
  /** Aborted when the action's time is over, or the caller has gone: hand it on to whatever may take long. */
  readonly signal: AbortSignal;
} & WithSubject<R>;

/** What a handler for many subjects works with: they have passed every check, in the order of the call. It starts no workflows. */
export type HandleAllContext<P, R> = Omit<HandleContext<P, undefined>, "workflows"> & { readonly all: readonly R[] };

/** How an action answers bulk calls. */
export interface BulkDefinition<P, R, K extends ReturnKind> {
  /** The most subjects of one call that is answered at once, 1 or more; `max_ids` in the schema. Default, and at most: `maxBulkIds` of `createActions`. */
  readonly maxIds?: number;
  /**
   * Does it for all subjects of a call of mode `each` or `atomic` at once, in one commit. Answers one result for each of them in their order, or an
   * {@link ActionError} in its place: then what was changed of that subject is not kept. What it throws refuses all. `authorize`
   * and `preconditions` are still asked for each. It must do what `handle` does, which single calls, previews, mode `stop` and asynchronous calls use.
   */
  readonly handleAll?: (context: HandleAllContext<P, R>) => MaybePromise<readonly (HandlerResult<K> | ActionError)[]>;
}

/** The definition of an action. */
export interface ActionDefinition<P extends ParamsDeclaration, S extends SubjectClass | undefined, K extends ReturnKind> {
  /** One to four segments: `orders/approve-order`. */
  readonly key: string;
  /** For people: `Approve order`. */
  readonly label: string;
  /** What it does, in a sentence or two. Default: empty. */
  readonly description?: string;
  /** Default: `write`. A `read` action that changes something fails. */
  readonly effect?: Effect;
  /** The class it acts on. Default: none. */
  readonly subject?: S;
  /** The parameters: a record of parameter types, or a Standard Schema. Default: none. */
  readonly params?: P;
  /**
   * How long one execution may wait for its functions, in milliseconds: 1 to 86,400,000 (a day). When it is over the call is answered
   * `unavailable`, and nothing that the functions still do has any effect. Default: `handlerTimeoutMs` of `createActions`, 30,000.
   */
  readonly timeoutMs?: number;
  /** Which rows of the result table `handle` can answer with. Default: all of them. */
  readonly returns?: readonly K[];
  /** May this identity do it, to this subject? `everyone` when each may. */
  readonly authorize: (context: AuthorizeContext<RecordOf<S>>) => MaybePromise<boolean>;
  /** Rules between parameters, which no schema can say: faults by field, or nothing. */
  readonly validate?: (params: InferActionParams<P>) => FieldErrors | undefined;
  /** What must be so before `handle` runs; throws an ActionError when it is not. */
  readonly preconditions?: (context: HandleContext<InferActionParams<P>, RecordOf<S>>) => MaybePromise<void>;
  /** Does it. What it returns decides the answer; see {@link HandlerResult}. */
  readonly handle: (context: HandleContext<InferActionParams<P>, RecordOf<S>>) => MaybePromise<HandlerResult<K>>;
  /** For many subjects at once. Only for an action that has a subject. */
  readonly bulk?: BulkDefinition<InferActionParams<P>, RecordOf<S>, K>;
  /** Stands beside the data of a success: `Order approved.` Default: the label and "succeeded". */
  readonly message?: string | ((result: SubjectRecord) => string);
}

/** {@link BulkDefinition} of an action that is ready. */
export interface ActionBulk<P, R> {
  /** Null: what `createActions` says. */
  readonly maxIds: number | null;
  handleAll?(context: HandleAllContext<P, R>): MaybePromise<readonly (HandlerResult | ActionError)[]>;
}

/** An action, ready for a catalog. `P` are its parameters, `R` its subject's record or undefined. */
export interface Action<P = unknown, R = unknown> {
  readonly key: string;
  readonly label: string;
  readonly description: string;
  readonly effect: Effect;
  readonly subject: SubjectClass | null;
  readonly params: CompiledParams<P>;
  /** Milliseconds; null: what `createActions` says. */
  readonly timeoutMs: number | null;
  readonly returns: readonly ReturnKind[];
  readonly message: string | ((result: SubjectRecord) => string);
  readonly bulk: ActionBulk<P, R>;
  authorize(context: AuthorizeContext<R>): MaybePromise<boolean>;
  validate(params: P): FieldErrors | undefined;
  preconditions(context: HandleContext<P, R>): MaybePromise<void>;
  handle(context: HandleContext<P, R>): MaybePromise<HandlerResult>;
}

/**
 * Declares an action. Types are inferred: in `authorize`, `preconditions` and `handle`, `subject` and `params` have
 * exactly what was declared. What is wrong with a single definition throws a TypeError that names it here;
 * what is wrong between actions, the catalog says.
 */
export function defineAction<
  const P extends ParamsDeclaration = Record<never, never>,
  S extends SubjectClass | undefined = undefined,
  const K extends ReturnKind = ReturnKind,
>(definition: ActionDefinition<P, S, K>): Action<InferActionParams<P>, RecordOf<S>> {
  const { key, label, subject } = definition;
  if ("subject" in definition && !isSubjectClass(subject)) {
    throw new TypeError(`action "${key}": its subject was not made by defineSubject() (is the import circular?)`);
  }
  if (typeof definition.authorize !== "function") {
    throw new TypeError(`action "${key}": authorize is missing; say who may: authorize: ({ identity }) => identity.can("…"), or authorize: everyone`);
  }
  return Object.freeze({
    key,
    label,
    description: definition.description ?? "",
    effect: definition.effect ?? "write",
    subject: subject ?? null,
    params: compileActionParams(key, definition.params),
    timeoutMs: checkTimeout(key, definition.timeoutMs),
    returns: definition.returns ?? RETURN_KINDS,
    message: definition.message ?? `${label} succeeded.`,
    bulk: checkBulk(key, subject, definition.bulk),
    authorize: definition.authorize,
    validate: definition.validate ?? (() => undefined),
    preconditions: definition.preconditions ?? (() => undefined),
    handle: definition.handle,
  });
}

function checkBulk<P, R, K extends ReturnKind>(key: string, subject: SubjectClass | undefined, bulk: BulkDefinition<P, R, K> | undefined): ActionBulk<P, R> {
  const { maxIds = null, handleAll } = bulk ?? {};
  if (bulk !== undefined && subject === undefined) throw new TypeError(`action "${key}": bulk is for actions with a subject; leave it out`);
  if (maxIds !== null && !(Number.isInteger(maxIds) && maxIds >= 1)) throw new TypeError(`action "${key}": bulk.maxIds must be a whole number from 1, not ${maxIds}`);
  return Object.freeze({ maxIds, ...(handleAll === undefined ? {} : { handleAll }) });
}

const DAY_MS = 86_400_000;

function checkTimeout(key: string, timeoutMs: number | undefined): number | null {
  if (timeoutMs === undefined) return null;
  if (Number.isInteger(timeoutMs) && timeoutMs >= 1 && timeoutMs <= DAY_MS) return timeoutMs;
  throw new TypeError(`action "${key}": timeoutMs must be a whole number from 1 to ${DAY_MS}, not ${timeoutMs}`);
}
