import type { Dbos } from "../../../src/adapters/dbos/index.ts";
import type { Change, Clock, RecordStore, Timer } from "../../../src/domain/index.ts";
import { withMethods } from "../../domain/lab.ts";

const REQUESTS = "actionport.dbos";

/** What DBOS does for the engine, in memory; `deliver` is the trigger of the store's commits. */
export class FakeDbos implements Dbos {
  readonly #time: { readonly clock: Clock; readonly timer: Timer };
  readonly #schema: string;
  #work: (schema: string, run: string) => Promise<void> = () => Promise.reject(new Error("nothing is registered"));
  /** By run: how many messages wait, and who waits for one. */
  readonly #messages = new Map<string, number>();
  readonly #waiting = new Map<string, () => void>();
  /** Whose step comes next, and whose question for a message: what is answered first goes on first. */
  readonly #goingOn: string[] = [];
  readonly #asking: string[] = [];

  constructor(time: { readonly clock: Clock; readonly timer: Timer }, schema: string) {
    this.#time = time;
    this.#schema = schema;
  }

  registerWorkflow(work: (schema: string, run: string) => Promise<void>): void {
    this.#work = work;
  }

  registerQueue(): Promise<void> {
    return Promise.resolve();
  }

  /** The engine asks for a message right behind a step, unless the run has ended. */
  async runStep<T>(work: () => Promise<T>): Promise<T> {
    const run = this.#goingOn.shift() ?? "";
    const result = await work();
    if (Object(result).ended === false) this.#asking.push(run);
    return result;
  }

  recv(_topic: string, { timeoutSeconds }: { readonly timeoutSeconds: number }): Promise<unknown> {
    const run = this.#asking.shift() ?? "";
    const waiting = this.#messages.get(run) ?? 0;
    return new Promise((resolve) => {
      const go = (message: unknown) => {
        giveUp();
        this.#waiting.delete(run);
        this.#goingOn.push(run);
        resolve(message);
      };
      const giveUp = this.#time.timer(this.#time.clock() + timeoutSeconds * 1000, () => go(null));
      const take = () => {
        this.#messages.set(run, (this.#messages.get(run) ?? 0) - 1);
        go("wake");
      };
      if (waiting > 0) take();
      else this.#waiting.set(run, take);
    });
  }

  isInitialized(): boolean {
    return true;
  }

  /** A store whose commits hand their requests on, as the trigger in PostgreSQL does. */
  onStore(store: RecordStore): RecordStore {
    return withMethods(store, {
      commit: async (changes, entries) => {
        const requests = changes.filter(({ collection }) => collection === REQUESTS);
        const result = await store.commit(changes.filter(({ collection }) => collection !== REQUESTS), entries);
        if (result.committed) for (const request of requests) this.#deliver(request);
        return result;
      },
    });
  }

  #deliver(change: Change): void {
    if (change.kind !== "put") return;
    const { why, run } = change.value;
    const id = String(run);
    if (why === "start") {
      setImmediate(() => {
        this.#goingOn.push(id);
        void this.#work(this.#schema, id);
      });
      return;
    }
    this.#messages.set(id, (this.#messages.get(id) ?? 0) + 1);
    this.#waiting.get(id)?.();
  }
}
