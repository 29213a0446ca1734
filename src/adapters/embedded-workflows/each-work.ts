import type { Json, StepContext, Timer, WorkflowHost } from "../../domain/index.ts";
import { commitStep, readResults, resultId, RESULTS, toFailure, toJsonObject, toValue, type EachCommand, type StepFailure, type StepTry } from "../../domain/workflow/engine.ts";
import type { HeldRun } from "./held-run.ts";
import { turnOfRun } from "./own-records.ts";
import type { Pending } from "./pending-commands.ts";

/** What working on many needs of its run. */
export interface EachPorts {
  readonly host: WorkflowHost;
  readonly timer: Timer;
  readonly run: HeldRun;
  readonly retentionMs: number;
  /** Is nothing more to be begun? */
  isStopped(): boolean;
}

/** What became of it; null: it was stopped before its end. */
export type EachEnd = { readonly tally: Json } | { readonly failure: StepFailure } | null;

/** How often, at most, the progress is written while many are worked on. */
const PROGRESS_STEPS = 100;
/** After so many items whatever else is ready gets its turn, and what was done is made safe. */
const BREATH = 32;

/** Works on each index, each in a commit of its own with its result. What has a result is done, before and after a crash. */
export class EachWork {
  readonly #ports: EachPorts;
  readonly #command: Pending<EachCommand>;
  /** With no prototype: names are the application's, and may be any. */
  readonly #tally: Record<string, number> = Object.create(null);
  readonly #done = new Set<number>();
  #next = 0;
  #worked = 0;
  #failure: StepFailure | null = null;

  constructor(ports: EachPorts, command: Pending<EachCommand>) {
    this.#ports = ports;
    this.#command = command;
  }

  async work(): Promise<EachEnd> {
    await this.#countKept();
    await this.#showProgress();
    await Promise.all(Array.from({ length: this.#command.options.concurrency }, () => this.#workOnMany()));
    if (this.#failure !== null) return { failure: this.#failure };
    if (this.#done.size < this.#command.count) return null;
    await this.#showProgress();
    return { tally: toJsonObject(this.#tally) };
  }

  async #countKept(): Promise<void> {
    const { host, run } = this.#ports;
    for (const { index, value } of await readResults(host.store, run.id, this.#command.number)) this.#count(index, this.#nameOf(value));
  }

  async #workOnMany(): Promise<void> {
    const { count } = this.#command;
    const step = Math.max(1, Math.floor(count / PROGRESS_STEPS));
    while (this.#next < count && this.#failure === null && !this.#ports.isStopped()) {
      const index = this.#next++;
      if (this.#done.has(index)) continue;
      await this.#workOn(index);
      if (this.#done.size % step === 0) await this.#showProgress();
      if (++this.#worked % BREATH === 0) await this.#breathe();
    }
  }

  async #showProgress(): Promise<void> {
    this.#ports.run.showProgress(this.#done.size, this.#command.count);
    await this.#ports.run.claim();
  }

  async #breathe(): Promise<void> {
    await this.#ports.host.store.durable();
    await new Promise<void>((resolve) => this.#ports.timer(0, resolve));
  }

  async #workOn(index: number): Promise<void> {
    const { host, timer, run, retentionMs } = this.#ports;
    let name = "";
    const work = async (context: StepContext): Promise<Json> => {
      const result = toValue(await this.#command.work(index, context, this.#tally), `each ${index}`) ?? null;
      name = this.#nameOf(result);
      return result;
    };
    const { tried } = await commitStep(host, timer, this.#toStep(index, work), {
      last: turnOfRun(run.id),
      add: async (worked, unit) => {
        if ("failure" in worked) return;
        await run.check(unit);
        unit.put(RESULTS, resultId(run.id, this.#command.number, index), toJsonObject({ value: worked.value ?? null }), host.clock() + retentionMs);
        unit.onCommitted(() => this.#count(index, name));
      },
    });
    if ("failure" in tried) this.#failure ??= toFailure(tried.cause);
  }

  #toStep(index: number, work: StepTry["work"]): StepTry {
    const { run } = this.#ports;
    const { startedBy, action, subject } = run.state;
    return { runId: run.id, startedBy, action, subject, key: `${this.#command.key}/${index}`, name: `each ${index}`, attempt: 1, timeoutMs: null, work, performs: null };
  }

  #nameOf(result: Json): string {
    return this.#command.options.tally(result);
  }

  #count(index: number, name: string): void {
    this.#done.add(index);
    this.#tally[name] = (this.#tally[name] ?? 0) + 1;
  }
}
