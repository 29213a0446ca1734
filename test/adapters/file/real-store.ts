import { ownDirectory } from "../../../src/adapters/file/directory/own-directory.ts";
import { nodeFileSystem } from "../../../src/adapters/file/disk/node-file-system.ts";
import type { FileStore } from "../../../src/adapters/file/index.ts";
import type { LargeCommitLimits } from "../../../src/adapters/file/large-commits.ts";
import { openStore } from "../../../src/adapters/file/open-store.ts";
import type { TrailLimits } from "../../../src/adapters/file/trail/trail.ts";
import type { Clock } from "../../../src/domain/ports.ts";

/** Opens a store on the real disk in which everything is small: logs, the cache, and what is given of the trail and of large commits. */
export function openSmallStore(directory: string, clock: Clock, trail: Partial<TrailLimits>, large: Partial<LargeCommitLimits> = {}): Promise<FileStore> {
  return openStore({
    files: nodeFileSystem, directory, clock, observe: () => undefined, own: (path) => ownDirectory(path),
    maxLogMultiple: 2, minLogBytes: 4096, maxCachedBytes: 1000, trail, large,
    highWater: { maxHeapBytes: Number.MAX_SAFE_INTEGER, minFreeDiskBytes: 0 }, heapBytes: () => 0, repeat: () => () => undefined,
  });
}
