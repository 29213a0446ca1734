import type { CreateWorkflowEngine, Randomness, RecordPage, Timer, WorkflowEngine, WorkflowHost } from "../../domain/index.ts";
import { isEnd, JournaledRuns, OPEN_RUNS, RUNS, toReady, toRunState, type RunState } from "../../domain/workflow/engine.ts";
import { LookOut } from "./look-out.ts";
import { RunSchedule } from "./run-schedule.ts";

/** Options of {@link embeddedWorkflows}. */
export interface EmbeddedOptions {
  readonly timer: Timer;
  /** For the jitter of retries: `Math.random`. */
  readonly random: Randomness;
  /** How long a run can be found after its end, in seconds: 1 to 100 years. Default 2,592,000 (30 days). Its results are kept as long. */
  readonly retentionSeconds?: number;
  /** How long nobody else may work on a run that a process works on, in milliseconds: 1,000 to a day. Default 60,000. Renewed while a step is under way. */
  readonly leaseMs?: number;
  /** How long a try of a step may take that says nothing about it, in milliseconds: 1 to a day. Default 300,000 (5 minutes). */
  readonly stepTimeoutMs?: number;
  /**
   * How long a step that is under way may still take once its run is cancelled, or the engine closes, in milliseconds: 0 to an hour. Default 5,000.
   * Then it is given up: the run is undone without it, or goes on with another try when the application starts again.
   */
  readonly stopTimeoutMs?: number;
  /**
   * How often it is looked for what other processes have done and for what one that is gone has left, in milliseconds: 100 to 60,000. Where there are none nothing is looked for.
   * Default 1,000. A store that tells of news has it looked for sooner.
   */
  readonly lookEveryMs?: number;
  /** No other process uses this store: what an earlier one has left is taken up at once, and not when its lease ends. Default: as the store says, by having no `watch`. */
  readonly exclusive?: boolean;
}

const YEAR_SECONDS = 366 * 86_400;
const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
const LOAD_PAGE = 500;
/** So many runs are left to others at a close; what is beyond waits for the end of its lease, and nobody for the close. */
const MAX_RELEASED = 200;

/** The engine that runs workflows on the actions' own store. */
export function embeddedWorkflows(options: EmbeddedOptions): CreateWorkflowEngine {
  const { retentionSeconds = 30 * 86_400, leaseMs = 60_000, stepTimeoutMs = 300_000, stopTimeoutMs = 5_000, lookEveryMs = 1_000 } = options;
  if (typeof options.timer !== "function") throw new TypeError("timer must be a function that wakes at a time: createNodeTimer({ clock })");
  if (typeof options.random !== "function") throw new TypeError("random must be a function that answers a number from 0 to 1: Math.random");
  checkWhole("retentionSeconds", retentionSeconds, 1, 100 * YEAR_SECONDS);
  checkWhole("leaseMs", leaseMs, 1000, DAY_MS);
  checkWhole("stepTimeoutMs", stepTimeoutMs, 1, DAY_MS);
  checkWhole("stopTimeoutMs", stopTimeoutMs, 0, HOUR_MS);
  checkWhole("lookEveryMs", lookEveryMs, 100, 60_000);
  if (options.exclusive !== undefined && typeof options.exclusive !== "boolean") throw new TypeError(`exclusive must be true or false, not a ${typeof options.exclusive}: does no other process use the store?`);
  return (host) => {
    const { exclusive = host.store.watch === undefined } = options;
    return new EmbeddedEngine(host, { ...options, retentionSeconds, leaseMs, stepTimeoutMs, stopTimeoutMs, lookEveryMs, exclusive });
  };
}

function checkWhole(name: string, value: number, min: number, max: number): void {
  if (!(Number.isInteger(value) && value >= min && value <= max)) throw new TypeError(`${name} must be a whole number from ${min} to ${max}, not ${value}`);
}

