import { performance } from "node:perf_hooks";
import { setImmediate } from "node:timers";
import { toMilliseconds, type Duration } from "../../domain/workflow/duration.ts";
import { createTestTime, type TestTime } from "./test-time.ts";
import type { WatchedEngine } from "./watched-engine.ts";

/** So many turns of the event loop with nothing to do, and all is at rest. */
const QUIET_TURNS = 5;
/** Workflows that are still busy after so many turns, or wake-ups, go round in circles. */
const MAX_TURNS = 1_000_000;
const MAX_WAKE_UPS = 100_000;

/** Time that stands still until it is told to pass, and then passes from one timer to the next. */
export class DrivenTime {
  readonly test: TestTime;
  readonly #patienceMs: number;
  readonly #engine: () => WatchedEngine;

  constructor(now: string, patienceMs: number, engine: () => WatchedEngine) {
    this.test = createTestTime(Date.parse(now));
    this.#patienceMs = patienceMs;
    this.#engine = engine;
  }

  get now(): string {
    return new Date(this.test.clock()).toISOString();
  }

  /** Does all that is due in this time, each at its own time, in order. */
  async pass(duration: Duration): Promise<void> {
    const until = this.test.clock() + toMilliseconds(duration);
    await this.settle();
    for (let wakeUps = 0; this.test.next !== null && this.test.next <= until; wakeUps++) {
      if (wakeUps === MAX_WAKE_UPS) throw new Error(`by ${this.now} workflows were woken ${MAX_WAKE_UPS} times, and more is due: does one sleep for no time in a loop?`);
      this.test.pass(this.test.next - this.test.clock());
      await this.settle();
    }
    // Somebody else may have let more time pass meanwhile; it never goes back.
    this.test.pass(Math.max(0, until - this.test.clock()));
    await this.settle();
  }

  /** Until nothing can go on but with time, a signal, or what a step waits for outside: for that it waits a while of real time. */
  async settle(): Promise<void> {
    const engine = this.#engine();
    let { moves } = engine;
    let since = performance.now();
    for (let turns = 0, quiet = 0; quiet < QUIET_TURNS; turns++) {
      if (turns === MAX_TURNS) throw new Error(`at ${this.now} the workflows do not come to rest: does one go on in another without an end?`);
      await turn();
      quiet = this.test.due > 0 || engine.working > 0 ? 0 : quiet + 1;
      if (engine.moves !== moves || this.test.due > 0) {
        ({ moves } = engine);
        since = performance.now();
      } else if (performance.now() - since >= this.#patienceMs) return;
    }
  }
}

function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
