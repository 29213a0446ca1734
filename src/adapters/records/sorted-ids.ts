/** Where one block is split in two: small enough that an insertion moves little, large enough that blocks are few. */
const MAX_BLOCK_LENGTH = 512;

/** The IDs of a collection in the order of their UTF-16 code units. */
export class SortedIds {
  /** Sorted blocks in order, none of them empty. */
  readonly #blocks: string[][] = [];

  constructor(ids: Iterable<string>) {
    const sorted = [...ids].sort();
    for (let at = 0; at < sorted.length; at += MAX_BLOCK_LENGTH) this.#blocks.push(sorted.slice(at, at + MAX_BLOCK_LENGTH));
  }

  /** Adds an ID that is not among them. */
  add(id: string): void {
    const at = Math.max(0, this.#blockOf(id));
    const block = this.#blocks[at];
    if (block === undefined) {
      this.#blocks.push([id]);
      return;
    }
    const last = block.at(-1);
    if (last !== undefined && id > last) block.push(id);
    else block.splice(countBelow(block, id), 0, id);
    if (block.length > MAX_BLOCK_LENGTH) this.#split(at, block);
  }

  /** Takes an ID away, if it is there. */
  delete(id: string): void {
    const at = this.#blockOf(id);
    const block = this.#blocks[at];
    if (block === undefined) return;
    const position = countBelow(block, id);
    if (block[position] !== id) return;
    block.splice(position, 1);
    if (block.length === 0) this.#blocks.splice(at, 1);
  }

  /** The IDs behind `after`, or all. They may not change while this runs. */
  *ascending(after?: string): Generator<string, void, void> {
    const first = after === undefined ? 0 : Math.max(0, this.#blockOf(after));
    for (let at = first; at < this.#blocks.length; at++) {
      for (const id of this.#blocks[at] ?? []) if (after === undefined || id > after) yield id;
    }
  }

  /** The IDs before `after`, or all, from the last to the first. They may not change while this runs. */
  *descending(after?: string): Generator<string, void, void> {
    const last = after === undefined ? this.#blocks.length - 1 : this.#blockOf(after);
    for (let at = last; at >= 0; at--) {
      for (const id of (this.#blocks[at] ?? []).toReversed()) if (after === undefined || id < after) yield id;
    }
  }

  /** Which block has the ID, or would have it; -1 when it is below all. */
  #blockOf(id: string): number {
    let low = 0;
    let high = this.#blocks.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const first = this.#blocks[middle]?.[0];
      if (first !== undefined && first <= id) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }

  /** Leaves a full block behind when IDs come in order, as they mostly do, so blocks end up well filled. */
  #split(at: number, block: string[]): void {
    const isLast = at === this.#blocks.length - 1;
    this.#blocks.splice(at + 1, 0, block.splice(isLast ? MAX_BLOCK_LENGTH : MAX_BLOCK_LENGTH >> 1));
  }
}

/** How many IDs of a sorted block are below this one. */
function countBelow(block: readonly string[], id: string): number {
  let low = 0;
  let high = block.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const candidate = block[middle];
    if (candidate !== undefined && candidate < id) low = middle + 1;
    else high = middle;
  }
  return low;
}
