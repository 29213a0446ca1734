import { CallFailure, type FailureParts } from "../failure.ts";
import type { CallOptions, Ports } from "../options.ts";

/** Until when a call may go on: its time, or its caller's signal. Must be ended. */
export class Deadline {
  readonly #controller = new AbortController();
  /** Its reason is the failure. */
  readonly signal: AbortSignal = this.#controller.signal;
  readonly #ports: Ports;
  readonly #endsAt: number;
  readonly #caller: AbortSignal | undefined;
  readonly #abort = () => this.#controller.abort(new CallFailure("aborted", "The call was aborted.", { cause: this.#caller?.reason }));
  readonly #stopTimer: (() => void) | undefined;

  /** `timeoutMs` is for those that name none. */
  constructor(ports: Ports, { signal, timeoutMs }: CallOptions, defaultMs: number) {
    const ms = timeoutMs ?? defaultMs;
    this.#ports = ports;
    this.#endsAt = ports.clock() + ms;
    this.#caller = signal;
    if (ms < Infinity) this.#stopTimer = ports.timer(this.#endsAt, () => this.#controller.abort(timedOut()));
    if (signal?.aborted) this.#abort();
    signal?.addEventListener("abort", this.#abort);
  }

  /** Waits for so long; throws at once what failed when there is not so much time. */
  pause(ms: number, failed: CallFailure): Promise<void> {
    if (this.#ports.clock() + ms >= this.#endsAt) throw failed.code === "network" ? timedOut({ cause: failed }) : failed;
    let stop = () => {};
    const waited = new Promise<void>((resolve) => (stop = this.#ports.timer(this.#ports.clock() + ms, resolve)));
    return this.race(waited).finally(stop);
  }

  /** What is waited for, unless the deadline comes first. */
  race<T>(waited: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      const { signal } = this;
      const fail = () => reject(signal.reason);
      if (signal.aborted) fail();
      signal.addEventListener("abort", fail);
      waited.then(resolve, reject).finally(() => signal.removeEventListener("abort", fail));
    });
  }

  /** Lets go of timer and signal, and of a connection that is still open. */
  end(): void {
    this.#stopTimer?.();
    this.#caller?.removeEventListener("abort", this.#abort);
    this.#controller.abort();
  }
}

function timedOut(parts?: FailureParts): CallFailure {
  return new CallFailure("timeout", "The call did not succeed in its time.", parts);
}
