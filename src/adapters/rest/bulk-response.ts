import type { Actions } from "../../domain/actions.ts";
import type { BulkCall } from "../../domain/bulk/bulk-call.ts";
import { toSummary, type BulkItem, type BulkOutcome } from "../../domain/bulk/bulk-outcome.ts";
import type { Outcome } from "../../domain/execution/outcome.ts";
import type { BodyStream, HttpResponse } from "../http/message.ts";
import { Handover } from "./handover.ts";
import { respond, respondWith, respondWithLines } from "./respond.ts";
import { toStatusAndBody } from "./status.ts";

/** Does the client ask for lines as they happen? Only by this very type, not by a wildcard. */
export function wantsLines(accept: string | undefined): boolean {
  return accept !== undefined && accept.includes("ndjson") && accept.split(",").some((range) => /^\s*application\/x-ndjson\s*(;(?!\s*q=0(\.0*)?\s*$).*)?$/i.test(range));
}

/** The whole answer at the end. */
export async function respondInOne(actions: Actions, call: BulkCall): Promise<HttpResponse> {
  const done = await actions.bulk(call);
  if (done.kind !== "bulk") return respond(done);
  return respondWith({ ...toSummary(done), results: done.items.map(toEntry) }, done.replayed);
}

/** A line for each item as it is done, and the summary as the last. The next item waits until the client has taken the line. */
export async function respondInLines(actions: Actions, call: BulkCall): Promise<HttpResponse> {
  const lines = new Handover<BulkItem, BulkOutcome | Outcome>((give) => actions.bulk({ ...call, onItem: give }));
  const first = await lines.first();
  if ("end" in first && first.end.kind !== "bulk") return respond(first.end);
  return respondWithLines(toLines(lines), "item" in first && first.item.replayed);
}

/** No generator: one that was never asked for its first line could not be told to stop, and the items would wait for ever. */
function toLines(items: Handover<BulkItem, BulkOutcome | Outcome>): BodyStream {
  return { [Symbol.asyncIterator]: () => readLines(items) };
}

function readLines(items: Handover<BulkItem, BulkOutcome | Outcome>): AsyncIterator<string, undefined> {
  let ended = false;
  return {
    async next() {
      if (ended) return { done: true, value: undefined };
      const next = await items.next();
      ended = "end" in next;
      return { done: false, value: `${JSON.stringify("end" in next ? toLastLine(next.end) : toEntry(next.item))}\n` };
    },
    async return() {
      ended = true;
      items.close();
      return { done: true, value: undefined };
    },
  };
}

function toLastLine(end: BulkOutcome | Outcome): Readonly<Record<string, unknown>> {
  return end.kind === "bulk" ? toSummary(end) : toStatusAndBody(end).body;
}

/** What the single call would have answered, with its place in the batch. */
export function toEntry({ index, id, outcome }: BulkItem): Readonly<Record<string, unknown>> {
  if (outcome === "skipped") return { index, id, success: false, skipped: true };
  const { status, body } = toStatusAndBody(outcome);
  const { success, ...said } = body;
  const replayed = outcome.kind !== "failed" && outcome.replayed === true ? { replayed: true } : {};
  return { index, id, success, status, ...said, ...replayed };
}
