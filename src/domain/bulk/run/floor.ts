import { isPromiseLike } from "../../maybe-promise.ts";
import type { RecordStore } from "../../ports.ts";

/** After so many groups the floor waits until the store has taken those before them: twice as many are under way to it at the most. */
const GROUPS_AT_A_TIME = 4;

/**
 * One group of items at a time runs in the whole server, so that none works on what another is about to change; first come first
 * served. Groups run no further ahead of the disk than that the commit of a single call, which is written behind theirs, is
 * soon safe. Whoever has the floor waits for nothing but that and a breath, so nobody needs to give up waiting for it.
 */
export class Floor {
  readonly #store: Pick<RecordStore, "durable">;
  #groups = 0;
  /** Settles when the groups before the last few are safe. */
  #safe: Promise<void> = Promise.resolve();
  readonly #waiting: (() => void)[] = [];
  #isTaken = false;

  constructor(store: Pick<RecordStore, "durable">) {
    this.#store = store;
  }

  /** Settles when it is the caller's, who then leaves it with {@link Floor.leave}. */
  async take(): Promise<void> {
    if (this.#isTaken) await new Promise<void>((resolve) => void this.#waiting.push(resolve));
    this.#isTaken = true;
    if (++this.#groups % GROUPS_AT_A_TIME === 0) await this.#letStoreCatchUp();
  }

  async #letStoreCatchUp(): Promise<void> {
    const before = this.#safe;
    this.#safe = untilSafe(this.#store);
    await before;
  }

  leave(): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#isTaken = false;
    else next();
  }
}

/** A store that fails says so at the next commit. */
async function untilSafe(store: Pick<RecordStore, "durable">): Promise<void> {
  try {
    const syncing = store.durable();
    if (isPromiseLike(syncing)) await syncing;
  } catch {
    return;
  }
}
