import type { Actions } from "../../../domain/actions.ts";
import type { BulkCall } from "../../../domain/bulk/call/bulk-call.ts";
import { toSummary, type BulkItem, type BulkOutcome } from "../../../domain/bulk/bulk-outcome.ts";
import type { Outcome } from "../../../domain/execution/answer/outcome.ts";
import { isPromiseLike } from "../../../domain/maybe-promise.ts";
import { chooseType } from "../../http/media/accept.ts";
import type { BodyStream, HttpResponse } from "../../http/message.ts";
import { Handover } from "../streams/handover.ts";
import { respond, respondInPieces, respondWith, respondWithLines } from "../respond.ts";
import { toStatusAndBody } from "../status.ts";

/** The type of lines of JSON. */
export const LINES = "application/x-ndjson";

/** Does the client ask for lines as they happen? Only by this very type, not by a wildcard. */
export function wantsLines(accept: string | undefined): boolean {
  return accept !== undefined && chooseType(accept, [LINES]) !== undefined;
}

/** Answers with more results come piece by piece, each of so many. */
const RESULTS_A_PIECE = 128;

/** The whole answer at the end. */
export async function respondInOne(actions: Actions, call: BulkCall): Promise<HttpResponse> {
  const done = await actions.bulk(call);
  if (done.kind !== "bulk") return respond(done);
  if (done.items.length > RESULTS_A_PIECE) return respondInPieces(toPieces(actions, done), done.replayed);
  return respondWith({ ...toSummary(done), results: done.items.map(toEntry) }, done.replayed);
}

/** The same text as in one piece. Each is made when the one before has been taken, and in between others get their turn. */
async function* toPieces(actions: Actions, done: BulkOutcome): AsyncGenerator<string, void, void> {
  yield `${JSON.stringify(toSummary(done)).slice(0, -1)},"results":[`;
  for (let from = 0; from < done.items.length; from += RESULTS_A_PIECE) {
    const pausing = actions.breathe();
    if (isPromiseLike(pausing)) await pausing;
    const entries = JSON.stringify(done.items.slice(from, from + RESULTS_A_PIECE).map(toEntry));
    yield `${from === 0 ? "" : ","}${entries.slice(1, -1)}`;
  }
  yield "]}";
}

/** A line for each item as it is done, and the summary as the last. What follows waits until the client has taken the lines. */
export async function respondInLines(actions: Actions, call: BulkCall): Promise<HttpResponse> {
  const lines = new Handover<BulkItem, BulkOutcome | Outcome>((give) => actions.bulk({ ...call, onItem: give, keepsItems: false }));
  const first = await lines.first();
  if ("end" in first && first.end.kind !== "bulk") return respond(first.end);
  return respondWithLines(toLines(lines), "item" in first && first.item.replayed);
}

/** No generator: one that was never asked for its first line could not be told to stop, and the items would wait forever. */
function toLines(items: Handover<BulkItem, BulkOutcome | Outcome>): BodyStream {
  return { [Symbol.asyncIterator]: () => readLines(items) };
}

function readLines(items: Handover<BulkItem, BulkOutcome | Outcome>): AsyncIterator<string, undefined> {
  let ended = false;
  return {
    async next() {
      if (ended) return { done: true, value: undefined };
      const given = await items.next();
      ended = given.some((each) => "end" in each);
      return { done: false, value: given.map((each) => `${JSON.stringify("end" in each ? toLastLine(each.end) : toEntry(each.item))}\n`).join("") };
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
  // `success` stands where it was named first.
  const entry = { index, id, success: body["success"], status, ...body };
  return outcome.kind !== "failed" && outcome.replayed === true ? { ...entry, replayed: true } : entry;
}
