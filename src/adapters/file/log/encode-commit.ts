import { CommitTooLarge } from "../../../domain/errors.ts";
import { ABSENT } from "../../../domain/ports.ts";
import type { Change, TrailEntry } from "../../../domain/ports.ts";
import { crc32c } from "../disk/crc32c.ts";
import { inPieces, inUrgentPieces, partsOf } from "../disk/in-pieces.ts";
import { joinChecksums } from "../disk/joined-checksums.ts";
import { encodeEntry, measureEntry } from "../trail/entry-payload.ts";
import type { MeasuredEntry } from "../trail/entry-payload.ts";
import { keysOf } from "../trail/entry-keys.ts";
import type { EntryKeys } from "../trail/entry-keys.ts";
import { ENTRY, ENTRY_HEADER_BYTES, ENTRY_NUMBER_AT } from "./content-format.ts";
import { encodeChange, measureChange } from "./encode-change.ts";
import type { LoggedChange, MeasuredChange } from "./encode-change.ts";
import { FRAME_HEADER_BYTES, MAX_PAYLOAD_BYTES, createFrame, numberFrame } from "./frame.ts";

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

/** A commit of many, whose bytes are looked at before it has its number: then others wait for it. */
export interface EncodedMany extends EncodedCommit {
  /** Of all changes together, as they stand in the frame. */
  readonly changesChecksum: number;
  /** Of the payload of each entry. */
  readonly entryChecksums: readonly number[];
}

/** So much is encoded at once, in a few milliseconds. */
const AT_ONCE_BYTES = 1024 * 1024;

/** A frame with the changes and entries of a commit; null when they are so large that it takes long. */
export function encodeAtOnce(changes: readonly Change[], entries: readonly TrailEntry[]): EncodedCommit | null {
  const drafted = draftCommit(changes, entries, AT_ONCE_BYTES);
  return drafted.bytes > AT_ONCE_BYTES ? null : encode(drafted);
}

/** The same however large they are; a {@link CommitTooLarge} when they do not fit into one. */
function encodeCommit(changes: readonly Change[], entries: readonly TrailEntry[]): EncodedCommit {
  return encode(draftCommit(changes, entries, Number.POSITIVE_INFINITY));
}

function encode({ changes, entries, bytes }: DraftedCommit): EncodedCommit {
  const commit = beginCommit(bytes);
  for (const change of changes) addChange(commit, change);
  for (const entry of entries) addEntry(commit, entry);
  return commit;
}

/** The same for many, {@link inPieces}: nothing of it depends on what a store has. */
export async function encodeInPieces(changes: readonly Change[], entries: readonly TrailEntry[]): Promise<EncodedMany> {
  const parts: EncodedCommit[] = [];
  await inPieces(partsOf(changes), (part) => parts.push(encodeCommit(part, [])));
  await inPieces(partsOf(entries), (part) => parts.push(encodeCommit([], part)));
  const whole = beginCommit(parts.reduce((bytes, { frame }) => bytes + frame.length - FRAME_HEADER_BYTES, 0));
  let changesChecksum = 0;
  const entryChecksums: number[] = [];
  await inPieces(parts, (part) => {
    const start = whole.at;
    addPart(whole, part);
    if (part.entries.length === 0) changesChecksum = crc32c(whole.frame, start, whole.at, changesChecksum);
    for (const { payload } of part.entries) entryChecksums.push(crc32c(payload));
  });
  return { ...whole, changesChecksum, entryChecksums };
}

