import { CHANGE_HEADER_BYTES, COLLECTION_SHIFT, EXPIRES, EXPIRY_BYTES, ID_SHIFT, PUT, VALUE_SHIFT } from "./content-format.ts";
import { NOTHING, encodingOf, measureText } from "./stored-text.ts";
import type { Measure } from "./stored-text.ts";

/** A text as it stands in a file. */
export interface EncodedText {
  readonly bytes: Buffer;
  /** Two bits. */
  readonly encoding: number;
}

/** A change as the log keeps it: the value as JSON, absent from a deletion. */
export interface LoggedChange {
  readonly collection: string;
  readonly id: string;
  readonly text: string | EncodedText | undefined;
  readonly expiresAt: number | undefined;
}

/** A change that is ready to be written. */
export interface MeasuredChange {
  readonly change: LoggedChange;
  readonly collection: Measure;
  readonly id: Measure;
  readonly value: Measure;
  readonly bytes: number;
}

/** How a change will be written. */
export function measureChange(change: LoggedChange): MeasuredChange {
  const collection = measureText(change.collection);
  const id = measureText(change.id);
  const value = measureValue(change.text);
  const header = CHANGE_HEADER_BYTES + (change.expiresAt === undefined ? 0 : EXPIRY_BYTES);
  return { change, collection, id, value, bytes: header + collection.bytes + id.bytes + value.bytes };
}

function measureValue(text: LoggedChange["text"]): Measure {
  if (text === undefined) return NOTHING;
  return typeof text === "string" ? measureText(text) : { encoding: text.encoding, bytes: text.bytes.length };
}

/** Writes a change; answers where it ends, as its value does. */
export function encodeChange(frame: Buffer, start: number, { change, collection, id, value }: MeasuredChange): number {
  const kind = (change.text === undefined ? 0 : PUT) | (change.expiresAt === undefined ? 0 : EXPIRES);
  frame[start] = kind | (collection.encoding << COLLECTION_SHIFT) | (id.encoding << ID_SHIFT) | (value.encoding << VALUE_SHIFT);
  frame.writeUInt32LE(collection.bytes, start + 1);
  frame.writeUInt32LE(id.bytes, start + 5);
  frame.writeUInt32LE(value.bytes, start + 9);
  let at = start + CHANGE_HEADER_BYTES;
  if (change.expiresAt !== undefined) at = frame.writeDoubleLE(change.expiresAt, at);
  at += frame.write(change.collection, at, encodingOf(collection.encoding));
  at += frame.write(change.id, at, encodingOf(id.encoding));
  return at + encodeValue(frame, at, change.text, value.encoding);
}

function encodeValue(frame: Buffer, at: number, text: LoggedChange["text"], encoding: number): number {
  if (text === undefined) return 0;
  return typeof text === "string" ? frame.write(text, at, encodingOf(encoding)) : text.bytes.copy(frame, at);
}
