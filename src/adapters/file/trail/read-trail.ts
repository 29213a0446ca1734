import { isAskedFor } from "../../../domain/audit/trail-filter.ts";
import type { Clock, KeptEntry, TrailPage, TrailQuery, WholeEntry } from "../../../domain/ports.ts";
import { damaged } from "../file-store-error.ts";
import { FRAME_HEADER_BYTES, isIntact, payloadBytesAt, sequenceAt } from "../log/frame.ts";
import { keysAsked } from "./entry-keys.ts";
import type { QueryKeys } from "./entry-keys.ts";
import { decodeHead, decodeValue } from "./entry-payload.ts";
import type { EntryHead } from "./entry-payload.ts";
import type { Rows, Segment, SegmentReader } from "./segment.ts";

/** Wide enough for every safe integer, so that IDs sort as texts. */
const ID_DIGITS = 16;

const LOST: TrailPage = { entries: [], next: null, lost: true };

/** How many segments are asked at the same time for what is filtered: as many as threads that read files, and few enough to be done soon. */
const AT_A_TIME = 4;

/** How many candidates are looked at with one read of rows. */
const CANDIDATES = 1024;

/** Entries are read together when they stand so close, up to so many bytes: two milliseconds or so of parsing. */
const MAX_GAP_BYTES = 4096;
const MAX_STRETCH_BYTES = 128 * 1024;

/** How many such stretches are read at the same time. */
const STRETCHES_AT_A_TIME = 16;

/** What one question is about, and what has been found so far. */
interface Search {
  readonly query: TrailQuery;
  readonly keys: QueryKeys | undefined;
  readonly descending: boolean;
  readonly clock: Clock;
  readonly found: FoundEntry[];
}

interface FoundEntry extends KeptEntry {
  readonly head: EntryHead;
}

/** A part of a segment that entries are looked for in, by ordinals. */
interface Part {
  readonly segment: Segment;
  readonly from: number;
  readonly to: number;
}

/** A page of the trail that these segments are, in their order. Never works for long without a pause. */
export async function readTrail(segments: readonly Segment[], query: TrailQuery, clock: Clock): Promise<TrailPage> {
  const search = await searchTrail(segments, query, clock);
  return (await isLost(segments, search)) ? LOST : toPage(search);
}

/** Some entries of the trail with all that they were committed with, behind one if it is given. */
export async function readEntries(segments: readonly Segment[], page: { readonly after?: string; readonly limit: number }, clock: Clock): Promise<readonly WholeEntry[]> {
  const { found } = await searchTrail(segments, page, clock);
  return found.slice(0, page.limit).map(({ id, value, head: { at, expiresAt, action, identity, subject } }) => ({ id, entry: { at, expiresAt, action, subject, identity, value } }));
}

async function searchTrail(segments: readonly Segment[], query: TrailQuery, clock: Clock): Promise<Search> {
  const isFiltered = query.action !== undefined || query.identity !== undefined || query.subject !== undefined;
  const search: Search = { query, keys: isFiltered ? keysAsked(query) : undefined, descending: query.order === "descending", clock, found: [] };
  const parts = partsOf(segments, query);
  const size = isFiltered ? AT_A_TIME : 1;
  for (let at = 0; at < parts.length && !isFull(search); at += size) await searchSome(search, parts.slice(at, at + size));
  return search;
}

/** Asked when all is read: what was kept then was read, too. */
async function isLost(segments: readonly Segment[], { query: { after }, descending, clock, found }: Search): Promise<boolean> {
  if (after === undefined || descending) return false;
  const bound = Number(after);
  const last = segments.at(-1);
  const end = last === undefined ? 0 : last.first + last.count - 1;
  if (bound === end || Number(found[0]?.id) === bound + 1) return false;
  return !(bound < end) || !((await isKept(segments, bound, clock)) || (await isKept(segments, bound + 1, clock)));
}

async function isKept(segments: readonly Segment[], number: number, clock: Clock): Promise<boolean> {
  const segment = segments.find(({ first, count }) => first <= number && number < first + count);
  const reader = await segment?.read();
  if (segment === undefined || reader === undefined) return false;
  try {
    const ordinal = number - segment.first;
    return clock() < 1000 * (await reader.rows(ordinal, ordinal + 1)).expirySecondOf(ordinal);
  } finally {
    await reader.close();
  }
}

function toPage({ query, found }: Search): TrailPage {
  const entries = found.slice(0, query.limit).map(({ id, value }) => ({ id, value }));
  return { entries, next: found.length <= query.limit ? null : (entries.at(-1)?.id ?? null) };
}

/** One more than a page, as that tells whether there is a next one. */
function isFull({ query, found }: Search): boolean {
  return found.length > query.limit;
}

/** The parts that lie behind `after`, in the order asked for. */
function partsOf(segments: readonly Segment[], { after, order }: TrailQuery): readonly Part[] {
  const bound = after === undefined ? undefined : Number(after);
  // No entry has such an ID, so there is none behind it either.
  if (bound !== undefined && !Number.isSafeInteger(bound)) return [];
  const parts = segments.map((segment) => {
    const { first, count } = segment;
    if (bound === undefined) return { segment, from: 0, to: count };
    return order === "descending" ? { segment, from: 0, to: Math.min(count, bound - first) } : { segment, from: Math.max(0, bound + 1 - first), to: count };
  });
  const wanted = parts.filter(({ from, to }) => from < to);
  return order === "descending" ? wanted.reverse() : wanted;
}

