import { CommitTooLarge } from "../../../domain/errors.ts";
import type { JsonObject } from "../../../domain/json.ts";
import { ABSENT } from "../../../domain/ports.ts";
import type { Change, TrailEntry } from "../../../domain/ports.ts";
import { encodeEntry } from "../trail/entry-payload.ts";
import type { MeasuredEntry } from "../trail/entry-payload.ts";
import { FRAME_HEADER_BYTES, MAX_PAYLOAD_BYTES, createFrame } from "./frame.ts";
import { ASCII, NOTHING, encodingOf, measureText } from "./stored-text.ts";
import type { Measure } from "./stored-text.ts";

/*
 * The payload of a frame is one change after the other, and then one entry of the trail after the
 * other. A change has
 *
 *   0   flags: bit 0 put (else delete), bit 1 it expires, then two bits for the encoding of each text
 *   1   length of the collection's name, 5 of the ID, 9 of the value, in bytes
 *   13  when it expires (64-bit float), if it does
 *       the collection's name, the ID, the value as JSON
 *
 * An entry has
 *
 *   0   flags: 12, an encoding that no collection's name has
 *   1   length of what follows its number, in bytes
 *   5   its number (64-bit float)
 *   13  what trail/entry-payload.ts describes
 */

const CHANGE_HEADER_BYTES = 13;
const EXPIRY_BYTES = 8;
const PUT = 1;
const EXPIRES = 2;
const COLLECTION_SHIFT = 2;
const ID_SHIFT = 4;
const VALUE_SHIFT = 6;
const ENTRY = 3 << COLLECTION_SHIFT;
const ENTRY_HEADER_BYTES = 13;

/** A change as the log keeps it: the value as JSON text, absent from a deletion. */
export interface LoggedChange {
  readonly collection: string;
  readonly id: string;
  readonly text: string | undefined;
  readonly expiresAt: number | undefined;
}

/** Takes the contents of a frame, one by one. */
export interface FrameVisitor {
  change(collection: string, id: string, text: string | undefined, expiresAt: number | undefined): void;
  /** An entry of the trail: its payload stands from `start` to `end`. */
  entry(number: number, bytes: Buffer, start: number, end: number): void;
}

/** An entry of the trail as the log keeps it. */
export interface LoggedEntry {
  readonly entry: TrailEntry;
  readonly payload: Buffer;
}

/** A commit as the log keeps it. */
export interface EncodedCommit {
  /** Not yet sealed. */
  readonly frame: Buffer;
  /** How many records it puts, and how many bytes its changes take. */
  readonly puts: number;
  readonly changeBytes: number;
  /** The entries with their payloads, which are parts of the frame. */
  readonly entries: readonly LoggedEntry[];
}

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

/** A frame with these changes, not yet sealed. */
export function encodeChanges(sequence: number, changes: readonly LoggedChange[]): Buffer {
  return encodeCommit(sequence, changes, [], 0).frame;
}

/** A frame with the changes and entries of a commit; a {@link CommitTooLarge} when they do not fit into one. */
export function encodeCommit(sequence: number, changes: readonly LoggedChange[], entries: readonly MeasuredEntry[], firstNumber: number): EncodedCommit {
  const sizes = changes.map(measure);
  let puts = 0;
  let changeBytes = 0;
  for (const { change, bytes } of sizes) {
    changeBytes += bytes;
    if (change.text !== undefined) puts++;
  }
  let total = changeBytes;
  for (const { bytes } of entries) total += ENTRY_HEADER_BYTES + bytes;
  if (total > MAX_PAYLOAD_BYTES) throw new CommitTooLarge(total, MAX_PAYLOAD_BYTES);
  const frame = createFrame(sequence, total);
  let at = FRAME_HEADER_BYTES;
  for (const size of sizes) at = encodeChange(frame, at, size);
  const logged: LoggedEntry[] = [];
  for (const measured of entries) {
    const start = encodeEntryHeader(frame, at, measured.bytes, firstNumber + logged.length);
    at = encodeEntry(frame, start, measured);
    logged.push({ entry: measured.entry, payload: frame.subarray(start, at) });
  }
  return { frame, puts, changeBytes, entries: logged };
}

function encodeEntryHeader(frame: Buffer, start: number, bytes: number, number: number): number {
  frame[start] = ENTRY;
  frame.writeUInt32LE(bytes, start + 1);
  return frame.writeDoubleLE(number, start + 5);
}

interface Measured {
  readonly change: LoggedChange;
  readonly collection: Measure;
  readonly id: Measure;
  readonly value: Measure;
  readonly bytes: number;
}

function measure(change: LoggedChange): Measured {
  const collection = measureText(change.collection);
  const id = measureText(change.id);
  const value = change.text === undefined ? NOTHING : measureText(change.text);
  const header = CHANGE_HEADER_BYTES + (change.expiresAt === undefined ? 0 : EXPIRY_BYTES);
  return { change, collection, id, value, bytes: header + collection.bytes + id.bytes + value.bytes };
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

/** Reads the contents of an intact frame. Throws when they are not what {@link encodeCommit} writes. */
export function decodeFrame(bytes: Buffer, start: number, end: number, visitor: FrameVisitor): void {
  for (let at = start; at < end; ) at = bytes[at] === ENTRY ? decodeEntry(bytes, at, end, visitor) : decodeChange(bytes, at, end, visitor);
}

function decodeEntry(bytes: Buffer, at: number, end: number, visitor: FrameVisitor): number {
  const start = at + ENTRY_HEADER_BYTES;
  const next = start + bytes.readUInt32LE(at + 1);
  if (next > end) throw new RangeError("an entry is longer than its frame");
  visitor.entry(bytes.readDoubleLE(at + 5), bytes, start, next);
  return next;
}

function decodeChange(bytes: Buffer, at: number, end: number, visitor: FrameVisitor): number {
  const flags = bytes[at] ?? 0;
  const collectionAt = at + CHANGE_HEADER_BYTES + (flags & EXPIRES ? EXPIRY_BYTES : 0);
  const idAt = collectionAt + bytes.readUInt32LE(at + 1);
  const valueAt = idAt + bytes.readUInt32LE(at + 5);
  const next = valueAt + bytes.readUInt32LE(at + 9);
  if (next > end) throw new RangeError("a change is longer than its frame");
  const collection = decodeName(bytes, collectionAt, idAt, flags >>> COLLECTION_SHIFT);
  const id = bytes.toString(encodingOf(flags >>> ID_SHIFT), idAt, valueAt);
  const text = flags & PUT ? bytes.toString(encodingOf(flags >>> VALUE_SHIFT), valueAt, next) : undefined;
  visitor.change(collection, id, text, flags & EXPIRES ? bytes.readDoubleLE(at + CHANGE_HEADER_BYTES) : undefined);
  return next;
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
