import { isPassing, networkFailure } from "../failure.ts";
import type { CallOptions, Ports } from "../options.ts";
import { Deadline } from "./deadline.ts";

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
    // Lines are read whole: one that is no JSON was not cut.
    if (!repeatable || !isPassing(failure) || error instanceof SyntaxError || this.#failed >= this.#ports.maxTries) throw failure;
    await this.#deadline.pause(this.#pauseMs() + (failure.retryAfterMs ?? 0), failure);
  }

  /** Something came: count again. */
  reset(): void {
    this.#failed = 0;
  }

  #pauseMs(): number {
    const { firstPauseMs, maxPauseMs, random } = this.#ports;
    return random() * Math.min(maxPauseMs, firstPauseMs * 2 ** (this.#failed - 1));
  }
}

/** What is tried, and how. */
export interface Tried {
  /** Cannot sending it again act twice? */
  readonly repeatable: boolean;
  readonly action?: string;
}

/** What one of as many tries as it takes comes to; `defaultMs` is for options that name no time. */
export async function untilDone<T>(ports: Ports, options: CallOptions, defaultMs: number, { repeatable, action }: Tried, once: (deadline: Deadline) => Promise<T>): Promise<T> {
  const deadline = new Deadline(ports, options, defaultMs);
  const tries = new Tries(ports, deadline);
  try {
    for (;;) {
      try {
        return await once(deadline);
      } catch (error) {
        await tries.next(error, repeatable, action);
      }
    }
  } finally {
    deadline.end();
  }
}
