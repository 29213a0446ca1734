import type { FileSystem, OpenFile } from "./file-system.ts";

/**
 * The same file system, which tells of every failed sync of a directory or of a file opened through
 * it. What was not synced must never be relied upon later, however often a second sync succeeds.
 */
export function watchSyncs(files: FileSystem, failed: (path: string, error: unknown) => void): FileSystem {
  return {
    ...files,
    syncDirectory: (directory) => telling(files.syncDirectory(directory), directory, failed),
    async open(path, mode) {
      const file = await files.open(path, mode);
      return watchFile(file, path, failed);
    },
  };
}

function watchFile(file: OpenFile, path: string, failed: (path: string, error: unknown) => void): OpenFile {
  return { ...file, datasync: () => telling(file.datasync(), path, failed) };
}

async function telling(syncing: Promise<void>, path: string, failed: (path: string, error: unknown) => void): Promise<void> {
  try {
    await syncing;
  } catch (error) {
    failed(path, error);
    throw error;
  }
}