class EmbeddedEngine extends JournaledRuns implements WorkflowEngine {
  readonly #host: WorkflowHost;
  readonly #isExclusive: boolean;
  readonly #schedule: RunSchedule;
  readonly #lookOut: LookOut;
  #leaveStore: () => void = () => undefined;

  constructor(host: WorkflowHost, { timer, random, leaseMs, exclusive, retentionSeconds, stepTimeoutMs, stopTimeoutMs, lookEveryMs }: Required<EmbeddedOptions>) {
    super({
      host,
      timer,
      random,
      terms: { owner: host.newId(), leaseMs, exclusive, hasAlarms: true },
      retentionMs: retentionSeconds * 1000,
      stepTimeoutMs,
      stopTimeoutMs,
      isPending: (id) => this.#schedule.isQueued(id),
      loopOf: (id) => this.#schedule.loopOf(id),
      ready: (run) => {
        this.#schedule.makeReady(run);
        this.#lookOut.expectAlarm();
      },
      rest: (id, error) => this.#schedule.rest(id, error),
      parked: (id, wakeAt) => this.#schedule.park(id, wakeAt),
      started: (run) => this.#schedule.makeReady(toReady(run)),
    });
    this.#host = host;
    this.#isExclusive = exclusive;
    const { clock, observe, store } = host;
    this.#schedule = new RunSchedule({
      timer,
      clock,
      stopTimeoutMs,
      observe,
      concurrencyOf: (name) => host.workflow(name)?.concurrency ?? 1,
      load: (id) => this.load(id),
      lookAt: (id) => this.#lookAt(id),
    });
    this.#lookOut = new LookOut({
      store,
      clock,
      timer,
      observe,
      everyMs: lookEveryMs,
      isAlone: exclusive,
      // A workflow that this process does not know may be that of a newer one.
      isWanted: (id, { name }) => !this.#schedule.has(id) && host.workflow(name) !== undefined && this.#schedule.hasRoom(name),
      takeUp: (id, state) => this.#takeUp(id, state, true),
      refresh: () => this.refresh(this.#schedule.atWork),
    });
  }

  async open(): Promise<void> {
    this.#schedule.open();
    if (this.#isExclusive) await this.#takeUpAll();
    const leave = this.#host.store.watch?.((collections) => this.#hear(collections));
    if (leave !== undefined) this.#leaveStore = leave;
    this.#lookOut.open();
  }

  async close(): Promise<void> {
    this.#leaveStore();
    this.#lookOut.close();
    const left = await this.#schedule.close();
    await this.release(left.slice(0, MAX_RELEASED));
  }

  /** Some process has committed. */
  #hear(collections: readonly string[] | null): void {
    if (collections?.includes(RUNS) === false) return;
    this.watchers.tellAll();
    this.#lookOut.hear();
  }

  /** Reads what has not ended, a page at a time, whoever had it; what sleeps costs an entry in a heap. */
  async #takeUpAll(): Promise<void> {
    const { store } = this.#host;
    for (let after: string | null | undefined; after !== null; ) {
      const page: RecordPage = await store.list(OPEN_RUNS, { limit: LOAD_PAGE, ...(after === undefined ? {} : { after }) });
      const ids = page.records.map(({ id }) => id);
      const states = await store.read(RUNS, ids);
      ids.forEach((id, index) => this.#takeUp(id, toRunState(states[index]?.value), false));
      after = page.next;
    }
  }

  async #lookAt(id: string): Promise<void> {
    this.#takeUp(id, await this.read(id), true);
  }

  /** Sees when a run can go on. One that another process has is found by its alarm when that process is gone. */
  #takeUp(id: string, state: RunState | undefined, isDue: boolean): void {
    if (state === undefined || isEnd(state.status) || !this.isFree(state.lease)) return;
    const { wakeAt, status, cancelled, inbox } = state;
    if (status !== "waiting" || isDue || cancelled !== null || inbox.length > 0) this.#schedule.makeReady(toReady({ id, state }));
    else if (wakeAt !== null) this.#schedule.wakeAt(id, wakeAt);
  }
}
