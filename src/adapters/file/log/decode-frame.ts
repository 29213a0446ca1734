import { CHANGE_HEADER_BYTES, COLLECTION_SHIFT, ENTRY, ENTRY_HEADER_BYTES, ENTRY_NUMBER_AT, EXPIRES, EXPIRY_BYTES, ID_SHIFT, PUT, VALUE_SHIFT } from "./content-format.ts";
import { ASCII, encodingOf } from "./stored-text.ts";

/** Where the text of a value stands among the bytes that are being decoded. */
export interface TextPlace {
  readonly start: number;
  readonly bytes: number;
  /** Two bits. */
  readonly encoding: number;
}

/** Takes the contents of a frame, one by one. */
export interface FrameVisitor {
  /** Without a value it is a deletion. */
  change(collection: string, id: string, value: TextPlace | undefined, expiresAt: number | undefined): void;
  /** An entry of the trail: its payload stands from `start` to `end`. */
  entry(number: number, bytes: Buffer, start: number, end: number): void;
}

/** Reads the contents of an intact frame. Throws when they are not what encode-commit.ts writes. */
export function decodeFrame(bytes: Buffer, start: number, end: number, visitor: FrameVisitor): void {
  for (let at = start; at < end; ) at = bytes[at] === ENTRY ? decodeEntry(bytes, at, end, visitor) : decodeChange(bytes, at, end, visitor);
}

function decodeEntry(bytes: Buffer, at: number, end: number, visitor: FrameVisitor): number {
  const start = at + ENTRY_HEADER_BYTES;
  const next = start + bytes.readUInt32LE(at + 1);
  if (next > end) throw new RangeError("an entry is longer than its frame");
  visitor.entry(bytes.readDoubleLE(at + ENTRY_NUMBER_AT), bytes, start, next);
  return next;
}

function decodeChange(bytes: Buffer, at: number, end: number, visitor: FrameVisitor): number {
  const flags = bytes[at] ?? 0;
  const collectionAt = at + CHANGE_HEADER_BYTES + (flags & EXPIRES ? EXPIRY_BYTES : 0);
  const idAt = collectionAt + bytes.readUInt32LE(at + 1);
  const valueAt = idAt + bytes.readUInt32LE(at + 5);
  const valueBytes = bytes.readUInt32LE(at + 9);
  if (valueAt + valueBytes > end) throw new RangeError("a change is longer than its frame");
  const collection = decodeName(bytes, collectionAt, idAt, flags >>> COLLECTION_SHIFT);
  const id = bytes.toString(encodingOf(flags >>> ID_SHIFT), idAt, valueAt);
  const value = flags & PUT ? { start: valueAt, bytes: valueBytes, encoding: (flags >>> VALUE_SHIFT) & 3 } : undefined;
  visitor.change(collection, id, value, flags & EXPIRES ? bytes.readDoubleLE(at + CHANGE_HEADER_BYTES) : undefined);
  return valueAt + valueBytes;
}

/** The name decoded last: neighbours mostly are of one collection, and comparing is cheaper than decoding. */
let lastName = "";

function decodeName(bytes: Buffer, start: number, end: number, encoding: number): string {
  if ((encoding & 3) === ASCII && isText(bytes, start, end, lastName)) return lastName;
  lastName = bytes.toString(encodingOf(encoding), start, end);
  return lastName;
}

function isText(bytes: Buffer, start: number, end: number, text: string): boolean {
  if (end - start !== text.length) return false;
  for (let at = start; at < end; at++) if (bytes[at] !== text.charCodeAt(at - start)) return false;
  return true;
}
