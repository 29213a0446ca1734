import { toJson, toJsonObject, type Json } from "../../domain/json.ts";
import type { UnitOfWork } from "../../domain/execution/unit-of-work.ts";
import type { EachCall } from "./calls.ts";
import { commitRun } from "./commit-run.ts";
import type { WorkflowHost } from "../../domain/workflow/host.ts";
import { readUnder, toFailure, type StepFailure } from "./journal.ts";
import type { Timer } from "../../domain/workflow/port.ts";
import { RESULTS, type RunState } from "./run-record.ts";
import { tryStep, type Tried } from "./try-step.ts";

/** What working on many needs of its run. */
export interface EachPorts {
  readonly host: WorkflowHost;
  readonly timer: Timer;
  readonly runId: string;
  /** By whom and what the run was started. */
  readonly state: Pick<RunState, "startedBy" | "action" | "subject">;
  readonly retentionMs: number;
  /** Is nothing more to be begun? */
  stopped(): boolean;
  /** Makes the commit depend on the run being this process's. */
  check(unit: UnitOfWork): Promise<void>;
  /** Shows how many are done. */
  progress(done: number): Promise<void>;
}

/** What became of it. */
export type EachEnd = "stopped" | { readonly tally: Readonly<Record<string, number>> } | { readonly failure: StepFailure };

const INDEX_DIGITS = 9;
/** So often, at most, the progress is written while many are worked on. */
const PROGRESS_STEPS = 100;
/** After so many items whatever else is ready gets its turn, and what was done is made safe. */
const BREATH = 32;

/** The ID of a result's record, in the order of the indexes. */
export function resultId(runId: string, index: number): string {
  return `${runId}/${String(index).padStart(INDEX_DIGITS, "0")}`;
}

/** Works on each index, each in a commit of its own with its result. What has a result is done, before and after a crash. */
export class EachRun {
  readonly #ports: EachPorts;
  readonly #call: EachCall;
  readonly #tally: Record<string, number> = {};
  readonly #done = new Set<number>();
  #next = 0;
  #worked = 0;
  #failure: StepFailure | null = null;

  constructor(ports: EachPorts, call: EachCall) {
    this.#ports = ports;
    this.#call = call;
  }

  async run(): Promise<EachEnd> {
    const { host, runId } = this.#ports;
    for (const { id, value } of await readUnder(host.store, RESULTS, runId)) this.#count(Number(id.slice(runId.length + 1)), value["value"] ?? null);
    await this.#ports.progress(this.#done.size);
    await Promise.all(Array.from({ length: this.#call.options.concurrency }, () => this.#work()));
    if (this.#failure !== null) return { failure: this.#failure };
    if (this.#done.size < this.#call.count) return "stopped";
    await this.#ports.progress(this.#done.size);
    return { tally: this.#tally };
  }

  async #work(): Promise<void> {
    const { count } = this.#call;
    const step = Math.max(1, Math.floor(count / PROGRESS_STEPS));
    while (this.#next < count && this.#failure === null && !this.#ports.stopped()) {
      const index = this.#next++;
      if (this.#done.has(index)) continue;
      await this.#workOn(index);
      if (this.#done.size % step === 0) await this.#ports.progress(this.#done.size);
      if (++this.#worked % BREATH === 0) await this.#breathe();
    }
  }

  async #breathe(): Promise<void> {
    await this.#ports.host.store.durable();
    await new Promise<void>((resolve) => this.#ports.timer(0, resolve));
  }

  async #workOn(index: number): Promise<void> {
    const { host, timer, runId, state, retentionMs } = this.#ports;
    const { startedBy, action, subject } = state;
    const { check } = this.#ports;
    const attempt = { runId, startedBy, action, subject, key: `${this.#call.key}/${index}`, name: `each ${index}`, attempt: 1, timeoutMs: null };
    const work: Parameters<typeof tryStep>[2]["work"] = (step) => this.#call.work(index, step, this.#tally);
    const tried = await commitRun(host, {
      runId,
      work: (unit) => tryStep(host, timer, { ...attempt, work }, unit),
      async journal(unit, worked: Tried) {
        if ("failure" in worked) return worked;
        await check(unit);
        unit.put(RESULTS, resultId(runId, index), toJsonObject({ value: worked.value ?? null }), host.clock() + retentionMs);
        return worked;
      },
      done: (worked) => {
        if (!("failure" in worked)) this.#count(index, worked.value ?? null);
      },
    });
    if ("failure" in tried) this.#failure ??= toFailure(tried.cause);
  }

  #count(index: number, value: Json): void {
    this.#done.add(index);
    const name = this.#call.options.tally(toJson(value));
    this.#tally[name] = (this.#tally[name] ?? 0) + 1;
  }
}
