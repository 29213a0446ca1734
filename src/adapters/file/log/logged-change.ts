import type { JsonObject } from "../../../domain/json.ts";
import { ABSENT } from "../../../domain/ports.ts";
import type { Change } from "../../../domain/ports.ts";
import { FRAME_HEADER_BYTES, MAX_PAYLOAD_BYTES, createFrame } from "./frame.ts";

/*
 * The payload of a frame is one change after the other. Each has
 *
 *   0   flags: bit 0 put (else delete), bit 1 it expires, then two bits for the encoding of each text
 *   1   length of the collection's name, 5 of the ID, 9 of the value, in bytes
 *   13  when it expires (64-bit float), if it does
 *       the collection's name, the ID, the value as JSON
 */

const CHANGE_HEADER_BYTES = 13;
const EXPIRY_BYTES = 8;
const PUT = 1;
const EXPIRES = 2;
const COLLECTION_SHIFT = 2;
const ID_SHIFT = 4;
const VALUE_SHIFT = 6;

/** The narrowest that keeps a text: UTF-16 is for lone surrogates, which UTF-8 would lose. */
const ENCODINGS = ["latin1", "utf8", "utf16le"] as const;
const ASCII = 0;
const UTF8 = 1;
const UTF16 = 2;
const LONE_SURROGATE = /\p{Surrogate}/u;

/** A change as the log keeps it: the value as JSON text, absent from a deletion. */
export interface LoggedChange {
  readonly collection: string;
  readonly id: string;
  readonly text: string | undefined;
  readonly expiresAt: number | undefined;
}

/** Takes the changes of a frame, one by one. */
export type VisitChange = (collection: string, id: string, text: string | undefined, expiresAt: number | undefined) => void;

/** What the log has to know of a commit: nothing about checks, nor about deleting what is not there. */
export function toLogged(changes: readonly Change[]): readonly LoggedChange[] {
  const logged: LoggedChange[] = [];
  for (const change of changes) {
    const { collection, id } = change;
    if (change.kind === "put") logged.push({ collection, id, text: toText(change.value), expiresAt: change.expiresAt });
    else if (change.kind === "delete" && change.basedOn !== ABSENT) logged.push({ collection, id, text: undefined, expiresAt: undefined });
  }
  return logged;
}

/** A value as the store writes it. */
export function toText(value: JsonObject): string {
  return JSON.stringify(value);
}

/** A frame with these changes, not yet sealed. A TypeError when they are too large for one. */
export function encodeChanges(sequence: number, changes: readonly LoggedChange[]): Buffer {
  const sizes = changes.map(measure);
  const total = sizes.reduce((sum, { bytes }) => sum + bytes, 0);
  if (total > MAX_PAYLOAD_BYTES) throw new TypeError(`a commit of ${total} bytes is too large; ${MAX_PAYLOAD_BYTES} is the most`);
  const frame = createFrame(sequence, total);
  let at = FRAME_HEADER_BYTES;
  for (const size of sizes) at = encodeChange(frame, at, size);
  return frame;
}

interface Measured {
  readonly change: LoggedChange;
  readonly collection: Measure;
  readonly id: Measure;
  readonly value: Measure;
  readonly bytes: number;
}

interface Measure {
  readonly encoding: number;
  readonly bytes: number;
}

const NOTHING: Measure = { encoding: ASCII, bytes: 0 };

function measure(change: LoggedChange): Measured {
  const collection = measureText(change.collection);
  const id = measureText(change.id);
  const value = change.text === undefined ? NOTHING : measureText(change.text);
  const header = CHANGE_HEADER_BYTES + (change.expiresAt === undefined ? 0 : EXPIRY_BYTES);
  return { change, collection, id, value, bytes: header + collection.bytes + id.bytes + value.bytes };
}

function measureText(text: string): Measure {
  const bytes = Buffer.byteLength(text);
  if (bytes === text.length) return { encoding: ASCII, bytes };
  return LONE_SURROGATE.test(text) ? { encoding: UTF16, bytes: 2 * text.length } : { encoding: UTF8, bytes };
}

function encodeChange(frame: Buffer, start: number, { change, collection, id, value }: Measured): number {
  const kind = (change.text === undefined ? 0 : PUT) | (change.expiresAt === undefined ? 0 : EXPIRES);
  frame[start] = kind | (collection.encoding << COLLECTION_SHIFT) | (id.encoding << ID_SHIFT) | (value.encoding << VALUE_SHIFT);
  frame.writeUInt32LE(collection.bytes, start + 1);
  frame.writeUInt32LE(id.bytes, start + 5);
  frame.writeUInt32LE(value.bytes, start + 9);
  let at = start + CHANGE_HEADER_BYTES;
  if (change.expiresAt !== undefined) at = frame.writeDoubleLE(change.expiresAt, at);
  at += frame.write(change.collection, at, encodingOf(collection.encoding));
  at += frame.write(change.id, at, encodingOf(id.encoding));
  return change.text === undefined ? at : at + frame.write(change.text, at, encodingOf(value.encoding));
}

/** Reads the changes of an intact frame. Throws when they are not what {@link encodeChanges} writes. */
export function decodeChanges(bytes: Buffer, start: number, end: number, visit: VisitChange): void {
  let at = start;
  while (at < end) {
    const flags = bytes[at] ?? 0;
    const collectionAt = at + CHANGE_HEADER_BYTES + (flags & EXPIRES ? EXPIRY_BYTES : 0);
    const idAt = collectionAt + bytes.readUInt32LE(at + 1);
    const valueAt = idAt + bytes.readUInt32LE(at + 5);
    const next = valueAt + bytes.readUInt32LE(at + 9);
    if (next > end) throw new RangeError("a change is longer than its frame");
    const collection = decodeName(bytes, collectionAt, idAt, flags >>> COLLECTION_SHIFT);
    const id = bytes.toString(encodingOf(flags >>> ID_SHIFT), idAt, valueAt);
    const text = flags & PUT ? bytes.toString(encodingOf(flags >>> VALUE_SHIFT), valueAt, next) : undefined;
    visit(collection, id, text, flags & EXPIRES ? bytes.readDoubleLE(at + CHANGE_HEADER_BYTES) : undefined);
    at = next;
  }
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

function encodingOf(flags: number): (typeof ENCODINGS)[number] {
  return ENCODINGS[flags & 3] ?? "utf8";
}
