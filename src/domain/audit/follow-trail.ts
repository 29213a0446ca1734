import type { Failed } from "../execution/answer/outcome.ts";
import { Following, type FollowingPorts } from "../following/following.ts";
import type { JsonObject } from "../json.ts";

/** An entry as readers are shown it; its ID is what following goes on behind. */
export type ShownEntry = JsonObject & { readonly id: string };

/** What following the trail takes; it is told of commits that have added entries, those of this process always. */
export interface TrailFollowerPorts extends FollowingPorts {
  /** The entries behind this one, some at a time; empty: from the first that is kept. */
  read(after: string): Promise<readonly ShownEntry[] | Failed>;
}

/** How often to look for the commits of other processes, which nothing may announce. */
const LOOK_EVERY_MS = 2_500;
/** After how many looks without an entry the reader gets a sign of life. */
const LOOKS_A_SIGN = 6;

/** The trail from one entry on, in the order of the commits, each entry once. What the reader has not taken is not read. */
export class TrailFollower extends Following<ShownEntry> {
  readonly #ports: TrailFollowerPorts;
  #after: string;
  #read: readonly ShownEntry[];
  #taken = 0;
  #looks = 0;

  /** Begins with these entries, which are the first behind `after`. */
  constructor(ports: TrailFollowerPorts, after: string, first: readonly ShownEntry[]) {
    super(ports);
    this.#ports = ports;
    this.#after = after;
    this.#read = first;
  }

  async next(): Promise<IteratorResult<ShownEntry | null, undefined>> {
    while (!this.news.isOver) {
      const entry = this.#read[this.#taken++];
      if (entry !== undefined) return this.#give(entry);
      // What comes while it is being read for is news again.
      this.news.take();
      const read = await this.#ports.read(this.#after);
      if ("kind" in read) break;
      this.#read = read;
      this.#taken = 0;
      if (read.length > 0) continue;
      await this.news.wait(LOOK_EVERY_MS);
      if (++this.#looks % LOOKS_A_SIGN === 0 && !this.news.isOver) return { done: false, value: null };
    }
    return this.return();
  }

  #give(entry: ShownEntry): IteratorResult<ShownEntry, undefined> {
    this.#after = entry.id;
    this.#looks = 0;
    return { done: false, value: entry };
  }
}
