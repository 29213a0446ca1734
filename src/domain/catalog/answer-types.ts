import type { Redirected, ReturnKind, SeenRecord, ShownAs, StartedWorkflow, ValueResult } from "../execution/answer/result.ts";
import type { InferParamsInput, OutputOf, Param, ParamsDeclaration, Presence } from "../params/index.ts";
import type { DataDeclaration } from "./declared/data-check.ts";
import type { RecordOf, ShownOf, SubjectClass, SubjectRecord } from "./subject.ts";

/** What an action says of its answers: rows of the result table, or what the data holds. */
export type ReturnsDeclaration = readonly ReturnKind[] | DataDeclaration;

/** Are these rows of the result table? */
export function isReturnKinds(returns: ReturnsDeclaration): returns is readonly ReturnKind[] {
  return Array.isArray(returns);
}

/** An object that names itself to people. */
interface Titled extends SubjectRecord {
  readonly title: string;
}

/** What a handler may answer with in each row; `R` is the record of the action's subject. The most frequent data stand first: a compiler compares in this order. */
interface Answers<R> {
  readonly message: string;
  readonly data: ValueResult | SeenRecord | Titled | ([R] extends [SubjectRecord] ? R : never);
  readonly workflow: StartedWorkflow;
  readonly nothing: null | undefined | void;
}

type OrRedirected<T> = T | Redirected<T>;

/** Data of this declaration, as it goes out. */
export type DataOf<V> = V extends Param<unknown, Presence, unknown> ? OutputOf<V> : V extends ParamsDeclaration ? InferParamsInput<V> : never;

/** What a handler may return, by what the action says of its answers: where that is what the data holds, a record only if it is shown as such. */
export type AnswerOf<V, S> = V extends readonly ReturnKind[]
  ? OrRedirected<Answers<RecordOf<S>>[V[number]]>
  : OrRedirected<ValueResult<DataOf<V>> | (DataOf<V> & SubjectRecord) | SeenRecord<DataOf<V>> | FittingRecord<S, DataOf<V>>>;

type FittingRecord<S, D> = S extends SubjectClass ? (Sent<ShownOf<S>> extends D ? RecordOf<S> : never) : never;

/** What `message` is given: of what a handler returns, that which becomes data. */
export type DataIn<T> = T extends Redirected<infer U>
  ? DataIn<U>
  : T extends ValueResult<infer D>
    ? Sent<D>
    : T extends string | StartedWorkflow | null | undefined | void
      ? never
      : T;

/** The body of a success, without `success`: by what the data was declared as, or else by what the handler returns. */
export type BodyOf<T, V, S> = V extends readonly ReturnKind[] ? InferredBody<T, S> : { readonly message: string; readonly data: DataOf<V> };

type InferredBody<T, S> = T extends Redirected<infer U>
  ? InferredBody<U, S>
  : T extends string
    ? { readonly message: string }
    : T extends StartedWorkflow
      ? { readonly workflow_id: string }
      : T extends ValueResult<infer D>
        ? { readonly message: string; readonly data: Sent<D> }
        : T extends null | undefined | void
          ? {}
          : { readonly message: string; readonly data: Sent<ShownAnswer<T, S>> };

/** Data as JSON has it: a Date is its text there. */
type Sent<T> = T extends string | number | boolean | null | undefined ? T : T extends Date ? string : T extends object ? { [K in keyof T]: Sent<T[K]> } : T;

/** A record is shown by its class; another object as it is. */
type ShownAnswer<T, S> = T extends ShownAs<infer Shown> ? Shown : S extends SubjectClass ? (T extends RecordOf<S> ? ShownOf<S> : T) : T;

/** What an ID of the subject is, or null when there is none. */
export type IdOf<S> = S extends SubjectClass ? RecordOf<S>["id"] : null;
