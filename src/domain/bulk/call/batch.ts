import type { Action } from "../../catalog/action.ts";
import type { SubjectClass } from "../../catalog/subject.ts";
import type { Execution } from "../../execution/attempt.ts";
import type { Calling } from "../../execution/execution-ports.ts";
import { failed, type Failed } from "../../execution/answer/outcome.ts";
import type { Identity } from "../../identity.ts";
import type { BulkCall, BulkPorts } from "./bulk-call.ts";
import type { CheckedBulkInput } from "./bulk-input.ts";
import type { BulkMemory } from "../bulk-memory.ts";
import type { BulkItem } from "../bulk-outcome.ts";

/** A bulk call whose form and parameters have been checked. */
export interface Batch {
  /** With the message by which it is followed, if anybody does. */
  readonly call: BulkCall & Pick<Calling, "traced">;
  readonly action: Action;
  readonly subject: SubjectClass;
  readonly input: CheckedBulkInput;
  /** What is remembered under the call's idempotency key; null without one. */
  readonly memory: BulkMemory | null;
}

/** The ID of an item as the store has it; null where it is not one of the class. */
export function subjectIdOf({ subject, input }: Pick<Batch, "subject" | "input">, index: number): string | null {
  const id = subject.id.parse(String(input.ids[index] ?? ""));
  return id === undefined ? null : String(id);
}

/** The execution of one item, by its identity as it is now; null when the ID is not one of the class. */
export function executionOf(batch: Batch, index: number, identity: Identity): Execution | null {
  const { action, call, input } = batch;
  const id = subjectIdOf(batch, index);
  return id === null ? null : { action, id, params: input.params, identity, requestId: call.requestId, via: call.via, signal: undefined, traceparent: call.traceparent, traced: null };
}

/** Is it nobody? */
export function isNobody(who: Identity | Failed): who is Failed {
  return who.kind === "failed";
}

export function itemOf({ input }: Batch, index: number, outcome: BulkItem["outcome"]): BulkItem {
  return { index, id: input.ids[index] ?? "", outcome };
}

/** The answer to an ID that is not one of the class. */
export const NO_SUBJECT: Failed = failed("subject_not_found");

/** So many items are told at once, unless each is to be waited for. */
const TOLD_AT_ONCE = 128;

/** Tells of items that are all done; nobody is told of what a crash could still take back. */
export async function tellAll(ports: BulkPorts, call: BulkCall, items: readonly BulkItem[]): Promise<readonly BulkItem[]> {
  if (call.onItem === undefined) return items;
  await ports.store.durable();
  const atOnce = ports.bulkConcurrency === 1 ? 1 : TOLD_AT_ONCE;
  for (let from = 0; from < items.length; from += atOnce) {
    const pausing = ports.breath.take();
    if (pausing !== undefined) await pausing;
    await tell(call, items.slice(from, from + atOnce));
  }
  return items;
}

/** A listener has failed, which is its caller's own affair. */
export class ListenerFailed extends Error {}

/** Tells of items in their order, and waits until all of them are taken. */
export async function tell({ onItem }: BulkCall, items: readonly BulkItem[]): Promise<void> {
  if (onItem === undefined) return;
  try {
    await Promise.all(items.map((item) => onItem(item)));
  } catch (cause) {
    throw new ListenerFailed("onItem has failed", { cause });
  }
}
