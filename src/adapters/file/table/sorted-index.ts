import { MAX_BLOCK_ROWS, PackedBlock } from "./packed-block.ts";
import type { IndexRow } from "./packed-block.ts";

/** Neighbours that together have no more than this become one, when one of them has shrunk. */
const FEW_ROWS = MAX_BLOCK_ROWS / 2;

/** Where a record stands in an index, until that changes. */
export interface Position {
  readonly block: PackedBlock;
  readonly at: number;
}

/** Where a record was put, and how long the value was that it replaces, if there was one. */
export interface Placed extends Position {
  readonly replacedBytes: number | undefined;
}

/** The records of one collection in the order of their IDs (by UTF-16 code units), packed. */
export class SortedIndex {
  /** Sorted blocks in order, none of them empty. */
  readonly blocks: PackedBlock[] = [];
  /** The last ID of all, or one that was: what is higher comes at the end. */
  #last: string | undefined;
  /** What was looked for last: what is looked for is mostly put next. */
  #sought: { readonly id: string; readonly index: number; readonly at: number } | undefined;

  /** Where a record is; undefined when there is none. */
  find(id: string): Position | undefined {
    const { index, at } = this.#seek(id);
    const block = this.blocks[index];
    return block?.isAt(id, at) === true ? { block, at } : undefined;
  }

  /** The block that has the ID or would have it, and how many of its IDs are lower. */
  #seek(id: string): { readonly index: number; readonly at: number } {
    if (this.#sought?.id === id) return this.#sought;
    const index = Math.max(0, this.#blockOf(id));
    this.#sought = { id, index, at: this.blocks[index]?.countBelow(id) ?? 0 };
    return this.#sought;
  }

  /** Puts a record, in the place of another or beside it. */
  put(id: string, row: IndexRow): Placed {
    if (this.#last === undefined || id > this.#last) return this.#append(id, row);
    const { index, at } = this.#seek(id);
    const block = this.blocks[index];
    if (block === undefined) return this.#append(id, row);
    if (block.isAt(id, at)) {
      const replacedBytes = block.valueBytesAt(at);
      block.set(at, row);
      return { block, at, replacedBytes };
    }
    this.#sought = undefined;
    block.insert(at, id, row);
    if (block.count > MAX_BLOCK_ROWS) this.#split(index, block);
    return { block, at, replacedBytes: undefined };
  }

  /** IDs mostly come in order: then blocks are left behind full. */
  #append(id: string, row: IndexRow): Placed {
    this.#last = id;
    this.#sought = undefined;
    const last = this.blocks.at(-1);
    const block = last === undefined || last.count >= MAX_BLOCK_ROWS ? new PackedBlock() : last;
    if (block !== last) {
      last?.fit();
      this.blocks.push(block);
    }
    block.insert(block.count, id, row);
    return { block, at: block.count - 1, replacedBytes: undefined };
  }

  #split(index: number, block: PackedBlock): void {
    const upper = new PackedBlock();
    block.moveTo(upper, block.count >>> 1);
    this.blocks.splice(index + 1, 0, upper);
  }

  /** Takes a record away that stands there. */
  remove({ block, at }: Position): void {
    const index = this.#blockOf(block.firstId);
    this.#sought = undefined;
    block.remove(at);
    if (block.count < FEW_ROWS / 2) this.#tidy(index, block);
  }

  #tidy(index: number, block: PackedBlock): void {
    if (block.count === 0) {
      this.blocks.splice(index, 1);
      return;
    }
    this.#join(index);
    this.#join(index - 1);
  }

  /** Makes a block and the one behind it one, when they are small enough. */
  #join(index: number): void {
    const [block, next] = [this.blocks[index], this.blocks[index + 1]];
    if (block === undefined || next === undefined || block.count + next.count > FEW_ROWS) return;
    next.moveTo(block, 0);
    this.blocks.splice(index + 1, 1);
  }

  /** Records behind `after`, or all. */
  *ascending(after?: string): Generator<Position, void, void> {
    const first = after === undefined ? 0 : Math.max(0, this.#blockOf(after));
    for (let index = first; index < this.blocks.length; index++) {
      const block = this.blocks[index];
      if (block === undefined) return;
      const from = after === undefined || index > first ? 0 : block.countBelow(after) + (this.#has(block, after) ? 1 : 0);
      for (let at = from; at < block.count; at++) yield { block, at };
    }
  }

  /** Records before `after`, or all, from the last to the first. */
  *descending(after?: string): Generator<Position, void, void> {
    const last = after === undefined ? this.blocks.length - 1 : this.#blockOf(after);
    for (let index = last; index >= 0; index--) {
      const block = this.blocks[index];
      if (block === undefined) return;
      const below = after === undefined || index < last ? block.count : block.countBelow(after);
      for (let at = below - 1; at >= 0; at--) yield { block, at };
    }
  }

  #has(block: PackedBlock, id: string): boolean {
    return block.isAt(id, block.countBelow(id));
  }

  /** Which block has the ID, or would have it; -1 when it is below all. */
  #blockOf(id: string): number {
    let low = 0;
    let high = this.blocks.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const first = this.blocks[middle]?.firstId;
      if (first !== undefined && first <= id) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }
}
