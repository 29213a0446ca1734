import { pause } from "./pause.ts";

/** For so long a work that can be divided keeps the event loop, in milliseconds. */
const PIECE_MS = 2;
/** And one that everybody waits for. */
const URGENT_PIECE_MS = 4;

/** So many of many are done without a look at the time: each may have a hundred kilobytes. */
const FEW = 8;

/** Does the work for each, one after the other; lets the event loop serve others first, and then every few milliseconds. The next one waits for a promise that is answered. */
export function inPieces<T>(items: Iterable<T>, work: (item: T) => Promise<unknown> | void): Promise<void> {
  return divide(items, work, PIECE_MS, { isUrgent: false });
}

/** The same for a work that everybody waits for. */
export function inUrgentPieces<T>(items: Iterable<T>, work: (item: T) => Promise<unknown> | void): Promise<void> {
  return divide(items, work, URGENT_PIECE_MS, { isUrgent: true });
}

async function divide<T>(items: Iterable<T>, work: (item: T) => Promise<unknown> | void, pieceMs: number, urgency: { readonly isUrgent: boolean }): Promise<void> {
  let until = 0;
  for (const item of items) {
    if (performance.now() >= until) {
      await pause(urgency);
      until = performance.now() + pieceMs;
    }
    const wait = work(item);
    if (wait !== undefined) await wait;
  }
}

/** A few at a time. */
export function* partsOf<T>(items: readonly T[]): Generator<readonly T[], void, void> {
  for (let at = 0; at < items.length; at += FEW) yield items.slice(at, at + FEW);
}
