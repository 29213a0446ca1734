import { crc32c } from "../disk/crc32c.ts";
import { damaged } from "../file-store-error.ts";
import type { ValueFiles } from "./value-files.ts";
import { toAddress } from "./value-place.ts";
import type { ValuePlace } from "./value-place.ts";

/** The most that is read together. */
const MAX_RUN_BYTES = 128 * 1024;

/** How many such runs are read at the same time: as many as threads that read files. */
const RUNS_AT_A_TIME = 4;

/** Values that stand close together in a file, by their places in the list that was asked for. */
interface Run {
  readonly slot: number;
  readonly start: number;
  end: number;
  readonly members: number[];
}

/** Takes the text of a value that was asked for. */
export type TakeText = (index: number, text: Buffer) => void;

/**
 * Reads the texts of values whose files have been acquired, and hands them over, some at a time with
 * pauses between; those together that have at most so many bytes between them. A FileStoreError when
 * one is not what was written.
 */
export async function readTexts(files: ValueFiles, places: readonly ValuePlace[], maxGapBytes: number, take: TakeText): Promise<void> {
  const runs = toRuns(places, maxGapBytes);
  for (let at = 0; at < runs.length; at += RUNS_AT_A_TIME) {
    const some = runs.slice(at, at + RUNS_AT_A_TIME);
    const read = await Promise.all(some.map(({ slot, start, end }) => files.read(slot, start, end - start)));
    for (const [n, run] of some.entries()) takeRun(files, places, run, read[n] ?? Buffer.alloc(0), take);
  }
}

function toRuns(places: readonly ValuePlace[], maxGapBytes: number): readonly Run[] {
  const runs: Run[] = [];
  for (const index of inFileOrder(places)) {
    const place = places[index];
    if (place === undefined) continue;
    const end = place.offset + place.bytes;
    const run = runs.at(-1);
    if (run !== undefined && run.slot === place.slot && place.offset - run.end <= maxGapBytes && end - run.start <= MAX_RUN_BYTES) {
      run.end = Math.max(run.end, end);
      run.members.push(index);
    } else runs.push({ slot: place.slot, start: place.offset, end, members: [index] });
  }
  return runs;
}

function inFileOrder(places: readonly ValuePlace[]): readonly number[] {
  const addresses = places.map(({ slot, offset }) => toAddress(slot, offset));
  return places.length === 1 ? [0] : [...places.keys()].sort((a, b) => (addresses[a] ?? 0) - (addresses[b] ?? 0));
}

function takeRun(files: ValueFiles, places: readonly ValuePlace[], run: Run, bytes: Buffer, take: TakeText): void {
  for (const index of run.members) {
    const place = places[index];
    if (place === undefined) continue;
    const text = bytes.subarray(place.offset - run.start, place.offset - run.start + place.bytes);
    if (crc32c(text) !== place.checksum) throw damaged(files.pathOf(run.slot), place.offset, "a value is not what was written");
    take(index, text);
  }
}
