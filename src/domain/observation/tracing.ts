import type { FailureCode } from "../errors.ts";
import type { IdentityKind } from "../identity.ts";
import type { MaybePromise } from "../maybe-promise.ts";
import type { SubjectReference } from "../ports.ts";

/** A piece of work as whoever follows it is told of it. What is not known before the end is null, or absent, until then. */
export interface Traced {
  /**
   * Where the work belongs (W3C Trace Context). Whoever makes a span of the work puts that in its place before the work begins:
   * then it is what is kept, and what everything inside belongs to.
   */
  traceparent: string | undefined;
  /** How long it took, in milliseconds. There once it has ended. */
  durationMs?: number;
  /** What it has failed with, unforeseen. */
  error?: unknown;
}

/** Who acts. */
export interface TracedIdentity {
  readonly kind: IdentityKind;
  readonly issuer: string;
  readonly id: string;
  /** The app that a user acts through. */
  readonly clientId: string | undefined;
}

/** A call of an action that is there. */
export interface TracedExecution extends Traced {
  readonly kind: "execute" | "preview" | "bulk";
  readonly action: string;
  readonly subject: SubjectReference | null;
  readonly identity: TracedIdentity;
  readonly requestId: string | undefined;
  readonly via: string | undefined;
  /** `success`; `refused` by an ActionError; the code of a failure; of a bulk call also `partial` and `failed`. */
  outcome: "success" | "refused" | "partial" | "failed" | FailureCode | null;
  /** The code that the action has given its ActionError. */
  code: string | undefined;
  /** Was it answered from memory, under its idempotency key? */
  replayed: boolean;
  /** The workflow that it has started as its answer. */
  workflowId: string | undefined;
  /** What became of the subjects of a bulk call, or would in a preview of one. */
  items: { readonly succeeded: number; readonly failed: number; readonly skipped: number } | null;
}

/** A commit to the store. Another try after a conflict is another commit. */
export interface TracedCommit extends Traced {
  readonly changes: number;
  readonly entries: number;
  outcome: "committed" | "conflict" | null;
}

/** One try of a step of a workflow's run, with its commit. */
export interface TracedStep extends Traced {
  /** The workflow's name. */
  readonly workflow: string;
  readonly workflowId: string;
  readonly step: string;
  /** Which try it is, from 1. */
  readonly attempt: number;
  /** What started the run: the action's key, its subject, and who it was. */
  readonly action: string;
  readonly subject: SubjectReference | null;
  readonly identity: TracedIdentity;
  outcome: "done" | "failed" | null;
}

/** A run that has begun or ended. */
export interface RunNews {
  readonly workflow: string;
  readonly workflowId: string;
  readonly status: "started" | "completed" | "failed" | "cancelled" | "continued";
  readonly traceparent: string | undefined;
}

/**
 * Follows a piece of work: tells of it before it begins and after it has ended, when `ended` has written into the message
 * what it came to. Answers what the work does, and throws what it throws.
 */
export type Trace<M extends Traced> = <T>(message: M, work: () => MaybePromise<T>, ended: (result: T) => void) => MaybePromise<T>;

/**
 * Who follows what is done: each is asked for when such work begins, and null while nobody does. Then nothing is made: no
 * message, no closure.
 */
export interface Tracing {
  readonly execution: Trace<TracedExecution> | null;
  readonly commit: Trace<TracedCommit> | null;
  readonly step: Trace<TracedStep> | null;
  readonly run: ((news: RunNews) => void) | null;
}

/** Nobody follows anything. */
export const UNTRACED: Tracing = { execution: null, commit: null, step: null, run: null };

/** What is told of an identity. */
export function toTracedIdentity({ kind, issuer, id, clientId }: Omit<TracedIdentity, "clientId"> & { readonly clientId?: string | undefined }): TracedIdentity {
  return { kind, issuer, id, clientId };
}
