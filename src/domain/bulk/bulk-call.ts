import type { Engine } from "../execution/engine.ts";
import type { Call } from "../execution/execute.ts";
import type { MaybePromise } from "../maybe-promise.ts";
import type { BulkInput, BulkLimits } from "./bulk-input.ts";
import type { BulkItem } from "./bulk-outcome.ts";

/** Many executions of one action that somebody asks for. */
export interface BulkCall extends Call {
  /** Checked whole: it may come straight from a wire. */
  readonly input: BulkInput | Readonly<Record<string, unknown>>;
  /** Told of each item as it is done, in that order; the next ones wait for what it answers. May not fail. */
  readonly onItem?: (item: BulkItem) => MaybePromise<void>;
}

/** How bulk runs. */
export interface BulkEngine extends Engine, BulkLimits {
  /** Items of one `each` call that may be under way at once when the action waits. */
  readonly bulkConcurrency: number;
  /** Lets others have a turn; null: nothing is waited for. */
  readonly breathe: (() => MaybePromise<void>) | null;
}
