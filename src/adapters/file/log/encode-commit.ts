import { CommitTooLarge } from "../../../domain/errors.ts";
import { ABSENT } from "../../../domain/ports.ts";
import type { Change, TrailEntry } from "../../../domain/ports.ts";
import { encodeEntry } from "../trail/entry-payload.ts";
import type { MeasuredEntry } from "../trail/entry-payload.ts";
import { CHANGE_HEADER_BYTES, COLLECTION_SHIFT, ENTRY, ENTRY_HEADER_BYTES, EXPIRES, EXPIRY_BYTES, ID_SHIFT, PUT, VALUE_SHIFT } from "./content-format.ts";
import { FRAME_HEADER_BYTES, MAX_PAYLOAD_BYTES, createFrame } from "./frame.ts";
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

type Put = Change & { readonly kind: "put" };

/** A record that a commit puts, and where in its frame the value stands. */
export interface LoggedPut {
  readonly change: Put;
  readonly start: number;
  readonly bytes: number;
  readonly encoding: number;
}

/** An entry of the trail, and its payload in the frame. */
export interface LoggedEntry {
  readonly entry: TrailEntry;
  readonly payload: Buffer;
}

/** A commit as the log keeps it. */
export interface EncodedCommit {
  /** Not yet sealed. */
  readonly frame: Buffer;
  readonly puts: readonly LoggedPut[];
  readonly entries: readonly LoggedEntry[];
}

/** A frame with the changes and entries of a commit; a {@link CommitTooLarge} when they do not fit into one. */
export function encodeCommit(sequence: number, changes: readonly Change[], entries: readonly MeasuredEntry[], firstNumber: number): EncodedCommit {
  const measured = measureChanges(changes);
  const frame = createFrameFor(sequence, measured, entries);
  const puts: LoggedPut[] = [];
  let at = FRAME_HEADER_BYTES;
  for (const each of measured) {
    at = encodeChange(frame, at, each);
    const { put, value } = each;
    if (put !== undefined) puts.push({ change: put, start: at - value.bytes, bytes: value.bytes, encoding: value.encoding });
  }
  return { frame, puts, entries: encodeEntries(frame, at, entries, firstNumber) };
}

/** A frame with these changes, not yet sealed. */
export function encodeChanges(sequence: number, changes: readonly LoggedChange[]): Buffer {
  const measured = changes.map((change) => measure(change, undefined));
  const frame = createFrameFor(sequence, measured, []);
  let at = FRAME_HEADER_BYTES;
  for (const each of measured) at = encodeChange(frame, at, each);
  return frame;
}

interface Measured {
  readonly change: LoggedChange;
  readonly put: Put | undefined;
  readonly collection: Measure;
  readonly id: Measure;
  readonly value: Measure;
  readonly bytes: number;
}

/** What the log has to know of a commit: nothing about checks, nor about deleting what is not there. */
function measureChanges(changes: readonly Change[]): readonly Measured[] {
  const measured: Measured[] = [];
  for (const change of changes) {
    const { collection, id } = change;
    if (change.kind === "put") measured.push(measure({ collection, id, text: JSON.stringify(change.value), expiresAt: change.expiresAt }, change));
    else if (change.kind === "delete" && change.basedOn !== ABSENT) measured.push(measure({ collection, id, text: undefined, expiresAt: undefined }, undefined));
  }
  return measured;
}

function measure(change: LoggedChange, put: Put | undefined): Measured {
  const collection = measureText(change.collection);
  const id = measureText(change.id);
  const value = measureValue(change.text);
  const header = CHANGE_HEADER_BYTES + (change.expiresAt === undefined ? 0 : EXPIRY_BYTES);
  return { change, put, collection, id, value, bytes: header + collection.bytes + id.bytes + value.bytes };
}

function measureValue(text: LoggedChange["text"]): Measure {
  if (text === undefined) return NOTHING;
  return typeof text === "string" ? measureText(text) : { encoding: text.encoding, bytes: text.bytes.length };
}

function createFrameFor(sequence: number, changes: readonly Measured[], entries: readonly MeasuredEntry[]): Buffer {
  let total = 0;
  for (const { bytes } of changes) total += bytes;
  for (const { bytes } of entries) total += ENTRY_HEADER_BYTES + bytes;
  if (total > MAX_PAYLOAD_BYTES) throw new CommitTooLarge(total, MAX_PAYLOAD_BYTES);
  return createFrame(sequence, total);
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
  return at + encodeValue(frame, at, change.text, value.encoding);
}

function encodeValue(frame: Buffer, at: number, text: LoggedChange["text"], encoding: number): number {
  if (text === undefined) return 0;
  return typeof text === "string" ? frame.write(text, at, encodingOf(encoding)) : text.bytes.copy(frame, at);
}

function encodeEntries(frame: Buffer, start: number, entries: readonly MeasuredEntry[], firstNumber: number): readonly LoggedEntry[] {
  const logged: LoggedEntry[] = [];
  let at = start;
  for (const measured of entries) {
    frame[at] = ENTRY;
    frame.writeUInt32LE(measured.bytes, at + 1);
    frame.writeDoubleLE(firstNumber + logged.length, at + 5);
    const end = encodeEntry(frame, at + ENTRY_HEADER_BYTES, measured);
    logged.push({ entry: measured.entry, payload: frame.subarray(at + ENTRY_HEADER_BYTES, end) });
    at = end;
  }
  return logged;
}
