import { CommitTooLarge } from "../../../domain/errors.ts";
import type { Change, TrailEntry } from "../../../domain/ports.ts";
import { inPieces, partsOf } from "../disk/in-pieces.ts";
import { ENTRY_HEADER_BYTES } from "./content-format.ts";
import { addChange, addEntry, beginDraft, encodeContents } from "./encode-commit.ts";
import type { DraftedChange, DraftedCommit, EncodedCommit } from "./encode-commit.ts";
import { MAX_PAYLOAD_BYTES, NOT_NUMBERED, createFrame } from "./frame.ts";
import { PART_MARK_BYTES, markPart } from "./part-marks.ts";
import type { MeasuredEntry } from "../trail/entry-payload.ts";

/** {@link DraftedCommit} of however many, in pieces; a {@link CommitTooLarge} when it is larger than any commit may be. */
export async function draftInPieces(changes: readonly Change[], entries: readonly TrailEntry[]): Promise<DraftedCommit> {
  const drafted = beginDraft();
  await inPieces(partsOf(changes), (part) => {
    for (const change of part) {
      addChange(drafted, change);
      refuseIfTooLarge(drafted);
    }
  });
  await inPieces(partsOf(entries), (part) => {
    for (const entry of part) {
      addEntry(drafted, entry);
      refuseIfTooLarge(drafted);
    }
  });
  return drafted;
}

function refuseIfTooLarge({ bytes }: DraftedCommit): void {
  if (bytes > MAX_PAYLOAD_BYTES) throw new CommitTooLarge(bytes, MAX_PAYLOAD_BYTES);
}

/** The frames in which a commit is written ahead, each of about so many bytes. They have yet to get the sequence number of the commit before them. */
export function* encodeParts({ changes, entries }: DraftedCommit, partBytes: number): Generator<EncodedCommit, void, void> {
  let part = 0;
  for (const [some, bytes] of groups(changes, partBytes, ({ measured }) => measured.bytes)) yield encodePart(part++, bytes, some, [], 0);
  let firstEntry = 0;
  for (const [some, bytes] of groups(entries, partBytes, (entry) => ENTRY_HEADER_BYTES + entry.bytes)) {
    yield encodePart(part++, bytes, [], some, firstEntry);
    firstEntry += some.length;
  }
}

function encodePart(part: number, bytes: number, changes: readonly DraftedChange[], entries: readonly MeasuredEntry[], firstEntry: number): EncodedCommit {
  const frame = createFrame(NOT_NUMBERED, PART_MARK_BYTES + bytes);
  const start = markPart(frame, part);
  return { frame, ...encodeContents({ frame, start, firstEntry }, changes, entries) };
}

/** As many at a time as fit into a part, and how many bytes they take; one at least. */
function* groups<T>(items: readonly T[], partBytes: number, bytesOf: (item: T) => number): Generator<readonly [readonly T[], number], void, void> {
  let from = 0;
  let bytes = 0;
  for (const [at, item] of items.entries()) {
    const more = bytesOf(item);
    if (bytes + more > partBytes && at > from) {
      yield [items.slice(from, at), bytes];
      from = at;
      bytes = 0;
    }
    bytes += more;
  }
  if (from < items.length) yield [items.slice(from), bytes];
}
