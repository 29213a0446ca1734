import type { Clock, Observe, Timer } from "../../domain/index.ts";
import { RunLost, RunQueue, StepStopped, type ReadyRun, type RunLoop } from "../../domain/workflow/engine.ts";
import { WakeTimes } from "./wake-times.ts";

/** What a schedule needs of its engine. */
export interface SchedulePorts {
  readonly clock: Clock;
  readonly timer: Timer;
  /** For how long the steps under way are waited for when it closes. */
  readonly stopTimeoutMs: number;
  readonly observe: Observe;
  /** How many runs of a workflow may be at work at once. */
  concurrencyOf(workflow: string): number;
  /** Reads the run; undefined when there is nothing to be done for it. */
  load(id: string): Promise<RunLoop | undefined>;
  /** Reads the run, and sees whether and when it can go on. */
  lookAt(id: string): Promise<void>;
}

/** A run that this process works on or is going to; one that only sleeps has no more than a time. */
class ScheduledRun {
  state: "queued" | "at work" | "resting" = "resting";
  /** Null until it is read, and again from when it is parked. */
  loop: RunLoop | null = null;
  /** Something has come that its loop may not have seen. */
  hasNews = false;
  /** How long it rested last, in milliseconds; 0: nothing has gone wrong. */
  restMs = 0;
  /** Settles when it has left off. */
  left: Promise<void> = Promise.resolve();
}

/** How long a run rests after the store was unavailable, in milliseconds; twice as long each time. */
const FIRST_REST_MS = 1000;
const LAST_REST_MS = 60_000;

/** Which runs this process works on, which wait for their turn or rest, and which are to be woken when. */
export class RunSchedule {
  readonly #ports: SchedulePorts;
  readonly #runs = new Map<string, ScheduledRun>();
  readonly #queue: RunQueue;
  readonly #wakes: WakeTimes;
  #isOpen = false;

  constructor(ports: SchedulePorts) {
    this.#ports = ports;
    this.#queue = new RunQueue((name) => ports.concurrencyOf(name), (ready) => this.#begin(ready));
    this.#wakes = new WakeTimes(ports.timer, ports.clock, (id) => void this.#wake(id));
  }

  open(): void {
    this.#isOpen = true;
  }

  /** Lets the steps that are under way end, for a while, and begins none. Answers the runs that it had and that nothing is under way of. */
  async close(): Promise<readonly string[]> {
    this.#isOpen = false;
    this.#queue.clear();
    this.#wakes.close();
    const left: string[] = [];
    for (const [id, run] of this.#runs) {
      run.loop?.close();
      void run.left.then(() => left.push(id));
    }
    await this.#untilLeft();
    this.#runs.clear();
    return left;
  }

  /** Whatever has not ended after a while is given up, and taken up again by whoever opens the store next. */
  #untilLeft(): Promise<void> {
    const runs = [...this.#runs.values()];
    const { timer, clock, stopTimeoutMs } = this.#ports;
    return new Promise((resolve) => {
      const giveUp = timer(clock() + stopTimeoutMs, () => {
        for (const { loop } of runs) loop?.abandon();
        resolve();
      });
      void Promise.all(runs.map(({ left }) => left)).then(() => {
        giveUp();
        resolve();
      });
    });
  }

  /** Does it wait for its turn? */
  isQueued(id: string): boolean {
    return this.#runs.get(id)?.state === "queued";
  }

  /** Does it wait here for its turn, is it at work, or does it rest? */
  has(id: string): boolean {
    return this.#runs.has(id);
  }

  /** Would a run of this workflow that is taken up be worked on at once? */
  hasRoom(workflow: string): boolean {
    return this.#isOpen && this.#queue.hasRoom(workflow);
  }

  /** Those that are at work, by their IDs. */
  get atWork(): readonly (readonly [id: string, loop: RunLoop])[] {
    return [...this.#runs].flatMap(([id, { loop }]) => (loop === null ? [] : [[id, loop] as const]));
  }

  /** The run as it is worked on; undefined when it is not. */
  loopOf(id: string): RunLoop | undefined {
    return this.#runs.get(id)?.loop ?? undefined;
  }

  /** The run can go on: now, or as soon as it is its turn. */
  makeReady(ready: ReadyRun): void {
    if (!this.#isOpen) return;
    const run = this.#find(ready.id);
    if (run.state === "resting") this.#enqueue(run, ready);
    else if (run.loop === null) run.hasNews = true;
    else run.loop.wake();
  }

  /** The run is woken then and at no other time; null: not at all. */
  wakeAt(id: string, at: number | null): void {
    if (this.#isOpen) this.#wakes.set(id, at);
  }

  /** The run waits, and its code is forgotten. */
  park(id: string, wakeAt: number | null): void {
    this.#find(id).loop = null;
    this.wakeAt(id, wakeAt);
  }

  /** The store was unavailable, or others were faster for too long: the run is looked at again in a while. */
  rest(id: string, error: unknown): void {
    this.#ports.observe({ event: "workflow_interrupted", workflow_id: id, error });
    if (!this.#isOpen) return;
    const run = this.#find(id);
    run.restMs = Math.min(LAST_REST_MS, Math.max(FIRST_REST_MS, 2 * run.restMs));
    this.#wakes.set(id, this.#ports.clock() + run.restMs);
  }

  #find(id: string): ScheduledRun {
    const known = this.#runs.get(id);
    if (known !== undefined) return known;
    const run = new ScheduledRun();
    this.#runs.set(id, run);
    return run;
  }

  #enqueue(run: ScheduledRun, ready: ReadyRun): void {
    run.state = "queued";
    this.#queue.add(ready);
  }

  #begin(ready: ReadyRun): void {
    const run = this.#find(ready.id);
    run.state = "at work";
    run.left = this.#workOn(run, ready);
  }

  async #workOn(run: ScheduledRun, ready: ReadyRun): Promise<void> {
    try {
      await (await this.#load(run, ready.id))?.work();
      run.restMs = 0;
    } catch (error) {
      run.loop = null;
      this.#leave(ready.id, error);
    }
    run.loop = null;
    run.state = "resting";
    this.#queue.release(ready.name);
    if (run.hasNews && this.#isOpen) this.#enqueue(run, ready);
    else if (run.restMs === 0) this.#runs.delete(ready.id);
  }

  /** What comes while it is read is read again. */
  async #load(run: ScheduledRun, id: string): Promise<RunLoop | undefined> {
    for (;;) {
      run.hasNews = false;
      const loop = await this.#ports.load(id);
      if (loop === undefined || !this.#isOpen) return undefined;
      if (!run.hasNews) return (run.loop = loop);
    }
  }

  /** One that another process has taken is left to it: should that be gone as well, the run's alarm brings it back. */
  #leave(id: string, error: unknown): void {
    const isLost = error instanceof RunLost || (error instanceof StepStopped && error.cause instanceof RunLost);
    if (!isLost) this.rest(id, error);
  }

  async #wake(id: string): Promise<void> {
    const loop = this.loopOf(id);
    if (loop !== undefined) return loop.wake();
    try {
      await this.#ports.lookAt(id);
      if (this.#runs.get(id)?.state === "resting") this.#runs.delete(id);
    } catch (error) {
      this.rest(id, error);
    }
  }
}