/** {@link numberCommit} for many, in pieces; answers the checksum of the payload, so that nothing long is left to be done when the frame is sealed. */
export async function numberMany({ frame, entries, changesChecksum, entryChecksums }: EncodedMany, sequence: number, firstEntry: number): Promise<number> {
  numberFrame(frame, sequence);
  let checksum = changesChecksum;
  let index = 0;
  let at = entries.reduce((end, { payload }) => end - ENTRY_HEADER_BYTES - payload.length, frame.length);
  await inUrgentPieces(partsOf(entries), (part) => {
    for (const { payload } of part) {
      frame.writeDoubleLE(firstEntry + index, at + ENTRY_NUMBER_AT);
      checksum = crc32c(frame, at, at + ENTRY_HEADER_BYTES, checksum);
      checksum = joinChecksums(checksum, entryChecksums[index] ?? 0, payload.length);
      at += ENTRY_HEADER_BYTES + payload.length;
      index++;
    }
  });
  return checksum;
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

interface DraftedChange {
  readonly measured: MeasuredChange;
  readonly put: Put | undefined;
}

interface DraftedCommit {
  readonly changes: DraftedChange[];
  readonly entries: MeasuredEntry[];
  bytes: number;
}

/** What the log has to know of a commit: nothing about checks, nor about deleting what is not there. It is left off where it gets larger than that. */
function draftCommit(changes: readonly Change[], entries: readonly TrailEntry[], maxBytes: number): DraftedCommit {
  const drafted: DraftedCommit = { changes: [], entries: [], bytes: 0 };
  for (const change of changes) {
    const draft = draftChange(change);
    if (draft === null) continue;
    drafted.changes.push(draft);
    drafted.bytes += draft.measured.bytes;
    if (drafted.bytes > maxBytes) return drafted;
  }
  for (const entry of entries) {
    const measured = measureEntry(entry);
    drafted.entries.push(measured);
    drafted.bytes += ENTRY_HEADER_BYTES + measured.bytes;
    if (drafted.bytes > maxBytes) return drafted;
  }
  return drafted;
}

function draftChange(change: Change): DraftedChange | null {
  const { collection, id } = change;
  if (change.kind === "put") return { measured: measureChange({ collection, id, text: JSON.stringify(change.value), expiresAt: change.expiresAt }), put: change };
  if (change.kind === "check" || change.basedOn === ABSENT) return null;
  return { measured: measureChange({ collection, id, text: undefined, expiresAt: undefined }), put: undefined };
}

/** A commit that is being written. */
interface Writing extends EncodedCommit {
  readonly puts: LoggedPut[];
  readonly entries: LoggedEntry[];
  at: number;
}

const NOT_NUMBERED = 0;

function beginCommit(bytes: number): Writing {
  if (bytes > MAX_PAYLOAD_BYTES) throw new CommitTooLarge(bytes, MAX_PAYLOAD_BYTES);
  return { frame: createFrame(NOT_NUMBERED, bytes), puts: [], entries: [], at: FRAME_HEADER_BYTES };
}

function addChange(commit: Writing, { measured, put }: DraftedChange): void {
  const { frame } = commit;
  const { bytes, encoding } = measured.value;
  commit.at = encodeChange(frame, commit.at, measured);
  const start = commit.at - bytes;
  if (put !== undefined) commit.puts.push({ change: put, start, bytes, encoding, checksum: crc32c(frame, start, commit.at) });
}

/** All but its number. */
function addEntry(commit: Writing, measured: MeasuredEntry): void {
  const { frame, at } = commit;
  frame[at] = ENTRY;
  frame.writeUInt32LE(measured.bytes, at + 1);
  commit.at = encodeEntry(frame, at + ENTRY_HEADER_BYTES, measured);
  commit.entries.push({ entry: measured.entry, keys: keysOf(measured.entry), payload: frame.subarray(at + ENTRY_HEADER_BYTES, commit.at) });
}

/** Takes in a commit that has been written by itself. */
function addPart(commit: Writing, { frame, puts, entries }: EncodedCommit): void {
  const by = commit.at - FRAME_HEADER_BYTES;
  commit.at += frame.copy(commit.frame, commit.at, FRAME_HEADER_BYTES);
  for (const put of puts) commit.puts.push({ ...put, start: put.start + by });
  for (const each of entries) {
    const start = each.payload.byteOffset - frame.byteOffset + by;
    commit.entries.push({ ...each, payload: commit.frame.subarray(start, start + each.payload.length) });
  }
}
