import { pause } from "./pause.ts";

/** For so long a work that can be divided keeps the event loop, in milliseconds. */
const PIECE_MS = 2;

/** So many of many are done without a look at the time. */
const FEW = 32;

/** Does the work for each, one after the other; lets the event loop serve others first, and then every few milliseconds. */
export async function inPieces<T>(items: Iterable<T>, work: (item: T) => void): Promise<void> {
  let until = 0;
  for (const item of items) {
    if (performance.now() >= until) {
      await pause();
      until = performance.now() + PIECE_MS;
    }
    work(item);
  }
}

/** A few at a time. */
export function* partsOf<T>(items: readonly T[]): Generator<readonly T[], void, void> {
  for (let at = 0; at < items.length; at += FEW) yield items.slice(at, at + FEW);
}
