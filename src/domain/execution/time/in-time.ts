import { StoreUnavailable, TimedOut } from "../../errors.ts";
import { isPromiseLike, type MaybePromise } from "../../maybe-promise.ts";
import type { ExecutionPorts } from "../execution-ports.ts";
import { Timed, type DeadlineList } from "./deadlines.ts";

/** Whose functions have how much time. */
export type Patient = Pick<ExecutionPorts, "deadlines" | "handlerTimeoutMs">;

/** What is waited for outside of an attempt, such as a source that is read for many, has the time of an action that says nothing. Then it is {@link StoreUnavailable}. */
export function inTime<T>({ deadlines, handlerTimeoutMs }: Patient, what: string, answer: MaybePromise<T>): MaybePromise<T> {
  return deadlines === null || !isPromiseLike(answer) ? answer : new Awaited(deadlines.of(handlerTimeoutMs), what).wait(answer);
}

class Awaited extends Timed {
  readonly #list: DeadlineList;
  readonly #what: string;
  #isOver = false;
  #reject: (error: StoreUnavailable) => void = () => undefined;

  constructor(list: DeadlineList, what: string) {
    super();
    this.#list = list;
    this.#what = what;
  }

  async wait<T>(answer: PromiseLike<T>): Promise<T> {
    this.#list.enter(this);
    const expiring = new Promise<never>((_, reject) => (this.#reject = reject));
    try {
      return await Promise.race([answer, expiring]);
    } finally {
      if (!this.#isOver) this.#list.leave(this);
    }
  }

  override expire(): void {
    this.#isOver = true;
    this.#reject(new StoreUnavailable(new TimedOut(`${this.#what} did not answer within ${this.#list.ms} ms.`)));
  }
}
