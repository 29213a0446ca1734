import type { ActionError, FieldErrors } from "../errors.ts";
import { compileActionParams, type CompiledParams, type InferParamsInput, type ParamsDeclaration } from "../params/index.ts";
import { RETURN_KINDS, type HandlerResult, type ReturnKind } from "../execution/answer/result.ts";
import type { MaybePromise } from "../maybe-promise.ts";
import { isReturnKinds, type AnswerOf, type BodyOf, type IdOf, type ReturnsDeclaration } from "./answer-types.ts";
import { checkDefinition } from "./declared/check-definition.ts";
import { compileDeclared, type DataCheck } from "./declared/data-check.ts";
import { compileErrors, type DeclaredErrors, type ErrorDefinitions, type ErrorsOf } from "./declared/declared-errors.ts";
import type { ActionDefinition, AuthorizeContext, Effect, HandleAllContext, HandleContext } from "./definition.ts";
import { checkExamples, type ExampleDescription } from "./examples.ts";
import { isSubjectClass, whyStrange, type SubjectClass } from "./subject.ts";

/** How an action answers bulk calls, once it is ready. */
export interface ActionBulk {
  /** Null: what `createActions` says. */
  readonly maxIds: number | null;
  handleAll?(context: HandleAllContext<unknown, unknown>): MaybePromise<readonly (HandlerResult | ActionError)[]>;
}

/** What a caller must know of an action: its subject's ID or null, what it takes, the body of its success without `success`, and its own errors. */
export interface CallTypes<Id, Params, Result, Errors> {
  readonly id: Id;
  readonly params: Params;
  readonly result: Result;
  readonly errors: Errors;
}

/** {@link CallTypes} of a declaration. An interface, since what stands in one is worked out only when somebody asks for it: most actions of a large catalog are never called from where they are compiled. */
export interface DeclaredTypes<P extends ParamsDeclaration, S, V, T, E extends ErrorDefinitions> {
  readonly id: IdOf<S>;
  readonly params: InferParamsInput<P>;
  readonly result: BodyOf<Awaited<T>, V, S>;
  readonly errors: ErrorsOf<E>;
}

/** A message made of what `handle` has returned. Written as a method, so that one for a narrower result fits: it is given no other. */
type MessageOf = { of(result: unknown): string }["of"];

/** What is the same type for every action. */
interface AnyAction {
  readonly label: string;
  readonly description: string;
  readonly effect: Effect;
  readonly subject: SubjectClass | null;
  readonly params: CompiledParams<unknown>;
  /** Milliseconds; null: what `createActions` says. */
  readonly timeoutMs: number | null;
  readonly returns: readonly ReturnKind[];
  /** What was declared of its data; null when nothing was. */
  readonly result: DataCheck | null;
  /** What was declared of its errors; null when nothing was. */
  readonly errors: DeclaredErrors | null;
  readonly examples: readonly ExampleDescription[];
  readonly message: string | MessageOf;
  readonly bulk: ActionBulk;
  authorize(context: AuthorizeContext<unknown>): MaybePromise<boolean>;
  validate(params: unknown): FieldErrors | undefined;
  preconditions(context: HandleContext<unknown, unknown>): MaybePromise<void>;
  handle(context: HandleContext<unknown, unknown>): MaybePromise<HandlerResult>;
}

/** An action, ready for a catalog. Its type keeps what was declared, for whoever calls it; see {@link CallTypes}. */
export interface Action<Key extends string = string, Types = unknown> extends AnyAction {
  /** Only in the type: {@link CallTypes}. Unknown where an action stands for any, so that nothing is worked out to see that one does. */
  readonly "~types"?: Types;
  readonly key: Key;
}

/**
 * Declares an action. Types are inferred: in `authorize`, `preconditions` and `handle`, `subject` and `params` have
 * exactly what was declared. What is wrong with a single definition throws a TypeError that names it here;
 * what is wrong between actions, the catalog says. `T` comes last and has a default, which spares compilers a comparison before they have looked at `handle`.
 */
export function defineAction<
  const Key extends string,
  const P extends ParamsDeclaration = Record<never, never>,
  S extends SubjectClass | undefined = undefined,
  const V extends ReturnsDeclaration = readonly ReturnKind[],
  const E extends ErrorDefinitions = Record<never, never>,
  T extends MaybePromise<AnswerOf<V, S>> = never,
>(definition: ActionDefinition<Key, P, S, V, T, E>): Action<Key, DeclaredTypes<P, S, V, T, E>> {
  const { key, label, subject } = definition;
  if ("subject" in definition && !isSubjectClass(subject)) {
    throw new TypeError(`action "${key}": its subject was not made by defineSubject() (${whyStrange(subject)})`);
  }
  checkDefinition(definition);
  const params = compileActionParams(key, definition.params);
  return Object.freeze({
    key,
    label,
    description: definition.description ?? "",
    effect: definition.effect ?? "write",
    subject: subject ?? null,
    params,
    timeoutMs: checkTimeout(key, definition.timeoutMs),
    ...checkReturns(key, definition.returns),
    errors: definition.errors === undefined ? null : compileErrors(key, definition.errors),
    examples: checkExamples({ key, label, subject: subject ?? null, params }, definition.examples ?? []),
    message: definition.message ?? `${label} succeeded.`,
    bulk: checkBulk(key, subject, definition.bulk),
    authorize: definition.authorize,
    validate: definition.validate ?? (() => undefined),
    preconditions: definition.preconditions ?? (() => undefined),
    handle: definition.handle,
  });
}

function checkReturns(key: string, returns: ReturnsDeclaration = RETURN_KINDS): Pick<Action, "returns" | "result"> {
  if (isReturnKinds(returns)) return { returns, result: null };
  return { returns: DATA_ALONE, result: compileDeclared(key, "returns", returns) };
}

const DATA_ALONE: readonly ReturnKind[] = ["data"];

function checkBulk(key: string, subject: SubjectClass | undefined, bulk: Partial<ActionBulk> | undefined): ActionBulk {
  const { maxIds = null, handleAll } = bulk ?? {};
  if (bulk !== undefined && subject === undefined) throw new TypeError(`action "${key}": bulk is for actions with a subject; leave it out`);
  if (handleAll !== undefined && typeof handleAll !== "function") throw new TypeError(`action "${key}": bulk.handleAll must be a function, or left out: ({ all, params, subjects }) => all.map(…)`);
  if (maxIds !== null && !(Number.isInteger(maxIds) && maxIds >= 1)) throw new TypeError(`action "${key}": bulk.maxIds must be a whole number from 1, not ${maxIds}`);
  return Object.freeze({ maxIds, ...(handleAll === undefined ? {} : { handleAll }) });
}

const DAY_MS = 86_400_000;

function checkTimeout(key: string, timeoutMs: number | undefined): number | null {
  if (timeoutMs === undefined) return null;
  if (Number.isInteger(timeoutMs) && timeoutMs >= 1 && timeoutMs <= DAY_MS) return timeoutMs;
  throw new TypeError(`action "${key}": timeoutMs must be a whole number from 1 to ${DAY_MS}, not ${timeoutMs}`);
}
