/** How many places there are. */
export interface PlaceLimits {
  readonly overall: number;
  /** The most that one holder may have. */
  readonly perHolder: number;
}

/** Which limit leaves no place: everybody's, or the holder's own. */
export type Exceeded = "overall" | "holder";

/** Places of which everybody together, and each holder, may have only so many at a time. Remembers those alone who have one. */
export class Places {
  readonly #limits: PlaceLimits;
  readonly #held = new Map<string, number>();
  #taken = 0;

  constructor(limits: PlaceLimits) {
    this.#limits = limits;
  }

  /** Takes a place; undefined when that went well. Whoever has taken one gives it back by {@link leave}. */
  take(holder: string): Exceeded | undefined {
    const held = this.#held.get(holder) ?? 0;
    if (held >= this.#limits.perHolder) return "holder";
    if (this.#taken >= this.#limits.overall) return "overall";
    this.#taken++;
    this.#held.set(holder, held + 1);
    return undefined;
  }

  leave(holder: string): void {
    const held = this.#held.get(holder) ?? 0;
    this.#taken--;
    if (held > 1) this.#held.set(holder, held - 1);
    else this.#held.delete(holder);
  }
}
