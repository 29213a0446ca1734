/** The headers of one request, by name. Asking for one that did not come answers `undefined` / `false`. */
export interface HeaderIndex {
  /** The value by lower-case name; of a header that came several times, all of them joined by a comma (RFC 9110 section 5.3). */
  get(name: string): string | undefined;
  /** Did this header (lower-case name) come more than once? */
  repeated(name: string): boolean;
}

/**
 * Reads name, value, name, value, … in one pass. Held in a Map, so that a header named `__proto__`
 * or `constructor` is a header like any other (CVE-2026-21710).
 */
export function indexHeaders(rawHeaders: readonly string[]): HeaderIndex {
  return new MappedHeaders(rawHeaders);
}

class MappedHeaders implements HeaderIndex {
  readonly #values = new Map<string, string>();
  /** Made only when there is something to put in: almost never. */
  #repeated: Set<string> | undefined;

  constructor(rawHeaders: readonly string[]) {
    for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
      const name = (rawHeaders[at] ?? "").toLowerCase();
      const value = rawHeaders[at + 1] ?? "";
      const earlier = this.#values.get(name);
      if (earlier === undefined) this.#values.set(name, value);
      else this.#addRepeated(name, earlier, value);
    }
  }

  get(name: string): string | undefined {
    return this.#values.get(name);
  }

  repeated(name: string): boolean {
    return this.#repeated !== undefined && this.#repeated.has(name);
  }

  #addRepeated(name: string, earlier: string, value: string): void {
    this.#values.set(name, `${earlier}${name === "cookie" ? "; " : ", "}${value}`);
    this.#repeated ??= new Set();
    this.#repeated.add(name);
  }
}
