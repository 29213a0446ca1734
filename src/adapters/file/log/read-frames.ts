import { FRAME_HEADER_BYTES, MAX_PAYLOAD_BYTES, backAt, isIntact, payloadBytesAt, sequenceAt } from "./frame.ts";
import type { FileWindow } from "../disk/file-window.ts";

/** The smallest frame there is: one byte of payload. */
const MIN_FRAME_BYTES = FRAME_HEADER_BYTES + 1;

/**
 * Takes an intact frame: the payload from `start` to `end`, and where in the file the frame stands.
 * The next one waits for a promise that is answered; `false` ends the reading before this frame.
 */
export type VisitFrame = (sequence: number, bytes: Buffer, start: number, end: number, position: number) => Promise<void> | false | void;

/** Reads intact frames from a position on; answers where the first that is not intact begins, or the file ends. */
export async function readFrames(window: FileWindow, from: number, seed: number, visit: VisitFrame): Promise<number> {
  for (let at = from; ; ) {
    if (!(await bringIn(window, at, FRAME_HEADER_BYTES))) return at;
    const length = frameBytes(window, at);
    if (length === undefined) return at;
    await bringIn(window, at, length);
    const start = at - window.start;
    if (!isIntact(window.bytes, start, start + length, seed)) return at;
    const next = visit(sequenceAt(window.bytes, start), window.bytes, start + FRAME_HEADER_BYTES, start + length, at);
    if (next === false) return at;
    if (next !== undefined) await next;
    at += length;
  }
}

/**
 * Looks behind a frame that is not intact for one that is, and that was written in a later batch.
 * A batch begins only when the one before it has been synced; so if there is one, what is broken
 * had once been safe on the disk, and this is damage. If there is none, the last write was cut off:
 * then the disk may well have kept a later part of that batch and not an earlier one.
 */
export async function findLaterBatch(window: FileWindow, broken: number, lastSequence: number, seed: number): Promise<number | undefined> {
  for (let at = broken + 1; at + MIN_FRAME_BYTES <= window.size; at++) {
    if (!window.has(at, FRAME_HEADER_BYTES)) await window.load(at, FRAME_HEADER_BYTES);
    const most = lastSequence + 1 + (at - broken) / MIN_FRAME_BYTES;
    const sequence = sequenceAt(window.bytes, at - window.start);
    if (sequence <= lastSequence || sequence > most || at - backAt(window.bytes, at - window.start) <= broken) continue;
    const length = frameBytes(window, at);
    if (length === undefined) continue;
    await bringIn(window, at, length);
    if (isIntact(window.bytes, at - window.start, at - window.start + length, seed)) return at;
  }
  return undefined;
}

/** How long the frame says it is, unless that cannot be: no memory is taken on the word of a broken length. */
function frameBytes(window: FileWindow, at: number): number | undefined {
  const payloadBytes = payloadBytesAt(window.bytes, at - window.start);
  if (payloadBytes === 0 || payloadBytes > MAX_PAYLOAD_BYTES) return undefined;
  const length = FRAME_HEADER_BYTES + payloadBytes;
  return at + length <= window.size ? length : undefined;
}

/** Are the bytes in the file? Then they are in memory, too. */
async function bringIn(window: FileWindow, at: number, length: number): Promise<boolean> {
  if (window.has(at, length)) return true;
  if (at + length > window.size) return false;
  await window.load(at, length);
  return true;
}
