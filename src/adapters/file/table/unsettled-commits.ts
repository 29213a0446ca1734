import type { LoggedPut } from "../log/encode-commit.ts";
import type { Position } from "./sorted-index.ts";

/** A record of a commit that no file has yet. */
export interface UnsettledPut {
  readonly put: LoggedPut;
  /** Where it was in the index when it was put. */
  readonly position: Position;
}

/** A commit that no file has yet, or a part of one. */
export interface UnsettledCommit {
  readonly version: number;
  /** Its texts are parts of this, and will stand in the log as it does. */
  readonly frame: Buffer;
  /** The key of the first value; those of the others follow. */
  readonly firstKey: number;
  readonly puts: readonly UnsettledPut[];
}

/** The commits that are in the queue of the log, in their order, and with them the values that are nowhere else. */
export class UnsettledCommits {
  #commits: UnsettledCommit[] = [];
  /** How many of them have been settled. */
  #settled = 0;
  #nextKey = 1;

  /** The key that the next value gets. */
  get nextKey(): number {
    return this.#nextKey;
  }

  add(version: number, frame: Buffer, puts: readonly UnsettledPut[]): void {
    if (puts.length === 0) return;
    this.#commits.push({ version, frame, firstKey: this.#nextKey, puts });
    this.#nextKey += puts.length;
  }

  /** The puts of a commit, which a file has from now on. None when there are none, or when it is another's turn. */
  *settle(version: number): Generator<UnsettledPut, void, void> {
    for (let first = this.#commits[this.#settled]; first?.version === version; first = this.#commits[this.#settled]) {
      this.#settled++;
      yield* first.puts;
    }
    if (2 * this.#settled > this.#commits.length) {
      this.#commits = this.#commits.slice(this.#settled);
      this.#settled = 0;
    }
  }

  /** The text of a value. */
  textOf(key: number): Buffer {
    let low = this.#settled;
    let high = this.#commits.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#commits[middle]?.firstKey ?? 0) <= key) low = middle + 1;
      else high = middle;
    }
    const commit = this.#commits[low - 1];
    const put = commit?.puts[key - commit.firstKey]?.put;
    if (commit === undefined || put === undefined) throw new Error("a value that no file has is in memory");
    return commit.frame.subarray(put.start, put.start + put.bytes);
  }
}
