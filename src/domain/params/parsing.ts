import type { SubjectClass } from "../catalog/subject.ts";

/** Stands for a value that was refused; its faults are in the {@link Parsing}. */
export const INVALID: unique symbol = Symbol("invalid");

/** Stands for a field that was left out and has no default. */
export const ABSENT: unique symbol = Symbol("absent");

/** So many faults are reported and no more, so that a hostile body cannot make a long answer. */
export const MAX_FAULTS = 100;

/** So much of a field's name is repeated in an answer, in UTF-16 code units. */
const MAX_NAME_LENGTH = 100;

/** Where a reference's record goes: the object or list that is being built. */
export type Holder = Record<string, unknown> | unknown[];

/** A reference that waits for its record. */
export interface PendingReference {
  readonly subject: SubjectClass;
  /** Canonical. */
  readonly id: string | number;
  /** Dotted: `lines.0.product`. */
  readonly path: string;
  /** Puts the record into its place in the value. When all are there the value is frozen. */
  resolve(record: unknown): void;
}

/**
 * The state of one parse. The path is one list for all, written at each reader's own depth, so that
 * a value without faults builds no path at all.
 */
export interface Parsing {
  readonly path: (string | number)[];
  readonly holders: Holder[];
  /** Containers that wait for records before they can be frozen. */
  readonly open: Holder[];
  /** Sentences by path; null as long as there are none. */
  faults: Map<string, string[]> | null;
  readonly references: PendingReference[];
  faultCount: number;
  unresolved: number;
}

/** The state at the beginning of a parse. Without references nothing ever waits, and the lists are never written. */
export function createParsing(hasReferences: boolean): Parsing {
  const [holders, open, references] = hasReferences ? [[], [], []] : NEVER_WRITTEN;
  return { path: [], holders, open, faults: null, references, faultCount: 0, unresolved: 0 };
}

const NEVER_WRITTEN: readonly [never[], never[], never[]] = [[], [], []];

/** Reads one value that stands at this depth of the path: the parsed value, or {@link INVALID} with its faults reported. */
export type Read = (value: unknown, parsing: Parsing, depth: number) => unknown;

/** Notes a fault of the value at this depth and answers {@link INVALID}. */
export function refuse(parsing: Parsing, depth: number, sentence: string): typeof INVALID {
  report(parsing, pathAt(parsing, depth), sentence);
  return INVALID;
}

/** Notes a fault under a path. */
export function report(parsing: Parsing, path: string, sentence: string): void {
  if (isFull(parsing)) return;
  parsing.faultCount++;
  parsing.faults ??= new Map();
  const sentences = parsing.faults.get(path);
  if (sentences === undefined) parsing.faults.set(path, [sentence]);
  else sentences.push(sentence);
}

/** Have as many faults been reported as are ever reported? */
export function isFull(parsing: Parsing): boolean {
  return parsing.faultCount >= MAX_FAULTS;
}

/** The path of the value at this depth: `lines.0.quantity`; empty for the whole. */
export function pathAt(parsing: Parsing, depth: number): string {
  return parsing.path.slice(0, depth).join(".");
}

/** Makes a container at this depth one that waits for records. */
export function keepOpen(container: Holder, parsing: Parsing, depth: number): void {
  parsing.holders[depth] = container;
  parsing.open.push(container);
}

/** Freezes what has waited, now that nothing is to come. */
export function closeAll(parsing: Parsing): void {
  for (const container of parsing.open) Object.freeze(container);
}

/** A text from outside, short enough to be repeated, with no character cut in two. */
export function shorten(text: string, maxLength = MAX_NAME_LENGTH): string {
  if (text.length <= maxLength) return text;
  return `${text.slice(0, maxLength).replace(/[\uD800-\uDBFF]$/, "")}…`;
}
