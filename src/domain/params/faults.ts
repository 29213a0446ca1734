import type { FieldErrors } from "../errors.ts";

/** So many faults are reported and no more, so that a hostile body cannot make a long answer. */
const MAX_FAULTS = 100;

/** So much of a field's name is repeated in an answer, in UTF-16 code units. */
const MAX_NAME_LENGTH = 100;

/** What is wrong with a call's parameters: sentences by path, in the order of their finding. */
export class Faults {
  readonly #sentences = new Map<string, string[]>();
  #count = 0;

  /** Notes a fault of the value at this path, unless there are enough already. */
  report(path: string, sentence: string): void {
    if (this.isFull) return;
    this.#count++;
    const sentences = this.#sentences.get(path);
    if (sentences === undefined) this.#sentences.set(path, [sentence]);
    else sentences.push(sentence);
  }

  /** Have as many been reported as are ever reported? */
  get isFull(): boolean {
    return this.#count >= MAX_FAULTS;
  }

  get isEmpty(): boolean {
    return this.#count === 0;
  }

  /** As they are answered. */
  toErrors(): FieldErrors {
    return Object.fromEntries(this.#sentences);
  }
}

/** The path of a value's field or item: `lines.0.quantity`. The whole has the empty path. */
export function pathUnder(path: string, name: string | number): string {
  return path === "" ? String(name) : `${path}.${name}`;
}

/** A text from outside, short enough to be repeated, with no character cut in two. */
export function shorten(text: string, maxLength = MAX_NAME_LENGTH): string {
  if (text.length <= maxLength) return text;
  return `${text.slice(0, maxLength).replace(/[\uD800-\uDBFF]$/, "")}…`;
}
