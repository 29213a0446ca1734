import { failed } from "../../execution/answer/outcome.ts";
import type { Batch } from "../call/batch.ts";
import { isUnavailable, type BulkItem } from "../bulk-outcome.ts";

/** So often items may not end in their time, or the store not keep them: each that is begun after that could take as long, and others wait for the places. */
const MOST_UNAVAILABLE = 16;

/** What is left when patience is at its end. */
export const NOT_TRIED = failed("unavailable", `This one was not tried, as ${MOST_UNAVAILABLE} before did not end in their time or could not be kept. Call again for those that are left.`);

/** How much a batch can still stand: nothing where nobody waits for its answer any more. */
export class Patience {
  readonly #call: Batch["call"];
  #unavailable = 0;

  constructor(call: Batch["call"]) {
    this.#call = call;
  }

  /** Takes note of items that ended together. */
  note(items: readonly BulkItem[]): void {
    if (items.some(isUnavailable)) this.#unavailable++;
  }

  get isOver(): boolean {
    return this.#unavailable >= (this.#call.signal?.aborted === true ? 1 : MOST_UNAVAILABLE);
  }
}
