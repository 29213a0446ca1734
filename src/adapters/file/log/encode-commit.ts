import { ABSENT } from "../../../domain/ports.ts";
import type { Change, TrailEntry } from "../../../domain/ports.ts";
import { crc32c } from "../disk/crc32c.ts";
import { encodeEntry, measureEntry } from "../trail/entry-payload.ts";
import type { MeasuredEntry } from "../trail/entry-payload.ts";
import { keysOf } from "../trail/entry-keys.ts";
import type { EntryKeys } from "../trail/entry-keys.ts";
import { ENTRY, ENTRY_HEADER_BYTES, ENTRY_NUMBER_AT } from "./content-format.ts";
import { encodeChange, measureChange } from "./encode-change.ts";
import type { LoggedChange, MeasuredChange } from "./encode-change.ts";
import { FRAME_HEADER_BYTES, NOT_NUMBERED, createFrame, numberFrame } from "./frame.ts";

type Put = Change & { readonly kind: "put" };

/** A record that a commit puts, and where in its frame the value stands. */
export interface LoggedPut {
  readonly change: Put;
  readonly start: number;
  readonly bytes: number;
  readonly encoding: number;
  /** CRC-32C of the value's text. */
  readonly checksum: number;
}

/** An entry of the trail, what it is found by, and its payload in the frame. */
export interface LoggedEntry {
  readonly entry: TrailEntry;
  readonly keys: EntryKeys;
  readonly payload: Buffer;
}

/** A commit as the log keeps it. */
export interface EncodedCommit {
  /** Neither numbered nor sealed yet. */
  readonly frame: Buffer;
  readonly puts: readonly LoggedPut[];
  readonly entries: readonly LoggedEntry[];
}

/** A frame with the changes and entries of a commit; null when they take more bytes than that. */
export function encodeAtOnce(changes: readonly Change[], entries: readonly TrailEntry[], maxBytes: number): EncodedCommit | null {
  const drafted = draftCommit(changes, entries, maxBytes);
  return drafted.bytes > maxBytes ? null : encode(drafted);
}

/** Gives the commit its number, and its entries theirs, which follow each other: known when it is sure to be kept. */
export function numberCommit({ frame, entries }: EncodedCommit, sequence: number, firstEntry: number): void {
  numberFrame(frame, sequence);
  let end = frame.length;
  for (let at = entries.length - 1; at >= 0; at--) {
    end -= ENTRY_HEADER_BYTES + (entries[at]?.payload.length ?? 0);
    frame.writeDoubleLE(firstEntry + at, end + ENTRY_NUMBER_AT);
  }
}

/** A frame with these changes, not yet sealed. */
export function encodeChanges(sequence: number, changes: readonly LoggedChange[]): Buffer {
  const measured = changes.map(measureChange);
  const frame = createFrame(sequence, measured.reduce((sum, { bytes }) => sum + bytes, 0));
  let at = FRAME_HEADER_BYTES;
  for (const each of measured) at = encodeChange(frame, at, each);
  return frame;
}

/** A change as it is to be written. */
export interface DraftedChange {
  readonly measured: MeasuredChange;
  readonly put: Put | undefined;
}

/** What a commit is to have. */
export interface DraftedCommit {
  readonly changes: DraftedChange[];
  readonly entries: MeasuredEntry[];
  /** Of its payload. */
  bytes: number;
}

/** What the log has to know of a commit: nothing about checks, nor about deleting what is not there. It is left off where it gets larger than that. */
function draftCommit(changes: readonly Change[], entries: readonly TrailEntry[], maxBytes: number): DraftedCommit {
  const drafted = beginDraft();
  for (const change of changes) {
    addChange(drafted, change);
    if (drafted.bytes > maxBytes) return drafted;
  }
  for (const entry of entries) {
    addEntry(drafted, entry);
    if (drafted.bytes > maxBytes) return drafted;
  }
  return drafted;
}

/** Nothing, to begin with. */
export function beginDraft(): DraftedCommit {
  return { changes: [], entries: [], bytes: 0 };
}

export function addChange(drafted: DraftedCommit, change: Change): void {
  const draft = draftChange(change);
  if (draft === null) return;
  drafted.changes.push(draft);
  drafted.bytes += draft.measured.bytes;
}

export function addEntry(drafted: DraftedCommit, entry: TrailEntry): void {
  const measured = measureEntry(entry);
  drafted.entries.push(measured);
  drafted.bytes += ENTRY_HEADER_BYTES + measured.bytes;
}

function draftChange(change: Change): DraftedChange | null {
  const { collection, id } = change;
  if (change.kind === "put") return { measured: measureChange({ collection, id, text: JSON.stringify(change.value), expiresAt: change.expiresAt }), put: change };
  if (change.kind === "check" || change.basedOn === ABSENT) return null;
  return { measured: measureChange({ collection, id, text: undefined, expiresAt: undefined }), put: undefined };
}

function encode({ changes, entries, bytes }: DraftedCommit): EncodedCommit {
  const frame = createFrame(NOT_NUMBERED, bytes);
  return { frame, ...encodeContents({ frame, start: FRAME_HEADER_BYTES, firstEntry: 0 }, changes, entries) };
}

/** Where contents are written to. */
interface Room {
  readonly frame: Buffer;
  readonly start: number;
  /** The number that the first entry gets. */
  readonly firstEntry: number;
}

/** Writes changes, and entries behind them, into a frame that has room for them. */
export function encodeContents({ frame, start, firstEntry }: Room, changes: readonly DraftedChange[], entries: readonly MeasuredEntry[]): Pick<EncodedCommit, "puts" | "entries"> {
  const puts: LoggedPut[] = [];
  let at = start;
  for (const { measured, put } of changes) {
    const { bytes, encoding } = measured.value;
    at = encodeChange(frame, at, measured);
    if (put !== undefined) puts.push({ change: put, start: at - bytes, bytes, encoding, checksum: crc32c(frame, at - bytes, at) });
  }
  const logged = entries.map((measured, index): LoggedEntry => {
    const payloadAt = at + ENTRY_HEADER_BYTES;
    frame[at] = ENTRY;
    frame.writeUInt32LE(measured.bytes, at + 1);
    frame.writeDoubleLE(firstEntry + index, at + ENTRY_NUMBER_AT);
    at = encodeEntry(frame, payloadAt, measured);
    return { entry: measured.entry, keys: keysOf(measured.entry), payload: frame.subarray(payloadAt, at) };
  });
  return { puts, entries: logged };
}
