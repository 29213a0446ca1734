import type { Clock, Timer } from "../../domain/index.ts";

/**
 * When which run is to be woken: a heap in memory and one timer, for the earliest of them. Nothing happens as long as
 * nothing is due, however many there are.
 */
export class WakeTimes {
  readonly #timer: Timer;
  readonly #clock: Clock;
  readonly #wake: (id: string) => void;
  /** The time that counts for each run; what stands in the heap otherwise is out of date. */
  readonly #current = new Map<string, number>();
  #heap: Wake | null = null;
  #giveUp: (() => void) | null = null;
  #armedFor: number | null = null;

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
      this.#heap = merge(this.#heap, { at, id, rank: 1, left: null, right: null });
    }
    this.#arm();
  }

  /** Wakes nobody any more. */
  close(): void {
    this.#heap = null;
    this.#current.clear();
    this.#arm();
  }

  #arm(): void {
    while (this.#heap !== null && this.#current.get(this.#heap.id) !== this.#heap.at) this.#pop(this.#heap);
    const first = this.#heap?.at ?? null;
    if (first === this.#armedFor) return;
    this.#giveUp?.();
    this.#armedFor = first;
    this.#giveUp = first === null ? null : this.#timer(first, () => this.#ring());
  }

  #ring(): void {
    this.#armedFor = null;
    this.#giveUp = null;
    const now = this.#clock();
    for (let first = this.#heap; first !== null && first.at <= now; first = this.#heap) {
      this.#pop(first);
      if (this.#current.get(first.id) !== first.at) continue;
      this.#current.delete(first.id);
      this.#wake(first.id);
    }
    this.#arm();
  }

  #pop({ left, right }: Wake): void {
    this.#heap = merge(left, right);
  }
}

/** The top of a leftist heap: the earliest of all below it, with the way to its shortest end always on the right. */
interface Wake {
  readonly at: number;
  readonly id: string;
  /** The length of the way down the right. */
  readonly rank: number;
  readonly left: Wake | null;
  readonly right: Wake | null;
}

function merge(one: Wake | null, other: Wake | null): Wake | null {
  if (one === null || other === null) return one ?? other;
  const [first, later] = one.at <= other.at ? [one, other] : [other, one];
  const { at, id, left } = first;
  const merged = merge(first.right, later);
  const [longer, shorter] = rankOf(left) >= rankOf(merged) ? [left, merged] : [merged, left];
  return { at, id, rank: rankOf(shorter) + 1, left: longer, right: shorter };
}

function rankOf(wake: Wake | null): number {
  return wake?.rank ?? 0;
}
