import type { Observe } from "../../domain/ports.ts";
import { toStoreError } from "./failures.ts";

/** Options of {@link Upkeep}. */
export interface UpkeepPorts {
  /** Removes at most so many of each kind that have expired, and answers how many that were; 0 as well when another process is at it. */
  readonly sweep: (most: number) => Promise<number>;
  readonly everyMs: number;
  readonly observe: Observe;
}

/** A transaction of some ten milliseconds. */
const BATCH = 1000;

/** Removes what has expired, in batches, until there is nothing more, and again after some time. Keeps no process alive. */
export class Upkeep {
  readonly #ports: UpkeepPorts;
  #timer: NodeJS.Timeout | undefined;
  #stopped = true;

  constructor(ports: UpkeepPorts) {
    this.#ports = ports;
  }

  start(): void {
    if (!this.#stopped) return;
    this.#stopped = false;
    this.#wait(this.#ports.everyMs);
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
  }

  #wait(ms: number): void {
    if (!this.#stopped) this.#timer = setTimeout(() => void this.#sweep(), ms).unref();
  }

  async #sweep(): Promise<void> {
    let removed = 0;
    try {
      removed = await this.#ports.sweep(BATCH);
    } catch (error) {
      if (!this.#stopped) this.#ports.observe({ event: "store_sweep_failed", error: toStoreError(error) });
    }
    this.#wait(removed < BATCH ? this.#ports.everyMs : 0);
  }
}
