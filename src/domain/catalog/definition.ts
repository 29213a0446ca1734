import type { ActionError, FieldErrors } from "../errors.ts";
import type { Identity } from "../identity.ts";
import type { InferActionParams, InferParamsInput, ParamsDeclaration } from "../params/index.ts";
import type { MaybePromise } from "../maybe-promise.ts";
import type { AnswerOf, DataIn, ReturnsDeclaration } from "./answer-types.ts";
import type { ErrorDefinitions, Fail } from "./declared/declared-errors.ts";
import type { ActionExample } from "./examples.ts";
import type { RecordOf, SubjectClass, SubjectRecord } from "./subject.ts";
import type { Subjects } from "../execution/unit/subjects.ts";
import type { WorkflowStarts } from "../workflow/start.ts";

/** What an action does to the world: nothing, something, or something that cannot be taken back. */
export type Effect = "read" | "write" | "destructive";

/** The subject in a context: there when the action has one, absent when it has none. */
type WithSubject<R> = [R] extends [SubjectRecord] ? { readonly subject: R } : unknown;

/** What `authorize()` decides on. */
export type AuthorizeContext<R> = { readonly identity: Identity } & WithSubject<R>;

/** What every handler works with, whatever its action declares. */
interface Work {
  readonly identity: Identity;
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
  /** To which trace the call belongs (W3C Trace Context): hand it on, as `traceparent`, to whatever is called. Undefined: it came with none. */
  readonly traceparent: string | undefined;
}

interface GivenWork<P, E extends ErrorDefinitions> extends Work {
  /** The parameters, valid and with their defaults; references are the records. */
  readonly params: P;
  /** Makes an error that the action declares: `throw fail("already_shipped", "…")`. */
  readonly fail: Fail<E>;
}

/** What `preconditions()` and `handle()` work with. */
export type HandleContext<P, R, E extends ErrorDefinitions = Record<never, never>> = GivenWork<P, E> & WithSubject<R>;

/** {@link GivenWork} by what was declared: an interface, of which no more is worked out than what a handler asks for. */
interface DeclaredWork<P extends ParamsDeclaration, E extends ErrorDefinitions> extends Work {
  /** The parameters, valid and with their defaults; references are the records. */
  readonly params: InferActionParams<P>;
  /** Makes an error that the action declares: `throw fail("already_shipped", "…")`. */
  readonly fail: Fail<E>;
}

/** {@link DeclaredWork} on a subject of this class. */
interface DeclaredWorkOn<S, P extends ParamsDeclaration, E extends ErrorDefinitions> extends DeclaredWork<P, E> {
  readonly subject: RecordOf<S>;
}

/** {@link WithSubject} by the class, which says it also where the record is a type parameter: in a function that makes actions for any class. */
type WithSubjectOf<S> = S extends SubjectClass<infer R, infer _F> ? { readonly subject: R } : unknown;

/** Both contexts, of which {@link DeclaredContext} picks one by the class alone: an intersection would be made anew for each action. */
interface DeclaredContexts<P extends ParamsDeclaration, S, E extends ErrorDefinitions> {
  readonly subject: DeclaredWorkOn<S, P, E>;
  readonly none: DeclaredWork<P, E>;
}

/** {@link HandleContext} by what was declared. */
type DeclaredContext<P extends ParamsDeclaration, S, E extends ErrorDefinitions> = DeclaredContexts<P, S, E>[S extends SubjectClass<infer _R, infer _F> ? "subject" : "none"];

/** What a handler for many subjects works with: they have passed every check, in the order of the call. It starts no workflows. */
export type HandleAllContext<P, R, E extends ErrorDefinitions = Record<never, never>> = Omit<HandleContext<P, undefined, E>, "workflows"> & { readonly all: readonly R[] };

/** How an action answers bulk calls. */
export interface BulkDefinition<P, R, T, E extends ErrorDefinitions = Record<never, never>> {
  /** The most subjects of one call that is answered at once, 1 or more; `max_ids` in the schema. Default, and at most: `maxBulkIds` of `createActions`. */
  readonly maxIds?: number;
  /**
   * Does it for all subjects of a call of mode `each` or `atomic` at once, in one commit. Answers one result for each of them in their order, or an
   * {@link ActionError} in its place: then what was changed of that subject is not kept. What it throws refuses all. `authorize`
   * and `preconditions` are still asked for each. It must do what `handle` does, which single calls, previews, mode `stop` and asynchronous calls use.
   */
  readonly handleAll?: (context: HandleAllContext<P, R, E>) => MaybePromise<readonly (T | ActionError)[]>;
}

/** What is the same type in every definition. */
interface AnyDefinition {
  /** For people: `Approve order`. */
  readonly label: string;
  /** What it does, in a sentence or two. Default: empty. */
  readonly description?: string;
  /** Default: `write`. A `read` action that changes something fails. */
  readonly effect?: Effect;
  /**
   * How long one execution may wait for its functions, in milliseconds: 1 to 86,400,000 (a day). When it is over the call is answered
   * `unavailable`, and nothing that the functions still do has any effect. Default: `handlerTimeoutMs` of `createActions`, 30,000.
   */
  readonly timeoutMs?: number;
}

/** The definition of an action. `T` is what `handle` returns, now or as a promise. */
export interface ActionDefinition<
  Key extends string,
  P extends ParamsDeclaration,
  S extends SubjectClass | undefined,
  V extends ReturnsDeclaration,
  T,
  E extends ErrorDefinitions,
> extends AnyDefinition {
  /** One to four segments: `orders/approve-order`. */
  readonly key: Key;
  /** The class it acts on. Default: none. */
  readonly subject?: S;
  /** The parameters: a record of parameter types, or a Standard Schema. Default: none. */
  readonly params?: P;
  /**
   * Which rows of the result table `handle` can answer with, or what the `data` of the answer holds: parameter types by name, `object({ … })` or a
   * Standard Schema. Data that does not fit is an `internal_error`. Default: all rows, and the data as `handle` has it.
   */
  readonly returns?: V;
  /** The errors of its own that it may answer with, for programs: `{ already_shipped: { details: { at: dateTime() } } }`. Default: none. */
  readonly errors?: E;
  /** Calls as somebody might make them, for people: `[{ params: { reason: "An old customer." } }]`. Parameters that are not valid throw. Default: none. */
  readonly examples?: readonly ActionExample<InferParamsInput<P>>[];
  /** May this identity do it, to this subject? `everyone` when each may. */
  readonly authorize: (context: { readonly identity: Identity } & WithSubjectOf<S>) => MaybePromise<boolean>;
  /** Rules between parameters, which no schema can say: faults by field, or nothing. */
  readonly validate?: (params: InferActionParams<P>) => FieldErrors | undefined;
  /** What must be so before `handle` runs; throws an ActionError when it is not. */
  readonly preconditions?: (context: DeclaredContext<P, S, E>) => MaybePromise<void>;
  /** Does it. What it returns decides the answer; see {@link HandlerResult}. */
  readonly handle: (context: DeclaredContext<P, S, E>) => T;
  /** For many subjects at once. Only for an action that has a subject. */
  readonly bulk?: BulkDefinition<InferActionParams<P>, RecordOf<S>, AnswerOf<V, S>, E>;
  /**
   * Stands beside the data of a success: `Order approved.` A function gets what `handle` has returned; write it below `handle`, by which its
   * type is inferred. Default: the label and "succeeded".
   */
  readonly message?: string | ((result: DataIn<Awaited<T>>) => string);
}
