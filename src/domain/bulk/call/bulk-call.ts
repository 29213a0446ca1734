import type { Breath } from "../../execution/time/breath.ts";
import type { ExecutionPorts } from "../../execution/execution-ports.ts";
import type { Call } from "../../execution/execute.ts";
import type { Failed } from "../../execution/answer/outcome.ts";
import type { Identity } from "../../identity.ts";
import type { MaybePromise } from "../../maybe-promise.ts";
import type { Floor } from "../run/floor.ts";
import type { BulkPlaces } from "./bulk-places.ts";
import type { BulkInput, BulkLimits } from "./bulk-input.ts";
import type { BulkItem } from "../bulk-outcome.ts";

/** Many executions of one action that somebody asks for. */
export interface BulkCall extends Call {
  /** Checked whole: it may come straight from a wire. */
  readonly input: BulkInput | Readonly<Record<string, unknown>>;
  /**
   * Told of each item as it is done, in that order; the next ones wait for what it answers. Items that were done
   * together are told together. May not fail.
   */
  readonly onItem?: (item: BulkItem) => MaybePromise<void>;
  /**
   * False: `items` of the outcome may be empty, since `onItem` is told of all of them. Then a call in mode `each` or `stop` without an idempotency key
   * takes the same memory however many items it has. Default true.
   */
  readonly keepsItems?: boolean;
  /**
   * Who the identity is by now, or the failure of every further item. Asked again and again while the batch runs, so that permissions
   * that are taken away count from the next items on. Default: it stays as it is.
   */
  readonly identityNow?: () => MaybePromise<Identity | Failed>;
}

/** How bulk runs. */
export interface BulkPorts extends ExecutionPorts, BulkLimits {
  /** Items of one call that may be under way at once when the action waits; 1: each is done before the next begins. */
  readonly bulkConcurrency: number;
  /** What long work waits for, so that others get their turn. */
  readonly breath: Breath;
  readonly floor: Floor;
  readonly places: BulkPlaces;
}
