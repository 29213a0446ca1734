import type { Clock, Timer } from "../../domain/index.ts";

interface Wake {
  readonly at: number;
  readonly id: string;
}

/**
 * When which run is to be woken: a heap in memory and one timer, for the earliest of them. Nothing happens as long as
 * nothing is due, however many there are.
 */
export class WakeTimes {
  readonly #timer: Timer;
  readonly #clock: Clock;
  readonly #wake: (id: string) => void;
  readonly #heap: Wake[] = [];
  /** The time that counts for each run; what stands in the heap otherwise is out of date. */
  readonly #current = new Map<string, number>();
  #giveUp: (() => void) | null = null;
  #armedFor = Number.POSITIVE_INFINITY;

  constructor(timer: Timer, clock: Clock, wake: (id: string) => void) {
    this.#timer = timer;
    this.#clock = clock;
    this.#wake = wake;
  }

  /** The run is woken then and at no other time; null: not at all. */
  set(id: string, at: number | null): void {
    if (at === null) this.#current.delete(id);
    else {
      this.#current.set(id, at);
      this.#push({ at, id });
    }
    this.#arm();
  }

  /** Wakes nobody any more. */
  close(): void {
    this.#heap.length = 0;
    this.#current.clear();
    this.#giveUp?.();
    this.#giveUp = null;
  }

  #arm(): void {
    this.#dropStale();
    const first = this.#heap[0]?.at ?? Number.POSITIVE_INFINITY;
    if (first === this.#armedFor) return;
    this.#giveUp?.();
    this.#armedFor = first;
    this.#giveUp = first === Number.POSITIVE_INFINITY ? null : this.#timer(first, () => this.#ring());
  }

  #ring(): void {
    this.#armedFor = Number.POSITIVE_INFINITY;
    this.#giveUp = null;
    const now = this.#clock();
    for (let first = this.#heap[0]; first !== undefined && first.at <= now; first = this.#heap[0]) {
      this.#pop();
      if (this.#current.get(first.id) !== first.at) continue;
      this.#current.delete(first.id);
      this.#wake(first.id);
    }
    this.#arm();
  }

  #dropStale(): void {
    for (let first = this.#heap[0]; first !== undefined && this.#current.get(first.id) !== first.at; first = this.#heap[0]) this.#pop();
  }

  #push(wake: Wake): void {
    const heap = this.#heap;
    let at = heap.push(wake) - 1;
    while (at > 0) {
      const above = (at - 1) >> 1;
      const parent = heap[above];
      if (parent === undefined || parent.at <= wake.at) break;
      heap[at] = parent;
      at = above;
    }
    heap[at] = wake;
  }

  #pop(): void {
    const heap = this.#heap;
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return;
    let at = 0;
    for (;;) {
      const child = this.#lesserChild(at);
      const value = heap[child];
      if (value === undefined || value.at >= last.at) break;
      heap[at] = value;
      at = child;
    }
    heap[at] = last;
  }

  #lesserChild(at: number): number {
    const left = 2 * at + 1;
    const first = this.#heap[left];
    const second = this.#heap[left + 1];
    return first !== undefined && second !== undefined && second.at < first.at ? left + 1 : left;
  }
}
