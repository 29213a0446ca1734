import { crc32c } from "../disk/crc32c.ts";
import { damaged } from "../file-store-error.ts";
import type { ValueFiles } from "./value-files.ts";
import { toAddress } from "./value-place.ts";
import type { ValuePlace } from "./value-place.ts";

/** The most that is read together. */
const MAX_STRETCH_BYTES = 128 * 1024;

/** How many such stretches are read at the same time: as many as threads that read files. */
const STRETCHES_AT_A_TIME = 4;

/** Values that stand close together in a file, by their places in the list that was asked for. */
interface Stretch {
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
  const stretches = toStretches(places, maxGapBytes);
  for (let at = 0; at < stretches.length; at += STRETCHES_AT_A_TIME) {
    const some = stretches.slice(at, at + STRETCHES_AT_A_TIME);
    const read = await Promise.all(some.map(({ slot, start, end }) => files.read(slot, start, end - start)));
    for (const [n, stretch] of some.entries()) takeStretch(files, places, stretch, read[n] ?? Buffer.alloc(0), take);
  }
}

function toStretches(places: readonly ValuePlace[], maxGapBytes: number): readonly Stretch[] {
  const stretches: Stretch[] = [];
  for (const index of inFileOrder(places)) {
    const place = places[index];
    if (place === undefined) continue;
    const end = place.offset + place.bytes;
    const stretch = stretches.at(-1);
    if (stretch !== undefined && stretch.slot === place.slot && place.offset - stretch.end <= maxGapBytes && end - stretch.start <= MAX_STRETCH_BYTES) {
      stretch.end = Math.max(stretch.end, end);
      stretch.members.push(index);
    } else stretches.push({ slot: place.slot, start: place.offset, end, members: [index] });
  }
  return stretches;
}

function inFileOrder(places: readonly ValuePlace[]): readonly number[] {
  const addresses = places.map(({ slot, offset }) => toAddress(slot, offset));
  return places.length === 1 ? [0] : [...places.keys()].sort((a, b) => (addresses[a] ?? 0) - (addresses[b] ?? 0));
}

function takeStretch(files: ValueFiles, places: readonly ValuePlace[], stretch: Stretch, bytes: Buffer, take: TakeText): void {
  for (const index of stretch.members) {
    const place = places[index];
    if (place === undefined) continue;
    const text = bytes.subarray(place.offset - stretch.start, place.offset - stretch.start + place.bytes);
    if (crc32c(text) !== place.checksum) throw damaged(files.pathOf(stretch.slot), place.offset, "a value is not what was written");
    take(index, text);
  }
}
