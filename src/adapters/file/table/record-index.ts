import { pause } from "../disk/pause.ts";
import type { IndexRow, PackedBlock } from "./packed-block.ts";
import { SortedIndex } from "./sorted-index.ts";
import type { Position } from "./sorted-index.ts";

/** What a record takes in a log or snapshot besides its texts. */
const FRAME_BYTES = 41;

/** How many blocks get their new addresses without a pause: a millisecond or so. */
const BLOCKS_AT_A_TIME = 512;

/** Where every record is, by collection and ID, and what is needed of it to judge a commit. Nothing of its value. */
export class RecordIndex {
  readonly #collections = new Map<string, SortedIndex>();
  #size = 0;
  #bytes = 0;
  #swept: Iterator<Swept> = this.#blocks();
  /** How many records have been removed since it last was at the first block. */
  #sweptInRound = 0;

  /** How many records it has, those among them that have expired and were not swept away yet. */
  get size(): number {
    return this.#size;
  }

  /** How many bytes a snapshot of them takes. */
  get bytes(): number {
    return this.#bytes;
  }

  find(collection: string, id: string): Position | undefined {
    return this.#collections.get(collection)?.find(id);
  }

  /** The records of a collection, if it has any. */
  collection(name: string): SortedIndex | undefined {
    return this.#collections.get(name);
  }

  /** The names of all collections. */
  names(): readonly string[] {
    return [...this.#collections.keys()];
  }

  /** Puts a record; answers where, which holds until the index changes. */
  put(collection: string, id: string, row: IndexRow): Position {
    let index = this.#collections.get(collection);
    if (index === undefined) this.#collections.set(collection, (index = new SortedIndex()));
    const placed = index.put(id, row);
    this.#bytes += row.place.bytes;
    if (placed.replacedBytes !== undefined) this.#bytes -= placed.replacedBytes;
    else {
      this.#size++;
      this.#bytes += overheadOf(collection, id);
    }
    return placed;
  }

  /** Takes a record away, if it is there. */
  remove(collection: string, id: string): void {
    const index = this.#collections.get(collection);
    const found = index?.find(id);
    if (index === undefined || found === undefined) return;
    this.#size--;
    this.#bytes -= found.block.valueBytesAt(found.at) + overheadOf(collection, id);
    index.remove(found);
    if (index.blocks.length === 0) this.#collections.delete(collection);
  }

  /**
   * Looks at some blocks, going round and round, and removes what has expired; tells of each. With
   * more to remove than `maxRecords` it goes on there the next time. Answers whether there may be more: until it has been round and found nothing.
   */
  sweep(now: number, maxBlocks: number, maxRecords: number, removed: (collection: string, id: string) => void): boolean {
    let records = 0;
    for (let blocks = 0; blocks < maxBlocks && records < maxRecords; blocks++) {
      const { done, value } = this.#swept.next();
      if (done === true) {
        this.#swept = this.#blocks();
        const mayHaveMissed = this.#sweptInRound > 0;
        this.#sweptInRound = 0;
        return mayHaveMissed;
      }
      if (value.block.minExpiry > now) continue;
      for (const id of expiredIn(value.block, now)) {
        this.remove(value.collection, id);
        removed(value.collection, id);
        records++;
        this.#sweptInRound++;
      }
      value.block.measureExpiry();
    }
    return records > 0;
  }

  /** Every block, but for what moves meanwhile: that is met the next time. */
  *#blocks(): Generator<Swept, void, void> {
    for (const [collection, { blocks }] of this.#collections) {
      for (let index = blocks.length - 1; index >= 0; index--) {
        const block = blocks[index];
        if (block !== undefined) yield { collection, block };
      }
    }
  }

  /** The addresses that were noted in all blocks take the place of the present ones, or are forgotten. */
  async endMove(isDone: boolean): Promise<void> {
    let count = 0;
    for (const { block } of this.#blocks()) {
      block.endMove(isDone);
      if (++count % BLOCKS_AT_A_TIME === 0) await pause();
    }
    // What was split off or joined meanwhile.
    for (const { block } of this.#blocks()) if (block.isMoving) block.endMove(isDone);
  }
}

interface Swept {
  readonly collection: string;
  readonly block: PackedBlock;
}

function overheadOf(collection: string, id: string): number {
  return FRAME_BYTES + collection.length + id.length;
}

function expiredIn(block: PackedBlock, now: number): readonly string[] {
  const ids: string[] = [];
  for (let at = block.count - 1; at >= 0; at--) if (block.expiryAt(at) <= now) ids.push(block.idAt(at));
  return ids;
}
