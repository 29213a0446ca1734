/** Names of labels, and their values in the same order; an empty value is as if the label were not there. */
export type Labels = readonly string[];

/** What a family of series is, for whoever reads the figures. */
export interface FamilyOf {
  /** As in Prometheus, with the unit; of a counter with `_total` behind it. */
  readonly name: string;
  readonly type: "counter" | "gauge" | "histogram";
  /** What it measures, in a sentence. */
  readonly help: string;
  /** What the name ends with, if it has a unit. */
  readonly unit?: "seconds" | "bytes" | "ratio";
  readonly labels: Labels;
}

/** One line: the series' name behind the family's, more labels, and the value. */
export interface Sample {
  readonly suffix: "" | "_bucket" | "_sum" | "_count";
  readonly labels: Labels;
  /** The bound of a bucket. */
  readonly le?: number;
  readonly value: number;
}

/** A family with its figures. */
export interface Family {
  readonly of: FamilyOf;
  samples(): Iterable<Sample>;
}

/** The most series of one family: what comes beyond is not counted, so that no mistake fills the memory. */
const MAX_SERIES = 5_000;

/** Series by the values of their labels. */
class Series<T> {
  readonly #series = new Map<string, { readonly labels: Labels; readonly state: T }>();
  readonly #create: () => T;

  constructor(create: () => T) {
    this.#create = create;
  }

  /** Undefined when there are too many. */
  find(labels: Labels): T | undefined {
    const key = labels.join("\n");
    const known = this.#series.get(key);
    if (known !== undefined) return known.state;
    if (this.#series.size >= MAX_SERIES) return undefined;
    const state = this.#create();
    this.#series.set(key, { labels, state });
    return state;
  }

  values(): Iterable<{ readonly labels: Labels; readonly state: T }> {
    return this.#series.values();
  }
}

/** A number that rises (a counter), or goes up and down (a gauge). */
export class NumberFamily implements Family {
  readonly of: FamilyOf;
  readonly #series = new Series(() => ({ value: 0 }));

  constructor(of: FamilyOf) {
    this.of = of;
  }

  add(amount: number, ...labels: Labels): void {
    const found = this.#series.find(labels);
    if (found !== undefined) found.value += amount;
  }

  *samples(): Iterable<Sample> {
    for (const { labels, state } of this.#series.values()) yield { suffix: "", labels, value: state.value };
  }
}

/** How often values were at most so large. */
export class HistogramFamily implements Family {
  readonly of: FamilyOf;
  readonly #bounds: readonly number[];
  readonly #series: Series<{ readonly counts: number[]; sum: number }>;

  /** `bounds` rise. */
  constructor(of: FamilyOf, bounds: readonly number[]) {
    this.of = of;
    this.#bounds = bounds;
    this.#series = new Series(() => ({ counts: Array.from({ length: bounds.length + 1 }, () => 0), sum: 0 }));
  }

  observe(value: number, ...labels: Labels): void {
    const found = this.#series.find(labels);
    if (found === undefined) return;
    let bucket = 0;
    while (bucket < this.#bounds.length && value > (this.#bounds[bucket] ?? 0)) bucket++;
    found.counts[bucket] = (found.counts[bucket] ?? 0) + 1;
    found.sum += value;
  }

  *samples(): Iterable<Sample> {
    for (const { labels, state } of this.#series.values()) {
      let count = 0;
      for (const [index, le] of [...this.#bounds, Number.POSITIVE_INFINITY].entries()) {
        count += state.counts[index] ?? 0;
        yield { suffix: "_bucket", labels, le, value: count };
      }
      yield { suffix: "_sum", labels, value: state.sum };
      yield { suffix: "_count", labels, value: count };
    }
  }
}

/** A family that is asked when somebody reads it. */
export class AskedFamily implements Family {
  readonly of: FamilyOf;
  readonly #ask: () => Iterable<{ readonly labels: Labels; readonly value: number }>;

  constructor(of: FamilyOf, ask: () => Iterable<{ readonly labels: Labels; readonly value: number }>) {
    this.of = of;
    this.#ask = ask;
  }

  *samples(): Iterable<Sample> {
    for (const { labels, value } of this.#ask()) yield { suffix: "", labels, value };
  }
}
