import type { FileWindow } from "../disk/file-window.ts";
import { damaged } from "../file-store-error.ts";
import { FRAME_HEADER_BYTES } from "./frame.ts";
import { PART_MARK_BYTES, readPartMark } from "./part-marks.ts";
import { readFrames } from "./read-frames.ts";

/** Takes the commits of a log, one after the other. */
export interface CommitVisitor {
  /** A commit begins; `position` is that of its first frame. */
  begin(sequence: number, position: number): void;
  /** Changes and entries of it stand in `bytes` from `start` to `end`; `fileStart` is where in the file `bytes` begins, and `firstEntry` is to be added to the numbers of the entries. */
  contents(sequence: number, bytes: Buffer, start: number, end: number, fileStart: number, firstEntry: number): void;
  /** That was all of it. The next one waits for a promise that is answered. */
  end(sequence: number): Promise<void> | void;
}

/** Where in the file the contents of a part stand. */
interface Part {
  readonly start: number;
  readonly bytes: number;
}

/**
 * Reads intact commits from a position on, those in parts when the frame comes that makes them one: parts without it never happened.
 * Answers where the first frame that is not intact begins, or the file ends.
 */
export async function readCommits(window: FileWindow, from: number, { path, seed }: { readonly path: string; readonly seed: number }, visitor: CommitVisitor): Promise<number> {
  let parts: Part[] = [];
  return readFrames(window, from, seed, (sequence, bytes, start, end, position) => {
    const mark = readPartMark(bytes, start);
    if (mark === null) {
      visitor.begin(sequence, position);
      visitor.contents(sequence, bytes, start, end, window.start, 0);
      return visitor.end(sequence);
    }
    if (mark.kind === "part") {
      // Whoever begins to read in the midst of parts needs none of them.
      if (mark.part !== parts.length) parts = [];
      if (mark.part === parts.length) parts.push({ start: position + FRAME_HEADER_BYTES + PART_MARK_BYTES, bytes: end - start - PART_MARK_BYTES });
      return undefined;
    }
    if (mark.parts !== parts.length) throw damaged(path, position, `a commit of ${mark.parts} parts follows ${parts.length} of them`);
    const whole = parts;
    parts = [];
    return readParts(window.again(), whole, sequence, mark.firstEntry, visitor);
  });
}

async function readParts(window: FileWindow, parts: readonly Part[], sequence: number, firstEntry: number, visitor: CommitVisitor): Promise<void> {
  visitor.begin(sequence, (parts[0]?.start ?? 0) - PART_MARK_BYTES - FRAME_HEADER_BYTES);
  for (const { start, bytes } of parts) {
    if (!window.has(start, bytes)) await window.load(start, bytes);
    const at = start - window.start;
    visitor.contents(sequence, window.bytes, at, at + bytes, window.start, firstEntry);
  }
  await visitor.end(sequence);
}
