import { crc32c } from "../disk/crc32c.ts";
import { inPieces } from "../disk/in-pieces.ts";

/*
 * A frame is what a log and a snapshot are made of. All numbers are little-endian.
 *
 *   0   CRC-32C of everything behind it, seeded by the file's header
 *   4   length of the payload in bytes, 1 or more
 *   8   sequence number (64 bits)
 *   16  distance back to the beginning of the batch that the frame was written in
 *   20  payload
 */

/** What a frame has before its payload. */
export const FRAME_HEADER_BYTES = 20;

/** The largest payload: no commit is larger, so no length beyond it is believed. */
export const MAX_PAYLOAD_BYTES = 64 * 1024 * 1024;

/** So much is checksummed at a time, in less than a millisecond. */
const PIECE_BYTES = 128 * 1024;

const LENGTH_AT = 4;
const SEQUENCE_AT = 8;
const SEQUENCE_HIGH_AT = 12;
const BACK_AT = 16;
const TWO_TO_32 = 0x1_0000_0000;

/** The sequence number of a frame that has yet to get it; see {@link numberFrame}. */
export const NOT_NUMBERED = 0;

/** A frame with room for a payload; {@link sealFrame} finishes it. */
export function createFrame(sequence: number, payloadBytes: number): Buffer {
  const frame = Buffer.allocUnsafe(FRAME_HEADER_BYTES + payloadBytes);
  frame.writeUInt32LE(payloadBytes, LENGTH_AT);
  numberFrame(frame, sequence);
  return frame;
}

/** Gives a frame that is not sealed yet its sequence number, in place of any other. */
export function numberFrame(frame: Buffer, sequence: number): void {
  frame.writeUInt32LE(sequence % TWO_TO_32, SEQUENCE_AT);
  frame.writeUInt32LE(Math.floor(sequence / TWO_TO_32), SEQUENCE_HIGH_AT);
}

/** Writes down how far back its batch begins, and the checksum, into a frame that stands at `start`. */
export function sealFrame(bytes: Buffer, start: number, end: number, back: number, seed: number): void {
  bytes.writeUInt32LE(back, start + BACK_AT);
  bytes.writeUInt32LE(crc32c(bytes, start + LENGTH_AT, end, seed), start);
}

/** The same for a long frame that is a batch of its own, {@link inPieces}; answers it. */
export async function sealInPieces(frame: Buffer, seed: number): Promise<Buffer> {
  frame.writeUInt32LE(0, BACK_AT);
  let checksum = seed;
  await inPieces(piecesOf(frame), (piece) => {
    checksum = crc32c(piece, 0, piece.length, checksum);
  });
  frame.writeUInt32LE(checksum);
  return frame;
}

/** What the checksum is of. */
function* piecesOf(frame: Buffer): Generator<Buffer, void, void> {
  for (let at = LENGTH_AT; at < frame.length; at += PIECE_BYTES) yield frame.subarray(at, at + PIECE_BYTES);
}

/** The length of the payload of the frame at `start`, which need not be one. */
export function payloadBytesAt(bytes: Buffer, start: number): number {
  return bytes.readUInt32LE(start + LENGTH_AT);
}

/** The sequence number of the frame at `start`, which need not be one. */
export function sequenceAt(bytes: Buffer, start: number): number {
  return bytes.readUInt32LE(start + SEQUENCE_AT) + bytes.readUInt32LE(start + SEQUENCE_HIGH_AT) * TWO_TO_32;
}

/** How far before the frame its batch begins. */
export function backAt(bytes: Buffer, start: number): number {
  return bytes.readUInt32LE(start + BACK_AT);
}

/** Is the frame from `start` to `end` what was written? */
export function isIntact(bytes: Buffer, start: number, end: number, seed: number): boolean {
  return bytes.readUInt32LE(start) === crc32c(bytes, start + LENGTH_AT, end, seed);
}
