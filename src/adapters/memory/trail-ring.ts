import { isAskedFor } from "../../domain/audit/trail-filter.ts";
import type { Clock, KeptEntry, TrailEntry, TrailPage, TrailQuery, WholeEntry } from "../../domain/ports.ts";
import { refuseBadPage } from "../records/changes.ts";

/** Wide enough for every safe integer, so that IDs sort as texts. */
const ID_DIGITS = 16;

const LOST: TrailPage = { entries: [], next: null, lost: true };

/** The latest entries of a trail: where there is room for no more, the oldest goes. */
export class TrailRing {
  readonly #clock: Clock;
  readonly #capacity: number;
  readonly #entries: TrailEntry[] = [];
  /** How many there ever were; the last one's number. */
  #count = 0;

  constructor(clock: Clock, capacity: number) {
    this.#clock = clock;
    this.#capacity = capacity;
  }

  append(entries: readonly TrailEntry[]): void {
    for (const entry of entries) this.#entries[this.#count++ % this.#capacity] = entry;
  }

  /** As the port says. */
  read(query: TrailQuery): TrailPage {
    refuseBadPage(query);
    const { order = "ascending", after, limit } = query;
    if (order === "ascending" && after !== undefined && this.#isLost(Number(after))) return LOST;
    const step = order === "ascending" ? 1 : -1;
    const oldest = this.#oldest;
    const first = after === undefined ? (step === 1 ? oldest : this.#count) : Number(after) + step;
    const found: KeptEntry[] = [];
    for (let number = step === 1 ? Math.max(first, oldest) : Math.min(first, this.#count); number >= oldest && number <= this.#count; number += step) {
      const entry = this.#keptAt(number);
      if (entry === undefined || !isAskedFor(entry, query)) continue;
      if (found.length === limit) return { entries: found, next: found.at(-1)?.id ?? null };
      found.push({ id: String(number).padStart(ID_DIGITS, "0"), value: entry.value });
    }
    return { entries: found, next: null };
  }

  /** As the port says of a store that hands over everything. */
  readWhole(page: { readonly after?: string; readonly limit: number }): readonly WholeEntry[] {
    refuseBadPage(page);
    const found: WholeEntry[] = [];
    for (let number = Math.max(this.#oldest, Number(page.after ?? 0) + 1); number <= this.#count && found.length < page.limit; number++) {
      const entry = this.#keptAt(number);
      if (entry !== undefined) found.push({ id: String(number).padStart(ID_DIGITS, "0"), entry });
    }
    return found;
  }

  get #oldest(): number {
    return Math.max(1, this.#count - this.#entries.length + 1);
  }

  #keptAt(number: number): TrailEntry | undefined {
    const entry = number < this.#oldest || number > this.#count ? undefined : this.#entries[(number - 1) % this.#capacity];
    return entry === undefined || entry.expiresAt <= this.#clock() ? undefined : entry;
  }

  /** Of what is no number, too. */
  #isLost(number: number): boolean {
    if (number === this.#count) return false;
    return !(number < this.#count) || (this.#keptAt(number) === undefined && this.#keptAt(number + 1) === undefined);
  }
}
