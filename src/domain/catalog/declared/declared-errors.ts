import { requireOptions, type Names } from "../../check-option.ts";
import { ActionError, FAILURE_CODES } from "../../errors.ts";
import { toJson } from "../../json.ts";
import type { InferParamsInput, ParamsDeclaration } from "../../params/index.ts";
import { compileDeclared, type DataCheck } from "./data-check.ts";

/** An error that an action may answer with, as it is declared. */
export interface ErrorDefinition {
  /** What its `details` hold: parameter types by name, or a Standard Schema. Default: it has none. */
  readonly details?: ParamsDeclaration;
  /** May the same call go well later? Told to programs in the schema document. Default: false. */
  readonly retry?: boolean;
}

/** The errors of an action by their codes, which are snake_case and none of the {@link FAILURE_CODES}. */
export interface ErrorDefinitions {
  readonly [code: string]: ErrorDefinition;
}

type DetailsOf<D extends ErrorDefinition> = D extends { readonly details: infer P extends ParamsDeclaration } ? InferParamsInput<P> : undefined;

/** What a caller may meet of these errors: one type, told apart by `code`. */
export type ErrorsOf<E extends ErrorDefinitions> = { [C in keyof E & string]: { readonly code: C; readonly details: DetailsOf<E[C]> } }[keyof E & string];

type GivenFor<E extends ErrorDefinitions> = {
  [C in keyof E & string]: E[C] extends { readonly details: infer P extends ParamsDeclaration } ? [code: C, message: string, details: InferParamsInput<P>] : [code: C, message: string];
}[keyof E & string];

/** Makes an error that was declared: `throw fail("already_shipped", "Order #10248 has already shipped.", { at })`. */
export type Fail<E extends ErrorDefinitions> = (...given: GivenFor<E>) => ActionError;

/** A declared error, ready to be described and checked. */
export interface DeclaredError {
  readonly code: string;
  readonly retry: boolean;
  /** Null: it has no details. */
  readonly details: DataCheck | null;
}

/** The errors of an action by code. */
export type DeclaredErrors = ReadonlyMap<string, DeclaredError>;

/** {@link Fail}, whatever was declared: the types say what may be given. */
export function fail(code: string, message: string, ...[details]: readonly unknown[]): ActionError {
  return new ActionError(message, details === undefined ? { code } : { code, details: toJson(details, "details") });
}

const OPTIONS: Names<ErrorDefinition> = { details: true, retry: true };
const CODE = /^[a-z][a-z0-9]*(_[a-z0-9]+)*$/;
const TAKEN: ReadonlySet<string> = new Set(FAILURE_CODES);
/** What the typed client says of calls by itself. An error of such a name could not be told from it: after the client's `timeout` the action may have taken effect. */
const TAKEN_BY_CLIENT: ReadonlySet<string> = new Set(["aborted", "network", "refused", "timeout", "unexpected_answer"]);

/** Throws a TypeError that names the action and the code. */
export function compileErrors(key: string, errors: ErrorDefinitions): DeclaredErrors {
  return new Map(Object.entries(errors).map(([code, definition]) => [code, compileError(key, code, definition)]));
}

function compileError(key: string, code: string, definition: ErrorDefinition): DeclaredError {
  requireOptions(`action "${key}": errors.${code}`, definition, OPTIONS);
  const { details, retry = false } = definition;
  if (!CODE.test(code)) throw new TypeError(`action "${key}": errors: the code "${code}" must be snake_case such as "already_shipped"`);
  if (TAKEN.has(code)) throw new TypeError(`action "${key}": errors: "${code}" is a failure code of every action; give the error a code of its own`);
  if (TAKEN_BY_CLIENT.has(code)) throw new TypeError(`action "${key}": errors: "${code}" is what the typed client says of a call that came to no such answer; give the error a code of its own`);
  if (typeof retry !== "boolean") throw new TypeError(`action "${key}": errors: retry of "${code}" must be true or false`);
  return Object.freeze({ code, retry, details: details === undefined ? null : compileDeclared(key, `errors: details of "${code}"`, details) });
}

/** Would programs take this error for a failure of every action? After `unavailable`, for one, they would try again. */
export function hasTakenCode({ code = "" }: ActionError): boolean {
  return TAKEN.has(code);
}

/** Why the details of an error do not fit what was declared for its code; undefined when they fit, or when the code was not declared. */
export async function misfitOf(declared: DeclaredErrors, { code, details }: ActionError): Promise<string | undefined> {
  const error = code === undefined ? undefined : declared.get(code);
  if (error === undefined) return undefined;
  if (error.details === null) return details === undefined ? undefined : `the error "${code}" was declared without details and has some`;
  const misfit = await error.details.misfit(details);
  return misfit === undefined ? undefined : `the details of the error "${code}" are not what was declared: ${misfit}`;
}
