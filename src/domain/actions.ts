import { bulk, type BulkCall, type BulkOutcome } from "./bulk.ts";
import type { Catalog } from "./catalog.ts";
import { describeAction, summarizeAction, type ActionDescription, type ActionSummary } from "./describe.ts";
import { execute, type ExecuteCall } from "./execute.ts";
import type { Failed, Outcome } from "./outcome.ts";
import type { Clock, NewId, Observe, RecordStore } from "./ports.ts";
import { run, type MaybePromise } from "./steps.ts";
import { Turns } from "./turns.ts";

/** What {@link createActions} takes. */
export interface ActionsOptions {
  readonly catalog: Catalog;
  readonly store: RecordStore;
  /** Epoch milliseconds: `Date.now`. */
  readonly clock: Clock;
  /** Random UUIDs: `crypto.randomUUID`. */
  readonly newId: NewId;
  /** Told of unforeseen failures with their cause. Default: nobody is. */
  readonly observe?: Observe;
  /** The most subjects of one bulk call. Default 10,000. */
  readonly maxBulkIds?: number;
  /** Items of one bulk call under way at once while the action waits, 1 to 100. Default 8. */
  readonly bulkConcurrency?: number;
}

/** The actions, ready to be called: every transport calls these and nothing else. */
export interface Actions {
  /** Runs one action. Always answers an Outcome; never throws for what the caller or the action did. */
  execute(call: ExecuteCall): MaybePromise<Outcome>;
  /** Runs one action on many subjects. */
  bulk(call: BulkCall): MaybePromise<BulkOutcome | Failed>;
  /** All that a client must know of an action, or undefined when there is none of that key. */
  describe(key: string): ActionDescription | undefined;
  /** All actions, in key order. */
  list(): readonly ActionSummary[];
}

/** Makes the actions of a catalog callable on a store. */
export function createActions(options: ActionsOptions): Actions {
  const { catalog, store, clock, newId, observe = () => undefined } = options;
  const maxBulkIds = checkWhole("maxBulkIds", options.maxBulkIds ?? 10_000, 1_000_000);
  const bulkConcurrency = checkWhole("bulkConcurrency", options.bulkConcurrency ?? 8, 100);
  const engine = { catalog, store, clock, newId, observe, maxBulkIds, bulkConcurrency, turns: new Turns() };
  return {
    execute: (call) => run(execute(engine, call)),
    bulk: (call) => run(bulk(engine, call)),
    describe(key) {
      const action = catalog.find(key);
      return action === undefined ? undefined : describeAction(action, maxBulkIds);
    },
    list: () => catalog.actions.map(summarizeAction),
  };
}

function checkWhole(name: string, value: number, max: number): number {
  if (Number.isInteger(value) && value >= 1 && value <= max) return value;
  throw new TypeError(`${name} must be a whole number from 1 to ${max}, not ${value}`);
}
