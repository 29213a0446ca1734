import { FILE_HEADER_BYTES, FORMAT_VERSION } from "../disk/file-header.ts";
import type { FileSystem } from "../disk/file-system.ts";
import { createFile } from "../disk/store-files.ts";
import type { ValueFiles } from "../table/value-files.ts";
import type { ActiveLog } from "./log-writer.ts";

/** Where a log is to be. */
export interface LogSite {
  readonly files: FileSystem;
  readonly directory: string;
  /** Takes over the file, as values will be read from it. */
  readonly values: ValueFiles;
}

/** An empty log, safe on the disk. */
export async function createLog({ files, directory, values }: LogSite, storeId: string, generation: number): Promise<ActiveLog> {
  const { path, file, seed } = await createFile(files, directory, { version: FORMAT_VERSION, kind: "log", storeId, generation, sequence: 0 });
  return { path, file, seed, slot: values.add(path, file), end: FILE_HEADER_BYTES };
}
