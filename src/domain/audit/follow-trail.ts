import type { Failed } from "../execution/answer/outcome.ts";
import type { JsonObject } from "../json.ts";
import { News, type NewsPorts } from "../news.ts";

/** An entry as readers are shown it; its ID is what following goes on behind. */
export type ShownEntry = JsonObject & { readonly id: string };

/** What following the trail takes. */
export interface TrailFollowerPorts extends NewsPorts {
  /** The entries behind this one, some at a time; undefined: from the first that is kept. */
  read(after: string | undefined): Promise<readonly ShownEntry[] | Failed>;
  /** Tells of every commit of this process that has added entries, until its answer is called. */
  watch(added: () => void): () => void;
  /** Where whoever closes everything finds how to end this. */
  readonly followers: Set<() => void>;
}

/** Of the commits of other processes nobody tells: so often they are looked for. */
const LOOK_EVERY_MS = 2_500;
/** So many looks without an entry, and there is a sign of life. */
const LOOKS_A_SIGN = 6;

/**
 * The trail from one entry on, in the order of the commits, each entry once, for as long as its reader likes; null is a sign of life. What
 * the reader has not taken is not read. No generator: one that waits could not be told that its reader has left.
 */
export class TrailFollower implements AsyncIterable<ShownEntry | null>, AsyncIterator<ShownEntry | null, undefined> {
  readonly #ports: TrailFollowerPorts;
  readonly #news: News;
  readonly #end = () => this.#close();
  #unwatch: (() => void) | null = null;
  #after: string | undefined;
  #read: readonly ShownEntry[];
  #taken = 0;
  #looks = 0;

  /** Begins with these entries, which are the first behind `after`. */
  constructor(ports: TrailFollowerPorts, after: string | undefined, first: readonly ShownEntry[]) {
    this.#ports = ports;
    this.#news = new News(ports);
    this.#after = after;
    this.#read = first;
  }

  [Symbol.asyncIterator](): this {
    if (this.#unwatch === null && !this.#news.isOver) {
      this.#unwatch = this.#ports.watch(() => this.#news.come());
      this.#ports.followers.add(this.#end);
    }
    return this;
  }

  async next(): Promise<IteratorResult<ShownEntry | null, undefined>> {
    while (!this.#news.isOver) {
      const entry = this.#read[this.#taken++];
      if (entry !== undefined) return this.#give(entry);
      // What comes while it is being read for is news again.
      this.#news.take();
      const read = await this.#ports.read(this.#after);
      if ("kind" in read) break;
      this.#read = read;
      this.#taken = 0;
      if (read.length > 0) continue;
      await this.#news.wait(LOOK_EVERY_MS);
      if (++this.#looks % LOOKS_A_SIGN === 0 && !this.#news.isOver) return { done: false, value: null };
    }
    return this.return();
  }

  #give(entry: ShownEntry): IteratorResult<ShownEntry, undefined> {
    this.#after = entry.id;
    this.#looks = 0;
    return { done: false, value: entry };
  }

  async return(): Promise<IteratorResult<ShownEntry | null, undefined>> {
    this.#close();
    return { done: true, value: undefined };
  }

  #close(): void {
    this.#news.end();
    this.#unwatch?.();
    this.#unwatch = null;
    this.#ports.followers.delete(this.#end);
  }
}