/** Asks several segments at a time for candidates, and then reads these in order. */
async function searchSome(search: Search, parts: readonly Part[]): Promise<void> {
  const readers = await openAll(parts);
  try {
    const { keys } = search;
    const candidates = keys === undefined ? [] : await Promise.all(parts.map(({ from, to }, n) => readers[n]?.find(keys, from, to)));
    for (const [n, part] of parts.entries()) {
      const reader = readers[n];
      if (reader !== undefined && !isFull(search)) await searchPart(search, reader, part, candidates[n]);
    }
  } finally {
    for (const reader of readers) await reader?.close();
  }
}

async function openAll(parts: readonly Part[]): Promise<readonly (SegmentReader | undefined)[]> {
  const opened = await Promise.allSettled(parts.map(({ segment }) => segment.read()));
  const failed = opened.find((each) => each.status === "rejected");
  if (failed === undefined) return opened.map((each) => (each.status === "fulfilled" ? each.value : undefined));
  for (const each of opened) if (each.status === "fulfilled") await each.value?.close();
  throw failed.reason;
}

async function searchPart(search: Search, reader: SegmentReader, { segment, from, to }: Part, candidates: Uint32Array | undefined): Promise<void> {
  const count = candidates?.length ?? to - from;
  for (let done = 0; done < count && !isFull(search); done += CANDIDATES) {
    const length = Math.min(CANDIDATES, count - done);
    const start = search.descending ? count - done - length : done;
    const chunk = candidates?.subarray(start, start + length) ?? Uint32Array.from({ length }, (_, n) => from + start + n);
    await searchChunk(search, reader, segment.first, search.descending ? chunk.toReversed() : chunk);
  }
}

/** Candidates in the order asked for. */
async function searchChunk(search: Search, reader: SegmentReader, first: number, chunk: Uint32Array): Promise<void> {
  const [one = 0, last = 0] = [chunk.at(0), chunk.at(-1)];
  const rows = await reader.rows(Math.min(one, last), Math.max(one, last) + 1);
  const now = search.clock();
  const alive = chunk.filter((ordinal) => now < 1000 * rows.expirySecondOf(ordinal));
  for (let at = 0; at < alive.length && !isFull(search); ) {
    const stretches = takeStretches(alive.subarray(at), rows, search.query.limit + 1 - search.found.length);
    await readStretches(search, reader, first, stretches, rows);
    for (const { length } of stretches) at += length;
  }
}

/** The next candidates, as many as are wanted, in stretches that stand close together. */
function takeStretches(ordinals: Uint32Array, rows: Rows, wanted: number): readonly Uint32Array[] {
  const stretches: Uint32Array[] = [];
  let bytes = 0;
  for (let at = 0; at < Math.min(ordinals.length, wanted) && stretches.length < STRETCHES_AT_A_TIME && bytes < MAX_STRETCH_BYTES; ) {
    const stretch = takeStretch(ordinals.subarray(at, wanted), rows);
    stretches.push(stretch);
    at += stretch.length;
    bytes += spanOf(stretch, rows).bytes;
  }
  return stretches;
}

function takeStretch(ordinals: Uint32Array, rows: Rows): Uint32Array {
  let end = 1;
  for (; end < ordinals.length; end++) {
    const gap = spanOf(ordinals.subarray(end - 1, end + 1), rows).bytes - spanOf(ordinals.subarray(end, end + 1), rows).bytes;
    if (gap > MAX_GAP_BYTES || spanOf(ordinals.subarray(0, end + 1), rows).bytes > MAX_STRETCH_BYTES) break;
  }
  return ordinals.subarray(0, end);
}

/** Which bytes of the segment a stretch takes, from its first entry to the end of its last. */
function spanOf(stretch: Uint32Array, rows: Rows): { readonly start: number; readonly bytes: number } {
  const [one = 0, last = 0] = [stretch.at(0), stretch.at(-1)];
  const start = rows.startOf(Math.min(one, last));
  return { start, bytes: rows.startOf(Math.max(one, last) + 1) - start };
}

async function readStretches(search: Search, reader: SegmentReader, first: number, stretches: readonly Uint32Array[], rows: Rows): Promise<void> {
  const spans = stretches.map((stretch) => spanOf(stretch, rows));
  const read = await Promise.all(spans.map(({ start, bytes }) => reader.frames(start, start + bytes)));
  for (const [n, stretch] of stretches.entries()) takeStretchEntries(search, reader, first, stretch, rows, spans[n]?.start ?? 0, read[n] ?? Buffer.alloc(0));
}

function takeStretchEntries(search: Search, { path, seed }: SegmentReader, first: number, stretch: Uint32Array, rows: Rows, start: number, bytes: Buffer): void {
  for (const ordinal of stretch) {
    const frame = { at: rows.startOf(ordinal) - start, end: rows.startOf(ordinal + 1) - start };
    if (!isFrameOf(bytes, frame, first + ordinal, seed)) throw damaged(path, rows.startOf(ordinal), "an entry of the trail is not what was written");
    takeEntry(search, first + ordinal, bytes, frame);
  }
}

interface FramePlace {
  readonly at: number;
  readonly end: number;
}

function isFrameOf(bytes: Buffer, { at, end }: FramePlace, number: number, seed: number): boolean {
  if (end - at <= FRAME_HEADER_BYTES || end > bytes.length || payloadBytesAt(bytes, at) !== end - at - FRAME_HEADER_BYTES) return false;
  return sequenceAt(bytes, at) === number && isIntact(bytes, at, end, seed);
}

function takeEntry({ query, clock, found }: Search, number: number, bytes: Buffer, { at, end }: FramePlace): void {
  const head = decodeHead(bytes, at + FRAME_HEADER_BYTES);
  if (head.expiresAt <= clock() || !isAskedFor(head, query)) return;
  found.push({ id: String(number).padStart(ID_DIGITS, "0"), value: decodeValue(bytes, head, end), head });
}
