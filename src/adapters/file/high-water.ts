import type { Observe } from "../../domain/ports.ts";
import { FileStoreError } from "./file-store-error.ts";

/** From which use of memory and disk on no commit is accepted. */
export interface HighWaterLimits {
  readonly maxHeapBytes: number;
  readonly minFreeDiskBytes: number;
}

/** What a {@link HighWater} watches. */
export interface HighWaterParts {
  readonly directory: string;
  readonly limits: HighWaterLimits;
  /** How much of the heap is in use, in bytes. */
  readonly heapBytes: () => number;
  /** How much of the disk is free, in bytes. */
  readonly freeDiskBytes: () => Promise<number>;
  /** Lets go of what is in memory only to be fast. */
  readonly shed: () => void;
  /** Must not throw. */
  readonly observe: Observe;
}

/** How much of the heap is in use, in bytes, with the buffers beside it: the index of a store lies there. */
export function measureHeap(): number {
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

/** Once commits are refused there has to be so much more room than at first: else it would go to and fro. */
const MARGIN = 0.1;

/** Refuses commits while there is hardly any room for them, in memory or on the disk, so that reads can go on. */
export class HighWater {
  readonly #parts: HighWaterParts;
  #refusal: FileStoreError | undefined;
  /** Was the heap full when it was last looked at? What is not collected yet counts as well, so once is not enough. */
  #wasFull = false;

  constructor(parts: HighWaterParts) {
    this.#parts = parts;
  }

  /** Throws while commits are refused. */
  refuseIfFull(): void {
    if (this.#refusal !== undefined) throw this.#refusal;
  }

  /** Looks how full it is; to be called now and then. */
  async check(): Promise<void> {
    const lack = this.#heapLack() ?? (await this.#diskLack());
    if ((lack === undefined) === (this.#refusal === undefined)) return;
    this.#refusal = lack === undefined ? undefined : new FileStoreError("store_full", `${lack.message}; commits are refused until there is room`);
    this.#parts.observe(lack === undefined ? { event: "store_has_room", directory: this.#parts.directory } : { event: "store_full", directory: this.#parts.directory, ...lack });
  }

  #heapLack(): Lack | undefined {
    const { limits: { maxHeapBytes }, heapBytes, shed } = this.#parts;
    const bytes = heapBytes();
    const isFull = bytes > maxHeapBytes * (this.#refusal === undefined ? 1 : 1 - MARGIN);
    if (isFull) shed();
    const isStillFull = isFull && (this.#wasFull || this.#refusal !== undefined);
    this.#wasFull = isFull;
    return isStillFull ? { lacking: "heap", message: `${bytes} bytes of the heap are in use, and ${maxHeapBytes} is the most` } : undefined;
  }

  async #diskLack(): Promise<Lack | undefined> {
    const { directory, limits: { minFreeDiskBytes }, freeDiskBytes } = this.#parts;
    // Where the system does not say, a write that fails will.
    const bytes = await freeDiskBytes().catch(() => Number.POSITIVE_INFINITY);
    const isFull = bytes < minFreeDiskBytes * (this.#refusal === undefined ? 1 : 1 + MARGIN);
    return isFull ? { lacking: "disk", message: `${bytes} bytes are free on the disk of ${directory}, and ${minFreeDiskBytes} is the least` } : undefined;
  }
}

interface Lack {
  readonly lacking: "heap" | "disk";
  readonly message: string;
}
