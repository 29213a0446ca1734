import { FILE_HEADER_BYTES } from "../disk/file-header.ts";
import { FileWindow } from "../disk/file-window.ts";
import type { FileSystem } from "../disk/file-system.ts";
import { decodeFrame } from "../log/decode-frame.ts";
import { readCommits } from "../log/read-commits.ts";
import { keysOf } from "../trail/entry-keys.ts";
import { decodeHead } from "../trail/entry-payload.ts";
import type { Trail } from "../trail/trail.ts";
import type { Progress, ReadLog } from "./progress.ts";

/** Entries that are in the logs and in no segment. */
export interface MissingEntries {
  /** The logs that have them. */
  readonly logs: readonly Pick<ReadLog, "path" | "seed" | "end">[];
  /** Where in the first of these the first frame stands that has one. */
  readonly position: number;
}

/** Which entries are in no segment yet, as far as that is known once the logs have been read. */
export function toMissing(logs: readonly ReadLog[], { firstMissing }: Progress): MissingEntries | undefined {
  if (firstMissing === undefined) return undefined;
  return { logs: logs.filter(({ generation }) => generation >= firstMissing.generation), position: firstMissing.position };
}

/** Adds the missing entries to the trail, and waits for it where it has too much to write. */
export async function catchUp(files: FileSystem, { logs, position }: MissingEntries, trail: Trail): Promise<void> {
  for (const [index, log] of logs.entries()) {
    const file = await files.open(log.path, "read");
    try {
      await readCommits(new FileWindow(file, log.end), index === 0 ? position : FILE_HEADER_BYTES, log, {
        begin: () => undefined,
        contents: (sequence, bytes, from, to, _, firstEntry) =>
          decodeFrame(bytes, from, to, {
            change: () => undefined,
            entry: (number, payload, start, stop) => addMissing(trail, sequence, firstEntry + number, payload.subarray(start, stop)),
          }),
        end: (sequence) => trail.safe(sequence),
      });
    } finally {
      await file.close();
    }
  }
}

/** As a copy: what was read is a part of a window of megabytes. */
function addMissing(trail: Trail, sequence: number, number: number, payload: Buffer): void {
  if (number !== trail.next) return;
  const head = decodeHead(payload, 0);
  trail.append(sequence, head, keysOf(head), Buffer.from(payload));
}
