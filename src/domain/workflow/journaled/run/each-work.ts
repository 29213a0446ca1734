import type { Json, StepContext } from "../../../index.ts";
import { readResults, resultId, RESULTS, toFailure, toJsonObject, toLoss, toValue, type EachCommand, type StepFailure, type Tried, type UnitOfWork } from "../../engine-parts.ts";
import type { HeldRun } from "../state/held-run.ts";
import type { Pending } from "./pending-commands.ts";

/** What became of it; null: it was stopped before its end. */
export type EachEnd = { readonly tally: Json } | { readonly failure: StepFailure } | null;

/** How often, at most, the progress is written while many are worked on. */
const PROGRESS_STEPS = 100;
/** After so many items what was done is made safe. */
const ITEMS_AT_RISK = 32;

/** Works on each index, each in a commit of its own with its result. What has a result is done, before and after a crash. */
export class EachWork {
  readonly #run: HeldRun;
  readonly #command: Pending<EachCommand>;
  readonly #isStopped: () => boolean;
  /** With no prototype: names are the application's, and may be any. */
  readonly #tally: Record<string, number> = Object.create(null);
  readonly #done = new Set<number>();
  #next = 0;
  #worked = 0;
  #failure: StepFailure | null = null;

  /** From when `isStopped` says so nothing more is begun. */
  constructor(run: HeldRun, command: Pending<EachCommand>, isStopped: () => boolean) {
    this.#run = run;
    this.#command = command;
    this.#isStopped = isStopped;
  }

  async work(): Promise<EachEnd> {
    const { options, count, number } = this.#command;
    for (const { index, value } of await readResults(this.#run.ports.host.store, this.#run.id, number)) this.#count(index, options.tally(value));
    await this.#showProgress();
    await Promise.all(Array.from({ length: options.concurrency }, () => this.#workOnMany()));
    if (this.#failure !== null) return { failure: this.#failure };
    if (this.#done.size < count) return null;
    await this.#showProgress();
    return { tally: toJsonObject(this.#tally) };
  }

  async #workOnMany(): Promise<void> {
    const { count } = this.#command;
    const step = Math.max(1, Math.floor(count / PROGRESS_STEPS));
    while (this.#next < count && this.#failure === null && !this.#isStopped()) {
      const index = this.#next++;
      if (this.#done.has(index)) continue;
      await this.#workOn(index);
      await this.#run.renewLease();
      if (this.#done.size % step === 0) await this.#showProgress();
      await this.#breathe(++this.#worked % ITEMS_AT_RISK === 0);
    }
  }

  async #showProgress(): Promise<void> {
    this.#run.showProgress(this.#done.size, this.#command.count);
    await this.#run.claim();
  }

  /** Others get their turn by what all long works have in common; where that cannot be, by the engine's own timer, now and then. */
  async #breathe(isAtRisk: boolean): Promise<void> {
    const { host, timer } = this.#run.ports;
    if (isAtRisk) await host.store.durable();
    if (host.breathe !== null) await host.breathe();
    else if (isAtRisk) await new Promise<void>((resolve) => timer(0, resolve));
  }

  async #workOn(index: number): Promise<void> {
    const name = `each ${index}`;
    let countedAs = "";
    const keep = (answer: Json): Json => {
      const result = toValue(answer, name) ?? null;
      countedAs = this.#command.options.tally(result);
      return result;
    };
    const work = async (step: StepContext): Promise<Json> => keep(await this.#command.work(index, step, this.#tally));
    const add = async (tried: Tried, unit: UnitOfWork): Promise<void> => {
      if ("failure" in tried) return;
      await this.#addResult(index, tried.value ?? null, unit);
      unit.onCommitted(() => this.#count(index, countedAs));
    };
    const step = { key: `${this.#command.key}/${index}`, name, attempt: 1, timeoutMs: this.#command.options.timeoutMs, work, performs: null };
    const { tried } = await this.#run.commitStep(step, add);
    if (!("failure" in tried)) return;
    const loss = toLoss(tried);
    const { instead } = this.#command.options;
    const { tried: last } = loss === null || instead === null ? { tried } : await this.#run.commitStep({ ...step, work: () => keep(instead(index, loss)) }, add);
    if ("failure" in last) this.#failure ??= toFailure(last.cause);
  }

  async #addResult(index: number, value: Json, unit: UnitOfWork): Promise<void> {
    await this.#run.check(unit);
    unit.put(RESULTS, resultId(this.#run.id, this.#command.number, index), toJsonObject({ value }), this.#run.now() + this.#run.ports.retentionMs);
  }

  #count(index: number, name: string): void {
    this.#done.add(index);
    this.#tally[name] = (this.#tally[name] ?? 0) + 1;
  }
}
