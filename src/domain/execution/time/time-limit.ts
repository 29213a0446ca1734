import { CallerGone, TimedOut } from "../../errors.ts";
import type { AbortSignalLike, NewAbortController } from "../../ports.ts";
import { Timed, type DeadlineList, type Deadlines } from "./deadlines.ts";
import type { ExecutionPorts } from "../execution-ports.ts";

/** Whose time is limited, and how. */
export interface Limited {
  readonly action: { readonly key: string; readonly timeoutMs: number | null };
  readonly ports: Pick<ExecutionPorts, "deadlines" | "handlerTimeoutMs" | "newAbortController">;
  readonly execution: { readonly signal: AbortSignalLike | undefined };
  /** When it began, in epoch milliseconds. */
  readonly at: number;
}

/** The time that an attempt has, and the signal that tells its handler when it is over. Made when one of the two is needed. */
export class TimeLimit extends Timed {
  readonly #of: Limited;
  /** Where it stands as long as it is waited for. */
  #list: DeadlineList | null = null;
  /** There once the time is over. */
  #error: TimedOut | null = null;
  /** Ends the wait that is under way. */
  #reject: ((error: TimedOut) => void) | null = null;
  #controller: ReturnType<NewAbortController> | null = null;
  #onCallerGone: (() => void) | null = null;

  constructor(of: Limited) {
    super();
    this.#of = of;
  }

  /** The answer, or {@link TimedOut} as soon as the time is over; what comes of it then does not count. */
  wait<T>(answer: PromiseLike<T>, deadlines: Deadlines): Promise<T> {
    if (this.#list === null) {
      this.#list = deadlines.of(this.#ms);
      this.#list.enter(this, this.#of.at);
    }
    return new Promise((resolve, reject) => {
      this.#reject = reject;
      answer.then(resolve, reject);
    });
  }

  get #ms(): number {
    return this.#of.action.timeoutMs ?? this.#of.ports.handlerTimeoutMs;
  }

  override expire(): void {
    this.#list = null;
    this.#error = new TimedOut(`The action "${this.#of.action.key}" did not end within ${this.#ms} ms.`);
    this.#controller?.abort(this.#error);
    this.#reject?.(this.#error);
  }

  /** The attempt has ended. */
  end(): void {
    this.#list?.leave(this);
    this.#list = null;
    if (this.#onCallerGone !== null) this.#of.execution.signal?.removeEventListener("abort", this.#onCallerGone);
  }

  /** Aborted when the time is over, or the caller has gone. */
  get signal(): AbortSignal {
    return (this.#controller ??= this.#createController()).signal;
  }

  #createController(): ReturnType<NewAbortController> {
    const { action, ports, execution } = this.#of;
    if (ports.newAbortController === null) throw new TypeError(`action "${action.key}" asks for its signal: give createActions() newAbortController: () => new AbortController()`);
    const controller = ports.newAbortController();
    const abort = (): void => controller.abort(this.#error ?? new CallerGone());
    if (this.#error !== null || execution.signal?.aborted === true) abort();
    else execution.signal?.addEventListener("abort", (this.#onCallerGone = abort));
    return controller;
  }
}
