import { crc32c } from "../disk/crc32c.ts";
import type { TextPlace } from "../log/decode-frame.ts";
import type { RecordIndex } from "./record-index.ts";

/** A record as it was read from a file. */
export interface RestoredRecord {
  readonly collection: string;
  readonly id: string;
  readonly version: number;
  readonly expiresAt: number | undefined;
}

/** A part of a file that is in memory. */
export interface FilePart {
  readonly slot: number;
  readonly bytes: Buffer;
  /** Where in the file the part begins. */
  readonly start: number;
}

/** Puts a record into the index whose value stands in a part of a file. */
export function restoreRecord(index: RecordIndex, { collection, id, version, expiresAt }: RestoredRecord, part: FilePart, value: TextPlace): void {
  const checksum = crc32c(part.bytes, value.start, value.start + value.bytes);
  index.put(collection, id, {
    version, expiresAt,
    place: { slot: part.slot, offset: part.start + value.start, bytes: value.bytes, encoding: value.encoding, checksum },
  });
}
