import { PART, PARTED } from "./content-format.ts";
import { FRAME_HEADER_BYTES, createFrame } from "./frame.ts";

const COUNT_AT = 1;
const FIRST_ENTRY_AT = 5;

/** What stands before the contents of a part. */
export const PART_MARK_BYTES = FIRST_ENTRY_AT;
const PARTED_BYTES = 13;

/** What a frame begins with that has a part of a commit, or says that the parts before it are one. */
export type PartMark =
  | { readonly kind: "part"; readonly part: number }
  | { readonly kind: "commit"; readonly parts: number; readonly firstEntry: number };

/** Marks a frame that has room for it as a part; answers where its contents begin. */
export function markPart(frame: Buffer, part: number): number {
  frame[FRAME_HEADER_BYTES] = PART;
  return frame.writeUInt32LE(part, FRAME_HEADER_BYTES + COUNT_AT);
}

/** The frame of a commit all of whose parts have been written, not yet sealed. */
export function encodeParted(sequence: number, parts: number, firstEntry: number): Buffer {
  const frame = createFrame(sequence, PARTED_BYTES);
  frame[FRAME_HEADER_BYTES] = PARTED;
  frame.writeUInt32LE(parts, FRAME_HEADER_BYTES + COUNT_AT);
  frame.writeDoubleLE(firstEntry, FRAME_HEADER_BYTES + FIRST_ENTRY_AT);
  return frame;
}

/** The mark that the payload of an intact frame begins with; null when the frame is a commit by itself. */
export function readPartMark(bytes: Buffer, start: number): PartMark | null {
  const flags = bytes[start];
  if (flags !== PART && flags !== PARTED) return null;
  const count = bytes.readUInt32LE(start + COUNT_AT);
  return flags === PART ? { kind: "part", part: count } : { kind: "commit", parts: count, firstEntry: bytes.readDoubleLE(start + FIRST_ENTRY_AT) };
}
