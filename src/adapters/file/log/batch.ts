import type { Deferred } from "./deferred.ts";
import { sealFrame, sealInPieces } from "./frame.ts";

/** The most that is written before a sync, so that no waiter waits for many others' megabytes; a frame of more goes alone. */
const MAX_BATCH_BYTES = 1024 * 1024;

/** Where in which file a frame stands. */
export interface FramePlace {
  readonly slot: number;
  readonly position: number;
}

/** A frame that is to be written. */
export interface Queued {
  /** Which commit it is; of a part, the one before it. */
  readonly sequence: number;
  /** The number of the last entry in it or before it. */
  readonly entries: number;
  readonly frame: Buffer;
  readonly isPart: boolean;
  /** Is told when the frame is safe. */
  readonly placed: Deferred<FramePlace> | null;
}

/** As many as fit, but at least one. */
export function takeBatch(queue: readonly Queued[]): readonly Queued[] {
  let bytes = 0;
  const tooMany = queue.findIndex(({ frame }, index) => (bytes += frame.length) > MAX_BATCH_BYTES && index > 0);
  return tooMany === -1 ? queue.slice() : queue.slice(0, tooMany);
}

/** The bytes of a batch. Each frame says how far back the batch begins; see {@link sealFrame}. */
export async function sealBatch(batch: readonly Queued[], seed: number): Promise<Buffer> {
  const [first] = batch;
  // Where it is: a copy of many megabytes takes long.
  if (first !== undefined && first.frame.length > MAX_BATCH_BYTES) return sealInPieces(first.frame, seed);
  const bytes = Buffer.concat(batch.map(({ frame }) => frame));
  let at = 0;
  for (const { frame } of batch) {
    sealFrame(bytes, at, at + frame.length, at, seed);
    at += frame.length;
  }
  return bytes;
}
