import { FILE_HEADER_BYTES, decodeFileHeader } from "../disk/file-header.ts";
import type { FileHeader } from "../disk/file-header.ts";
import { readAll } from "../disk/file-system.ts";
import type { OpenFile } from "../disk/file-system.ts";
import { damaged } from "../file-store-error.ts";
import type { Progress } from "./progress.ts";

/** What a file begins with: its header, or less. */
export async function readStart(file: OpenFile): Promise<Buffer> {
  const start = Buffer.alloc(FILE_HEADER_BYTES);
  return start.subarray(0, await readAll(file, start, 0));
}

/** The header of a file that must be of this kind and generation, and of the same store as those before. */
export function checkHeader(start: Buffer, path: string, kind: FileHeader["kind"], generation: number, progress: Progress): FileHeader {
  if (start.length < FILE_HEADER_BYTES) throw damaged(path, 0, "its header is not whole");
  const header = decodeFileHeader(start, path);
  progress.storeId ??= header.storeId;
  if (header.storeId !== progress.storeId) throw damaged(path, 0, "it belongs to another store");
  if (header.kind !== kind || header.generation !== generation) throw damaged(path, 0, "its name and its header say different things");
  // Segments stay as they are for as long as they are kept.
  if (kind !== "trail") progress.format = Math.min(progress.format, header.version);
  return header;
}
