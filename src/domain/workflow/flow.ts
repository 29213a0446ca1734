import type { Json } from "../json.ts";
import type { Outcome, Succeeded } from "../execution/answer/outcome.ts";
import type { InferShape, ParamShape } from "../params/index.ts";
import type { MaybePromise } from "../maybe-promise.ts";
import type { SubjectId } from "../catalog/subject-id.ts";
import type { Subjects } from "../execution/unit/subjects.ts";
import type { Duration } from "./duration.ts";
import type { RetryPolicy } from "./retry.ts";

/** What a value is once it was kept as JSON: a `Date` is its text, and what JSON cannot say is not there. */
export type Kept<T> = T extends Json | undefined
  ? T
  : T extends void
    ? undefined
    : T extends Date
      ? string
      : T extends (...given: never) => unknown
        ? never
        : T extends object
          ? { readonly [K in keyof T]: Kept<T[K]> }
          : never;

/** An action, or whatever has its key. */
export interface ActionKey {
  readonly key: string;
}

/** What a step works with. */
export interface StepContext {
  /**
   * Always the same for this step of this run, however often it is tried: hand it on as an idempotency key to
   * whatever is outside.
   */
  readonly key: string;
  /** Which try this is, from 1. */
  readonly attempt: number;
  /** The time of this try: RFC 3339 in UTC. */
  readonly now: string;
  /** A fresh UUID. */
  readonly newId: () => string;
  /** Aborted when the time of this try is over, its run is cancelled, or the engine closes without it: hand it on to whatever may take long. */
  readonly signal: AbortSignal;
  /** To which trace the run belongs (W3C Trace Context): hand it on, as `traceparent`, to whatever is called. Undefined: to none. */
  readonly traceparent: string | undefined;
  /** Reads and changes subjects. The changes are kept by the same commit as the step's result: exactly once. */
  readonly subjects: Subjects;
  /**
   * Runs an action as the identity that started the workflow, with the permissions it has by now; what it changes is kept with
   * the step. Those that are asked for at once run one after the other, and the step's own changes wait for them: TypeError.
   * Throws an ActionError when it is refused.
   */
  readonly perform: (action: ActionKey, id: SubjectId | null, params?: object) => Promise<Succeeded>;
  /** The same, with a refusal as an answer. */
  readonly tryToPerform: (action: ActionKey, id: SubjectId | null, params?: object) => Promise<Outcome>;
}

/** What a step may say about itself. */
export interface StepOptions<T = unknown> {
  readonly retry?: RetryPolicy;
  /** A try that takes longer, in milliseconds, counts as failed; what it would have changed is not kept. Default: the engine's, 300,000 (5 minutes) in the embedded one. */
  readonly timeoutMs?: number;
  /** Undoes the step when the run is cancelled or fails. The last step is undone first. */
  readonly compensate?: (result: Kept<T>, step: StepContext) => MaybePromise<void>;
}

/** A part of {@link Flow.each}: how to work on one of many. */
export interface EachOptions {
  /** How many may be under way at once, 1 to 100. Default 1: in order. */
  readonly concurrency?: number;
  /** Under which name a result is counted. Default: all under `done`. */
  readonly tally?: (result: Json) => string;
  /** One of them that takes longer, in milliseconds, has lost its time; what it would have changed is not kept. Default: as that of a step. */
  readonly timeoutMs?: number;
  /** The result of one whose time was over (`unavailable`), or that one commit cannot hold (`payload_too_large`): nothing else of it is kept. Default: that ends it all, as any error does. */
  readonly instead?: (index: number, code: EachLoss) => Json;
}

/** Why one of many has no result of its own. */
export type EachLoss = "unavailable" | "payload_too_large";

/** How many results were counted under each name. */
export type Tally = Readonly<Record<string, number>>;

/**
 * What a workflow's code does everything through. Its promises are the only ones that the code may await: after a
 * crash or a pause the code runs again from its beginning, and what it did before is answered from the journal.
 */
export interface Flow {
  /** The run's ID. */
  readonly id: string;
  /**
   * Does something, once it is done never again. Changes to subjects are kept exactly once; an effect outside may
   * happen more than once, with the same `key`. An ActionError is final, and so is an answer that is no JSON or more than a
   * commit can hold; any other error is tried again. The name has at most 100 characters.
   */
  step<T>(name: string, work: (step: StepContext) => MaybePromise<T>, options?: StepOptions<T>): Promise<Kept<T>>;
  /** Runs an action as the identity that started the workflow, with the permissions it has by then. Throws an ActionError when it is refused. */
  action(action: ActionKey, id: SubjectId | null, params?: object, options?: StepOptions<Succeeded>): Promise<Succeeded>;
  sleep(duration: Duration): Promise<void>;
  /** A `Date`, or RFC 3339 text. */
  until(time: Date | string): Promise<void>;
  /** Waits for a signal of this name. One that does not fit the shape is passed over. */
  waitFor<const S extends ParamShape>(signal: string, shape: S): Promise<InferShape<S>>;
  /** The same, or undefined when the time is over before it came. */
  waitFor<const S extends ParamShape>(signal: string, shape: S, options: { readonly timeout: Duration }): Promise<InferShape<S> | undefined>;
  /**
   * Works on each index from 0 to below `count`, each in a commit of its own that holds what it answers as one of the run's
   * results: none twice, whatever crashes. Shows progress. An error ends it; what was done stays done.
   */
  each(count: number, work: (index: number, step: StepContext, soFar: Tally) => MaybePromise<Json>, options?: EachOptions): Promise<Tally>;
  /** Says how far the run is. */
  progress(done: number, total: number): void;
  /** Ends this run and goes on in a new one with this input, with an empty journal. */
  continueAs(input: object): Promise<never>;
  /** Cancels the run from within, for this reason, as if somebody had asked for it. */
  cancel(reason: string): Promise<never>;
}
