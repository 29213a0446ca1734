import type { Refusals } from "../audit/refusals.ts";
import type { Catalog } from "../catalog/catalog.ts";
import type { Clock, Digest, NewAbortController, NewId, Observe } from "../ports.ts";
import { shieldObserver } from "../observation/shield-observer.ts";
import type { Traced, Tracing } from "../observation/tracing.ts";
import type { WorkflowRunner } from "../workflow/start.ts";
import type { Deadlines } from "./time/deadlines.ts";
import type { Quota } from "./quota.ts";
import type { Timestamps } from "./time/timestamps.ts";
import type { Transactions } from "./transact.ts";

/** What executions run on. */
export interface ExecutionPorts extends Transactions {
  readonly catalog: Catalog;
  readonly clock: Clock;
  readonly timestamps: Timestamps;
  readonly newId: NewId;
  readonly digest: Digest;
  /** Null: there is no timer, and nothing has a deadline. */
  readonly deadlines: Deadlines | null;
  /** How long a handler may take whose action says nothing, in milliseconds. */
  readonly handlerTimeoutMs: number;
  /** Null: handlers get no signal. */
  readonly newAbortController: NewAbortController | null;
  /** Never throws. */
  readonly observe: Observe;
  readonly tracing: Tracing;
  readonly workflows: WorkflowRunner;
  readonly idempotencyRetentionSeconds: number;
  /** What the remembered answers of one identity may take. */
  readonly answerQuota: Quota;
  /** Null: nothing is audited. */
  readonly auditRetentionSeconds: number | null;
  readonly refusals: Refusals;
}

/** Who asks, for whoever reads the log. */
export interface Asking {
  /** What a transport calls the request. */
  readonly requestId?: string | undefined;
}

/** Which call something is observed of. */
export interface Calling extends Asking {
  readonly key: string;
  /** By which it is followed, if anybody does. */
  readonly traced?: Traced | null;
}

/** Observes an unforeseen failure of a call. */
export function report({ observe }: Pick<ExecutionPorts, "observe">, call: Calling, event: string, error: unknown): void {
  if (call.traced) call.traced.error ??= error;
  observe({ event, action: call.key, error, ...(call.requestId === undefined ? {} : { requestId: call.requestId }) });
}

/**
 * An observer that may throw, as one that never fails the call. A store that refuses everything for a while, since it is full or
 * closed, gives the same cause each time: of that it is told once, or the log would fill the disk as well.
 */
export function tellCausesOnce(observe: Observe): Observe {
  const told = new WeakSet<object>();
  const shielded = shieldObserver(observe);
  return (observation) => {
    const { event, error } = observation;
    if (event === "store_unavailable" && error instanceof Error) {
      if (told.has(error)) return;
      told.add(error);
    }
    shielded(observation);
  };
}
