import type { ApiEntry, BulkAnswer, BulkOptions, BulkProgress, BulkResult, BulkSummary } from "../api.ts";
import { CallFailure } from "../failure.ts";
import type { Call, Sender } from "../sending/sender.ts";
import { resumed } from "../streams/resumed.ts";
import { actionPath, keyHeader } from "./path.ts";

/** What a bulk call is made of. */
export interface BulkParts {
  readonly key: string;
  readonly ids: readonly (string | number)[];
  readonly params: object | undefined;
  readonly options: BulkOptions;
}

/** The call, with one key for all its tries. */
export function bulkCall(sender: Sender, { key, ids, params, options }: BulkParts, more: object = {}): Call {
  const { mode, preview } = options;
  const body = JSON.stringify({ ids, ...(params && { params }), ...(mode && { mode }), ...(preview && { preview }), ...more });
  return { path: actionPath(key, "bulk"), body, action: key, repeatable: true, headers: keyHeader(sender, options) };
}

/**
 * A bulk call: awaited it is the whole answer, iterated it is each result as it comes, then the summary (which has an `outcome`). Nothing is
 * sent before; both send the same call, so whoever does both gets the first answer again.
 */
export class Bulk<E extends ApiEntry> implements PromiseLike<BulkAnswer<E>>, AsyncIterable<BulkProgress<E> | BulkSummary> {
  readonly #sender: Sender;
  readonly #parts: BulkParts;
  readonly #call: Call;
  #answer: Promise<BulkAnswer<E>> | undefined;

  constructor(sender: Sender, parts: BulkParts) {
    this.#sender = sender;
    this.#parts = parts;
    this.#call = bulkCall(sender, parts);
  }

  then<A = BulkAnswer<E>, B = never>(onAnswer?: ((answer: BulkAnswer<E>) => A | PromiseLike<A>) | null, onFailure?: ((failure: unknown) => B | PromiseLike<B>) | null): Promise<A | B> {
    return (this.#answer ??= this.#ask()).then(onAnswer, onFailure);
  }

  [Symbol.asyncIterator](): AsyncGenerator<BulkProgress<E> | BulkSummary, void, void> {
    const call = { ...this.#call, headers: { ...this.#call.headers, accept: "application/x-ndjson" } };
    const given = new Set<number>();
    const total = this.#parts.ids.length;
    return resumed(this.#sender, this.#parts.options, { silent: true, call: () => call, read: (lines) => readResults<E>(lines, this.#parts.key, given, total) });
  }

  async #ask(): Promise<BulkAnswer<E>> {
    return (await this.#sender.ask<BulkAnswer<E>>(this.#call, this.#parts.options, Infinity)).body;
  }
}

/** The last line, when the call as a whole has failed after it had begun. */
interface FailedLine {
  readonly code: string;
  readonly message: string;
}

/**
 * Gives each result once, however often the stream is begun again. What did not begin may come to something else at the next try, so it
 * is given last, when there is none.
 */
async function* readResults<E extends ApiEntry>(lines: AsyncIterable<string>, action: string, given: Set<number>, total: number): AsyncGenerator<BulkProgress<E> | BulkSummary, boolean, void> {
  const open: BulkResult<E>[] = [];
  for await (const line of lines) {
    const result: BulkResult<E> | BulkSummary | FailedLine = JSON.parse(line);
    if ("outcome" in result) {
      for (const late of open) yield { ...late, done: given.add(late.index).size, total };
      const { success: _, ...summary } = { success: false, ...result };
      yield summary;
      return true;
    }
    if (!("index" in result)) throw new CallFailure(result.code, result.message, { action });
    if (given.has(result.index)) continue;
    if (isFinal(result)) yield { ...result, done: given.add(result.index).size, total };
    else open.push(result);
  }
  return false;
}

/** Did its handler answer? That is remembered under the key. */
function isFinal(result: BulkResult<ApiEntry>): boolean {
  return result.success || (result.skipped !== true && result.status === 422);
}
