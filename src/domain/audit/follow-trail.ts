import type { Failed } from "../execution/answer/outcome.ts";
import { Following, type FollowingPorts } from "../following/following.ts";
import type { JsonObject } from "../json.ts";

/** An entry as readers are shown it; its ID is what following goes on behind. */
export type ShownEntry = JsonObject & { readonly id: string };

/** A part of the trail: some entries that are wanted, and how far it was looked through for more. */
export interface Stretch {
  readonly kind: "stretch";
  readonly entries: readonly ShownEntry[];
  /** No other that is wanted stands up to the entry with this ID. Absent: up to the last of the entries. */
  readonly lookedUpTo?: string;
}

/** What following the trail takes; it is told of commits that have added entries, those of this process always. */
export interface TrailFollowerPorts extends FollowingPorts {
  /** What stands behind this entry, some at a time; empty: from the first that is kept. */
  read(after: string): Promise<Stretch | Failed>;
}

/** The trail as it goes on. */
export interface TrailFeed extends AsyncIterable<ShownEntry | null> {
  /**
   * Behind which entry to go on later: all that was wanted up to there has been given. With a filter that may be one that was not given. Empty: from
   * the first that is kept.
   */
  readonly position: string;
}

/** How often to look for the commits of other processes, which nothing may announce. */
const LOOK_EVERY_MS = 2_500;
/** After so long without an entry the reader gets a sign of life. */
const SIGN_EVERY_MS = 15_000;

/** The trail from one entry on, in the order of the commits, each entry once. What the reader has not taken is not read. */
export class TrailFollower extends Following<ShownEntry> implements TrailFeed {
  readonly #ports: TrailFollowerPorts;
  #position: string;
  /** The same as the trail has written it; empty as long as only the reader has said where to begin, who may write an ID otherwise. */
  #reached = "";
  #stretch: Stretch;
  #taken = 0;
  #spokeAt: number;

  /** Begins with these entries, which are the first behind `after`. */
  constructor(ports: TrailFollowerPorts, after: string, first: Stretch) {
    super(ports);
    this.#ports = ports;
    this.#position = after;
    this.#stretch = first;
    this.#spokeAt = ports.clock();
  }

  get position(): string {
    return this.#position;
  }

  async next(): Promise<IteratorResult<ShownEntry | null, undefined>> {
    while (!this.news.isOver) {
      const entry = this.#stretch.entries[this.#taken++];
      if (entry !== undefined) return this.#give(entry);
      this.#pass(this.#stretch);
      // What comes while it is being read for is news again.
      this.news.take();
      const read = await this.#ports.read(this.#position);
      if (read.kind === "failed") break;
      this.#stretch = read;
      this.#taken = 0;
      if (read.entries.length > 0) continue;
      this.#pass(read);
      await this.news.wait(LOOK_EVERY_MS);
      if (this.#ports.clock() >= this.#spokeAt + SIGN_EVERY_MS && !this.news.isOver) return this.#speak(null);
    }
    return this.return();
  }

  #give(entry: ShownEntry): IteratorResult<ShownEntry | null, undefined> {
    this.#goTo(entry.id);
    return this.#speak(entry);
  }

  /** What nobody wants is not looked at again, and is no more needed to go on behind. */
  #pass({ lookedUpTo = "" }: Stretch): void {
    if (lookedUpTo > this.#reached) this.#goTo(lookedUpTo);
  }

  #goTo(id: string): void {
    this.#position = id;
    this.#reached = id;
  }

  #speak(value: ShownEntry | null): IteratorResult<ShownEntry | null, undefined> {
    this.#spokeAt = this.#ports.clock();
    return { done: false, value };
  }
}
