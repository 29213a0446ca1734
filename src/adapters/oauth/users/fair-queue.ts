import { unavailable } from "../oauth-error.ts";

/** On whose behalf a task runs. */
export interface TaskOwner {
  /** Where it comes from, as `toAddressKey` says. */
  readonly address: string;
  /** The account or client that it is about. */
  readonly account: string;
}

/** How much runs, and how much waits. */
export interface FairQueueLimits {
  readonly maxRunning: number;
  /** Beyond it a task that waits gives way, with the 503. */
  readonly maxWaiting: number;
}

/** Starts a task that waited, or gives it up. */
interface Waiting {
  start(): void;
  refuse(): void;
}

/** The tasks of one account, oldest first. */
type Line = Waiting[];
/** An address's lines, by account; the one whose turn comes next is the first. */
type Lines = Map<string, Line>;

/**
 * Runs a few tasks at once. Those that wait take turns by address, and within an address by account, so that whoever brings many waits
 * for them alone. When too many wait, the latest gives way of whoever has most.
 */
export class FairQueue {
  readonly #limits: FairQueueLimits;
  /** By address; the one whose turn comes next is the first. */
  readonly #waiting = new Map<string, Lines>();
  #count = 0;
  #running = 0;

  constructor(limits: FairQueueLimits) {
    this.#limits = limits;
  }

  async run<T>(owner: TaskOwner, task: () => Promise<T>): Promise<T> {
    if (this.#running >= this.#limits.maxRunning) await this.#wait(owner);
    else this.#running++;
    try {
      return await task();
    } finally {
      this.#running--;
      this.#startNext();
    }
  }

  #wait({ address, account }: TaskOwner): Promise<void> {
    return new Promise((resolve, reject) => {
      const lines = this.#waiting.get(address) ?? new Map<string, Line>();
      const line = lines.get(account) ?? [];
      line.push({ start: resolve, refuse: () => reject(unavailable()) });
      this.#waiting.set(address, lines.set(account, line));
      this.#count++;
      if (this.#count > this.#limits.maxWaiting) this.#refuseOne();
    });
  }

  #startNext(): void {
    const [address] = this.#waiting.keys();
    const lines = address === undefined ? undefined : this.#waiting.get(address);
    const [account] = lines?.keys() ?? [];
    if (address === undefined || lines === undefined || account === undefined) return;
    const next = lines.get(account)?.shift();
    putLast(lines, account, (line) => line.length === 0);
    putLast(this.#waiting, address, ({ size }) => size === 0);
    this.#count--;
    this.#running++;
    next?.start();
  }

  /** Of several who have as many, the one who came last. */
  #refuseOne(): void {
    const address = findLargest(this.#waiting, countOf);
    const lines = this.#waiting.get(address);
    const account = lines === undefined ? "" : findLargest(lines, ({ length }) => length);
    const refused = lines?.get(account)?.pop();
    if (lines?.get(account)?.length === 0) lines.delete(account);
    if (lines?.size === 0) this.#waiting.delete(address);
    this.#count--;
    refused?.refuse();
  }
}

function countOf(lines: Lines): number {
  let count = 0;
  for (const { length } of lines.values()) count += length;
  return count;
}

function findLargest<T>(entries: ReadonlyMap<string, T>, sizeOf: (entry: T) => number): string {
  let largest = "";
  let most = 0;
  for (const [key, entry] of entries) {
    const size = sizeOf(entry);
    if (size < most) continue;
    [largest, most] = [key, size];
  }
  return largest;
}

/** Lets all others have their turn first; whoever has nothing left is forgotten. */
function putLast<T>(entries: Map<string, T>, key: string, isDone: (entry: T) => boolean): void {
  const entry = entries.get(key);
  entries.delete(key);
  if (entry !== undefined && !isDone(entry)) entries.set(key, entry);
}
