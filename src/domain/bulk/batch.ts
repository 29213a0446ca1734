import type { Action } from "../catalog/action.ts";
import type { Execution } from "../execution/attempt.ts";
import type { BulkCall, BulkEngine } from "./bulk-call.ts";
import type { CheckedBulkInput } from "./bulk-input.ts";
import type { BulkMemory } from "./bulk-memory.ts";
import type { BulkItem } from "./bulk-outcome.ts";
import type { Prefetched } from "./prefetch.ts";

/** A bulk call whose form and parameters have been checked. */
export interface Batch {
  readonly call: BulkCall;
  readonly action: Action;
  readonly input: CheckedBulkInput;
  readonly known: Prefetched;
  /** What is remembered under the call's idempotency key; null without one. */
  readonly memory: BulkMemory | null;
}

/** The execution of one item; null when its ID is none. */
export function executionOf({ action, call, input }: Batch, index: number): Execution | null {
  const id = input.ids[index]?.canonical ?? null;
  return id === null ? null : { action, id, params: input.params, identity: call.identity, requestId: call.requestId, signal: call.signal };
}

export function itemOf({ input }: Batch, index: number, outcome: BulkItem["outcome"]): BulkItem {
  return { index, id: input.ids[index]?.given ?? "", outcome };
}

/** Tells of items that are all done; nobody is told of what a crash could still take back. */
export async function tellAll(engine: BulkEngine, call: BulkCall, items: readonly BulkItem[]): Promise<readonly BulkItem[]> {
  if (call.onItem === undefined) return items;
  await engine.store.durable();
  for (const item of items) await call.onItem(item);
  return items;
}
