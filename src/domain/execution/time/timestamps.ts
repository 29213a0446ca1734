/** RFC 3339 texts of times. Many executions begin in one millisecond, and making a text is expensive: the last one is kept. */
export class Timestamps {
  #at = Number.NaN;
  #text = "";

  /** `2026-11-23T10:00:00.000Z` of epoch milliseconds. */
  textOf(at: number): string {
    if (at !== this.#at) {
      this.#text = new Date(at).toISOString();
      this.#at = at;
    }
    return this.#text;
  }
}
