import { dirname } from "node:path";
import type { Clock, Observe } from "../../domain/ports.ts";
import type { MaybePromise } from "../../domain/maybe-promise.ts";
import { shieldObserver } from "../../domain/observation/shield-observer.ts";
import { LoggedStore } from "./file-store.ts";
import type { FileStore } from "./file-store.ts";
import type { FileSystem } from "./disk/file-system.ts";
import { ensureDirectory } from "./disk/store-files.ts";
import type { HighWaterLimits } from "./high-water.ts";
import { LARGE_COMMITS } from "./large-commits.ts";
import type { LargeCommitLimits } from "./large-commits.ts";
import { recover } from "./recovery/recover.ts";
import { DiskTable } from "./table/disk-table.ts";
import { RecordIndex } from "./table/record-index.ts";
import { ValueFiles } from "./table/value-files.ts";
import { TRAIL_LIMITS } from "./trail/trail.ts";
import type { TrailLimits } from "./trail/trail.ts";

/** Everything that a store on some file system needs. */
export interface OpenStorePlan {
  readonly files: FileSystem;
  readonly directory: string;
  readonly clock: Clock;
  readonly observe: Observe;
  readonly maxLogMultiple: number;
  readonly minLogBytes: number;
  readonly maxCachedBytes: number;
  readonly highWater: HighWaterLimits;
  readonly heapBytes: () => number;
  /** Does some work again and again; answers how to end that. */
  readonly repeat: (work: () => void) => () => void;
  /** Smaller parts than usual, so that there are many. */
  readonly trail?: Partial<TrailLimits>;
  readonly large?: Partial<LargeCommitLimits>;
  /** Makes the directory, which exists by then, this process's own; answers how to let it go. */
  readonly own: (directory: string) => MaybePromise<() => MaybePromise<void>>;
}

/** Opens the store in a directory of a file system, and makes it when there is none. */
export async function openStore(plan: OpenStorePlan): Promise<FileStore> {
  const { files, directory } = plan;
  const observe = shieldObserver(plan.observe);
  await ensureDirectory(files, directory, dirname);
  const release = await plan.own(directory);
  try {
    return await openOwned(plan, observe, release);
  } catch (error) {
    await release();
    throw error;
  }
}

async function openOwned(plan: OpenStorePlan, observe: Observe, release: () => MaybePromise<void>): Promise<FileStore> {
  const { files, directory, clock, maxLogMultiple, minLogBytes, highWater, heapBytes, repeat } = plan;
  const values = new ValueFiles();
  const table = new DiskTable(clock, new RecordIndex(), values, plan.maxCachedBytes);
  const recovered = await closingOnFailure(values, () => recover({ files, directory, index: table.index, values, observe }));
  const store = new LoggedStore({
    files, directory, clock, table, observe, compaction: { maxLogMultiple, minLogBytes }, trail: { ...TRAIL_LIMITS, ...plan.trail },
    large: { ...LARGE_COMMITS, ...plan.large },
    highWater, heapBytes, repeat, release,
  }, recovered);
  try {
    await store.prepare(recovered);
  } catch (error) {
    await store.abandon();
    throw error;
  }
  observe({ event: "store_opened", directory, records: table.index.size, version: recovered.version });
  return store;
}

async function closingOnFailure<T>(values: ValueFiles, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    await values.close();
    throw error;
  }
}
