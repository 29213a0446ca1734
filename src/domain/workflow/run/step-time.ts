import { TimedOut } from "../../errors.ts";
import type { Clock, NewAbortController, Timer } from "../../ports.ts";

/** A try was given up by its engine: nothing of it is committed, and it counts as none. */
export class StepStopped extends Error {
  override readonly name = "StepStopped";
}

/** How an engine tells the tries of a run's steps to stop. */
export class StepStop {
  readonly #tries = new Set<StepTime>();
  #error: StepStopped | null = null;

  /** Aborts the signal of the tries that are under way. One that has not ended after so many milliseconds is given up. */
  ask(graceMs: number): void {
    for (const time of this.#tries) time.stopWithin(graceMs);
  }

  /** Gives up what is under way and all that follows: nothing of it is committed. */
  end(error: StepStopped): void {
    this.#error ??= error;
    for (const time of this.#tries) time.end(error);
  }

  /** Notes a try that has begun. Answers how to forget it. */
  enter(time: StepTime): () => void {
    this.#tries.add(time);
    if (this.#error !== null) time.end(this.#error);
    return () => void this.#tries.delete(time);
  }
}

/** Whose time it is, and how long. */
export interface TimedTry {
  readonly name: string;
  /** Null: no limit. */
  readonly timeoutMs: number | null;
  /** Absent: nobody tells it to stop. */
  readonly stop?: StepStop | undefined;
}

/** What a try takes its time from. */
export interface StepTimePorts {
  readonly clock: Clock;
  readonly timer: Timer;
  readonly newAbortController: NewAbortController | null;
}

/** The time of one try of a step, and its signal. */
export class StepTime {
  readonly #ports: StepTimePorts;
  readonly #try: TimedTry;
  readonly #over: Promise<never>;
  #reject: (error: Error) => void = () => undefined;
  #giveUp: () => void = () => undefined;
  /** Why the signal is aborted; null: it is not. */
  #reason: Error | null = null;
  #controller: ReturnType<NewAbortController> | null = null;

  constructor(ports: StepTimePorts, of: TimedTry) {
    this.#ports = ports;
    this.#try = of;
    this.#over = new Promise((_, reject) => (this.#reject = reject));
    // It may be over when nobody waits any more.
    this.#over.catch(() => undefined);
  }

  /** The answer, or an error once the time is over or the engine has given the try up; what comes of it after that is ignored. */
  async wait<T>(answer: Promise<T>): Promise<T> {
    const { name, timeoutMs, stop } = this.#try;
    if (timeoutMs !== null) this.#endAfter(timeoutMs, new TimedOut(`The step "${name}" took longer than ${timeoutMs} ms.`));
    const leave = stop?.enter(this);
    try {
      return await Promise.race([answer, this.#over]);
    } finally {
      this.#giveUp();
      leave?.();
    }
  }

  /** Told to stop, it has so many milliseconds left. */
  stopWithin(graceMs: number): void {
    const error = new StepStopped(`The step "${this.#try.name}" did not end within ${graceMs} ms of being told to stop.`);
    this.#abort(error);
    this.#endAfter(graceMs, error);
  }

  /** Its time is over. */
  end(error: Error): void {
    this.#abort(error);
    this.#reject(error);
  }

  /** Aborted when the time is over, or the step is told to stop. */
  get signal(): AbortSignal {
    return (this.#controller ??= this.#createController()).signal;
  }

  #endAfter(ms: number, error: Error): void {
    this.#giveUp();
    this.#giveUp = this.#ports.timer(this.#ports.clock() + ms, () => this.end(error));
  }

  #abort(reason: Error): void {
    this.#reason ??= reason;
    this.#controller?.abort(this.#reason);
  }

  #createController(): ReturnType<NewAbortController> {
    const { newAbortController } = this.#ports;
    if (newAbortController === null) throw new TypeError(`step "${this.#try.name}" asks for its signal: give createActions() newAbortController: () => new AbortController()`);
    const controller = newAbortController();
    if (this.#reason !== null) controller.abort(this.#reason);
    return controller;
  }
}
