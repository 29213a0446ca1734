import { isPassing, networkFailure } from "../failure.ts";
import type { Ports } from "../options.ts";
import type { Deadline } from "./deadline.ts";

/** Counts the tries of a call, and waits between them: full jitter under a limit that doubles, and never less than the server asks for. */
export class Tries {
  readonly #ports: Ports;
  readonly #deadline: Deadline;
  #failed = 0;

  constructor(ports: Ports, deadline: Deadline) {
    this.#ports = ports;
    this.#deadline = deadline;
  }

  /** Returns when it is time for the next try; throws the failure when there is none. `repeatable`: sending it again cannot act twice. */
  async next(error: unknown, repeatable: boolean, action?: string): Promise<void> {
    const { signal } = this.#deadline;
    if (signal.aborted) throw signal.reason;
    const failure = networkFailure(action, error);
    this.#failed++;
    if (!repeatable || !isPassing(failure) || this.#failed >= this.#ports.maxTries) throw failure;
    await this.#deadline.pause(this.#pauseMs() + (failure.retryAfterMs ?? 0), failure);
  }

  /** Something came: count anew. */
  reset(): void {
    this.#failed = 0;
  }

  #pauseMs(): number {
    const { firstPauseMs, maxPauseMs, random } = this.#ports;
    return random() * Math.min(maxPauseMs, firstPauseMs * 2 ** (this.#failed - 1));
  }
}
