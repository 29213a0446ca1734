import type { FieldErrors } from "../errors.ts";
import type { Identity, IdentityKind } from "../identity.ts";
import type { Json, JsonObject } from "../json.ts";
import type { MaybePromise } from "../maybe-promise.ts";
import type { SubjectReference } from "../ports.ts";
import type { WorkflowStatus } from "./status.ts";

/** Numbers from 0 up to but not including 1: `Math.random`. */
export type Randomness = () => number;

/** A commit that is being prepared. What is added to it is kept exactly when all the rest is. */
export interface PendingCommit {
  put(collection: string, id: string, value: JsonObject): void;
  /** Told when the commit is there; never told when it is not. */
  onCommitted(tell: () => void): void;
}

/** What a run must know of the identity that started it, to act as that identity later. */
export interface StartedBy {
  readonly kind: IdentityKind;
  readonly issuer: string;
  readonly id: string;
  readonly name: string;
  /** Those it had at the start, narrowed by its token's scope. */
  readonly permissions: readonly string[];
  /** The app that a user acted through. */
  readonly clientId?: string;
}

/** A run to be started. */
export interface WorkflowStart {
  readonly name: string;
  /** Valid for the workflow, as it was sent. */
  readonly input: JsonObject;
  readonly identity: Identity;
  /** The key of the action that starts it, and its subject. */
  readonly action: string;
  readonly subject: SubjectReference | null;
  /** To which trace that belongs, and so the run: kept with it. Absent: to none. */
  readonly traceparent?: string | undefined;
}

/** How far it is. */
export interface WorkflowProgress {
  readonly done: number;
  readonly total: number;
}

/** A run as an engine tells of it. Times are RFC 3339 in UTC. */
export interface WorkflowRun {
  readonly id: string;
  readonly name: string;
  readonly action: string;
  readonly subject: SubjectReference | null;
  readonly startedBy: StartedBy;
  readonly status: WorkflowStatus;
  readonly progress: WorkflowProgress | null;
  readonly createdAt: string;
  readonly updatedAt: string;
  /** Epoch milliseconds of the next thing that happens by itself; null: none is known. */
  readonly wakeAt: number | null;
  /** When completed: what `run` returned. When continued: `{"workflow_id"}` of the run that goes on. */
  readonly result?: Json;
  /** When failed or cancelled: why, in a sentence. */
  readonly error?: string;
}

/** Which runs are asked for, newest first. */
export interface RunQuery {
  readonly after?: string;
  readonly limit: number;
  readonly status?: WorkflowStatus;
  /** Only those of this identity; see `identityKey`. Absent: everybody's. */
  readonly startedBy?: string;
}

/** A page of runs; a page may be short of its limit, and `next` then goes on. */
export interface RunPage {
  readonly runs: readonly WorkflowRun[];
  readonly next: string | null;
}

/** A page of what a run keeps as its results, in their order. */
export interface ResultPage {
  readonly results: readonly Json[];
  readonly next: string | null;
}

/** What became of a signal or of the wish to cancel. */
export type Delivery =
  | { readonly delivered: true }
  | { readonly delivered: false; readonly reason: "ended" | "unknown" | "full" }
  | { readonly delivered: false; readonly reason: "invalid"; readonly errors: FieldErrors };

/**
 * Runs workflows. The embedded engine is one; a distributed engine can stand in its place, made of what
 * `actionport/workflow-engine` exports. It knows nothing of who may see or do what: the domain asks that before it asks the engine.
 */
export interface WorkflowEngine {
  /** Adds the run to the commit and answers its ID: with the commit there is exactly one run, without it there is none. */
  start(commit: PendingCommit, start: WorkflowStart): string;
  find(id: string): MaybePromise<WorkflowRun | undefined>;
  list(query: RunQuery): MaybePromise<RunPage>;
  /** Asks the run to end: between its steps, undoing what it has done. A step that is under way is told by its signal, and not waited for forever. */
  cancel(id: string): MaybePromise<Delivery>;
  /** Hands the run a signal, now or when it comes to wait for it. */
  signal(id: string, name: string, value: JsonObject): MaybePromise<Delivery>;
  results(id: string, page: { readonly after?: string; readonly limit: number }): MaybePromise<ResultPage>;
  /** Tells whenever the run may have changed, until the answer is called. */
  watch(id: string, changed: () => void): () => void;
  /** Goes on with every run that has not ended. Nothing runs before. */
  open(): Promise<void>;
  /** Begins no step any more, and lets those under way end: for a while, so that one which never does holds up nobody. */
  close(): Promise<void>;
}
