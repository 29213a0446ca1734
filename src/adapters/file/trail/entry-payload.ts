import { isObject } from "../../../domain/json.ts";
import type { JsonObject } from "../../../domain/json.ts";
import type { SubjectReference, TrailEntry } from "../../../domain/ports.ts";
import { deepFreeze } from "../../records/stored-record.ts";
import { encodingOf, measureText } from "../log/stored-text.ts";
import type { Measure } from "../log/stored-text.ts";

/*
 * An entry, in the log as in a segment of the trail. All numbers are little-endian.
 *
 *   0   when it happened, 8 when it expires (64-bit floats)
 *   16  flags: two bits for the encoding of each text, in their order; bit 15: it has a subject
 *   18  lengths of action, identity, subject class and subject ID in bytes (32 bits each)
 *   34  these texts, and behind them, to the end, the value as JSON
 */

const HEADER_BYTES = 34;
const EXPIRY_AT = 8;
const FLAGS_AT = 16;
const LENGTHS_AT = 18;
const HAS_SUBJECT = 1 << 15;
const VALUE_SHIFT = 8;

/** An entry that is ready to be written. */
export interface MeasuredEntry {
  readonly entry: TrailEntry;
  /** Action, identity, subject class, subject ID and the value as JSON. */
  readonly texts: readonly string[];
  readonly measures: readonly Measure[];
  readonly bytes: number;
}

/** An entry as it was read, all but its value. */
export interface EntryHead {
  readonly at: number;
  readonly expiresAt: number;
  readonly action: string;
  readonly identity: string;
  readonly subject: SubjectReference | null;
  /** Where its value begins. */
  readonly valueAt: number;
  readonly valueEncoding: number;
}

/** Takes what an entry says; a TypeError when its value is not JSON. */
export function measureEntry(entry: TrailEntry): MeasuredEntry {
  const { subject, value } = entry;
  if (!isObject(value)) throw new TypeError("the value of an entry must be a JSON object");
  const texts = [entry.action, entry.identity, subject === null ? "" : subject.class, subject === null ? "" : subject.id, JSON.stringify(value)];
  const measures = texts.map(measureText);
  let bytes = HEADER_BYTES;
  for (const measure of measures) bytes += measure.bytes;
  return { entry, texts, measures, bytes };
}

/** Writes an entry; answers where it ends. */
export function encodeEntry(into: Buffer, start: number, { entry, texts, measures }: MeasuredEntry): number {
  into.writeDoubleLE(entry.at, start);
  into.writeDoubleLE(entry.expiresAt, start + EXPIRY_AT);
  let flags = entry.subject === null ? 0 : HAS_SUBJECT;
  let at = start + HEADER_BYTES;
  for (const [index, measure] of measures.entries()) {
    flags |= measure.encoding << (2 * index);
    if (index < 4) into.writeUInt32LE(measure.bytes, start + LENGTHS_AT + 4 * index);
    at += into.write(texts[index] ?? "", at, encodingOf(measure.encoding));
  }
  into.writeUInt16LE(flags, start + FLAGS_AT);
  return at;
}

/** Reads what an entry can be asked for. */
export function decodeHead(bytes: Buffer, start: number): EntryHead {
  const flags = bytes.readUInt16LE(start + FLAGS_AT);
  let at = start + HEADER_BYTES;
  const next = (index: number): string => {
    const from = at;
    at += bytes.readUInt32LE(start + LENGTHS_AT + 4 * index);
    return bytes.toString(encodingOf(flags >>> (2 * index)), from, at);
  };
  const action = next(0);
  const identity = next(1);
  const reference = { class: next(2), id: next(3) };
  return {
    at: bytes.readDoubleLE(start), expiresAt: bytes.readDoubleLE(start + EXPIRY_AT), action, identity,
    subject: flags & HAS_SUBJECT ? reference : null, valueAt: at, valueEncoding: flags >>> VALUE_SHIFT,
  };
}

/** Reads the value of an entry that ends at `end`, frozen through and through. */
export function decodeValue(bytes: Buffer, { valueAt, valueEncoding }: EntryHead, end: number): JsonObject {
  const value: JsonObject = JSON.parse(bytes.toString(encodingOf(valueEncoding), valueAt, end));
  deepFreeze(value);
  return value;
}
