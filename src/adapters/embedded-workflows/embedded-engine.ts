import { identityKey, type CreateWorkflowEngine, type Delivery, type JsonObject, type PageRequest, type PendingCommit, type Randomness, type RecordPage } from "../../domain/index.ts";
import type { ResultPage, RunPage, RunQuery, Timer, WorkflowEngine, WorkflowHost, WorkflowRun, WorkflowStart } from "../../domain/index.ts";
import { findRun, isEnd, isJsonObject, listResults, listRuns, RUNS, toRunId, toStartedBy } from "../../domain/workflow/engine.ts";
import { addSignal, cancel, type Edit } from "./state/edit-run.ts";
import { addRun, endRun, tellOfEnd, type NewRun } from "./state/end-run.ts";
import { RunLost } from "./engine-errors.ts";
import { LookOut } from "./look-out.ts";
import { putState } from "./state/alarm.ts";
import { readEntries } from "./state/entry.ts";
import type { RunPorts } from "./state/held-run.ts";
import { isFree, takeLease } from "./state/lease.ts";
import { commitOwn, readOpenRun, turnOfRun } from "./state/own-records.ts";
import { RunLoop } from "./run/run-loop.ts";
import type { ReadyRun } from "./run-queue.ts";
import { RunSchedule } from "./run-schedule.ts";
import { createRunState, OPEN_RUNS, toRunState, type RunState } from "./state/run-state.ts";
import { Watchers } from "./watchers.ts";

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
   * How often it is looked for what other processes have done and for what one that is gone has left, in milliseconds: 100 to 60,000.
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
  if (!(retentionSeconds >= 1 && retentionSeconds <= 100 * YEAR_SECONDS)) throw new TypeError("retentionSeconds must be from 1 to 100 years");
  if (!(leaseMs >= 1000 && leaseMs <= 86_400_000)) throw new TypeError("leaseMs must be from 1000 to 86400000");
  if (!(stepTimeoutMs >= 1 && stepTimeoutMs <= DAY_MS)) throw new TypeError(`stepTimeoutMs must be from 1 to ${DAY_MS}`);
  if (!(stopTimeoutMs >= 0 && stopTimeoutMs <= HOUR_MS)) throw new TypeError(`stopTimeoutMs must be from 0 to ${HOUR_MS}`);
  if (!(lookEveryMs >= 100 && lookEveryMs <= 60_000)) throw new TypeError("lookEveryMs must be from 100 to 60000");
  return (host) => {
    const { exclusive = host.store.watch === undefined } = options;
    return new EmbeddedEngine(host, { ...options, retentionSeconds, leaseMs, stepTimeoutMs, stopTimeoutMs, lookEveryMs, exclusive });
  };
}

class EmbeddedEngine implements WorkflowEngine {
  readonly #host: WorkflowHost;
  readonly #ports: RunPorts;
  readonly #watchers = new Watchers();
  readonly #schedule: RunSchedule;
  readonly #lookOut: LookOut;
  #leaveStore: () => void = () => undefined;

  constructor(host: WorkflowHost, { timer, random, leaseMs, exclusive, retentionSeconds, stepTimeoutMs, stopTimeoutMs, lookEveryMs }: Required<EmbeddedOptions>) {
    this.#host = host;
    this.#schedule = new RunSchedule({
      timer,
      clock: host.clock,
      stopTimeoutMs,
      observe: host.observe,
      concurrencyOf: (name) => host.workflow(name)?.concurrency ?? 1,
      load: (id) => this.#load(id),
      lookAt: (id) => this.#lookAt(id),
    });
    this.#lookOut = new LookOut({
      store: host.store,
      clock: host.clock,
      timer,
      observe: host.observe,
      everyMs: lookEveryMs,
      // A workflow that this process does not know may be that of a newer one.
      isWanted: (id, { name }) => !this.#schedule.has(id) && host.workflow(name) !== undefined && this.#schedule.hasRoom(name),
      takeUp: (id, state) => this.#takeUp(id, state, true),
      refresh: () => this.#refresh(),
    });
    this.#ports = {
      host,
      timer,
      random,
      terms: { owner: host.newId(), leaseMs, exclusive },
      retentionMs: retentionSeconds * 1000,
      stepTimeoutMs,
      stopTimeoutMs,
      changed: (id) => this.#watchers.tell(id),
      parked: (id, wakeAt) => this.#schedule.park(id, wakeAt),
      awaitedElsewhere: (id) => void this.#stop(id, "Its code awaited something other than an answer of its flow; whatever takes time belongs in a step."),
      started: (run) => this.#schedule.makeReady(toReady(run)),
    };
  }

  start(commit: PendingCommit, { identity, input, ...start }: WorkflowStart): string {
    const now = this.#host.clock();
    const id = toRunId(now, this.#host.newId());
    const run = { id, state: createRunState({ ...start, startedBy: toStartedBy(identity) }, this.#ports.terms, now) };
    addRun(commit, run, input);
    commit.onCommitted(() => this.#schedule.makeReady(toReady(run)));
    return id;
  }

  find(id: string): Promise<WorkflowRun | undefined> {
    return findRun(this.#host.store, id, this.#isPending);
  }

  list(query: RunQuery): Promise<RunPage> {
    return listRuns(this.#host.store, query, this.#isPending);
  }

  results(id: string, page: PageRequest): Promise<ResultPage> {
    return listResults(this.#host.store, id, page);
  }

  readonly #isPending = (id: string): boolean => this.#schedule.isQueued(id);

  cancel(id: string): Promise<Delivery> {
    return this.#change(id, cancel);
  }

  signal(id: string, name: string, value: JsonObject): Promise<Delivery> {
    return this.#change(id, (state) => addSignal(state, this.#host.workflow(state.name)?.signals ?? null, name, value));
  }

  watch(id: string, changed: () => void): () => void {
    return this.#watchers.add(id, changed);
  }

  async open(): Promise<void> {
    this.#schedule.open();
    if (this.#ports.terms.exclusive) await this.#takeUpAll();
    const leave = this.#host.store.watch?.((collections) => this.#hear(collections));
    if (leave !== undefined) this.#leaveStore = leave;
    this.#lookOut.open();
  }

  /** Some process has committed. */
  #hear(collections: readonly string[] | null): void {
    if (collections?.includes(RUNS) === false) return;
    this.#watchers.tellAll();
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

  async close(): Promise<void> {
    this.#leaveStore();
    this.#lookOut.close();
    await this.#release(await this.#schedule.close());
  }

  /** Leaves runs to other processes, which would have to wait for the end of their leases. */
  async #release(ids: readonly string[]): Promise<void> {
    const { exclusive, owner } = this.#ports.terms;
    if (exclusive) return;
    const release = (id: string) => commitOwn(this.#host, id, async (unit) => {
      const state = toRunState(await unit.get(RUNS, id));
      if (state?.lease?.owner === owner) putState(unit, id, state, { ...state, lease: null, alarmAt: this.#host.clock() });
    });
    await Promise.allSettled(ids.slice(0, MAX_RELEASED).map(release));
  }

  /** Takes over what other processes have done to the runs at work here: a signal, or the wish to cancel. */
  async #refresh(): Promise<void> {
    const { atWork } = this.#schedule;
    const { terms } = this.#ports;
    if (terms.exclusive || atWork.length === 0) return;
    const records = await this.#host.store.read(RUNS, atWork.map(([id]) => id));
    for (const [at, [id, { state }]] of atWork.entries()) {
      const now = toRunState(records[at]?.value);
      if (now !== undefined && (now.signals > state.signals || now.cancelled !== state.cancelled)) await this.#refreshRun(id);
    }
  }

  /** Alone for the run, since this process may be at a commit of it. */
  async #refreshRun(id: string): Promise<void> {
    const { store, turns } = this.#host;
    const turn = await turns.take([turnOfRun(id).target]);
    try {
      const [record] = await store.read(RUNS, [id]);
      const state = toRunState(record?.value);
      if (state !== undefined && !isEnd(state.status)) this.#schedule.loopOf(id)?.refresh(state, state.epoch);
    } finally {
      turn.release();
    }
  }

  async #lookAt(id: string): Promise<void> {
    const [record] = await this.#host.store.read(RUNS, [id]);
    this.#takeUp(id, toRunState(record?.value), true);
  }

  /** Sees when a run can go on. One that another process has is found by its alarm when that process is gone. */
  #takeUp(id: string, state: RunState | undefined, isDue: boolean): void {
    if (state === undefined || isEnd(state.status) || !this.#isFree(state)) return;
    const { wakeAt, status, cancelled, inbox } = state;
    if (status !== "waiting" || isDue || cancelled !== null || inbox.length > 0) this.#schedule.makeReady(toReady({ id, state }));
    else if (wakeAt !== null) this.#schedule.wakeAt(id, wakeAt);
  }

  #isFree({ lease }: RunState): boolean {
    return isFree(lease, this.#ports.terms, this.#host.clock());
  }

  async #load(id: string): Promise<RunLoop | undefined> {
    const { store } = this.#host;
    const [record] = await store.read(RUNS, [id]);
    const [open] = await store.read(OPEN_RUNS, [id]);
    const state = toRunState(record?.value);
    const input = open?.value["input"];
    if (state === undefined || isEnd(state.status) || !this.#isFree(state) || !isJsonObject(input)) return undefined;
    const workflow = this.#host.workflow(state.name);
    if (workflow !== undefined) return new RunLoop(this.#ports, { id, workflow, input, state, entries: await readEntries(store, id) });
    await this.#stop(id, `There is no workflow "${state.name}" any more.`);
    return undefined;
  }

  /** Changes a run from outside, alone for the run; whoever works on it learns of it: here at once, and a run that is nobody's goes on here. */
  async #change(id: string, edit: Edit): Promise<Delivery> {
    const edited = await commitOwn<RunState | Delivery>(this.#host, id, async (unit) => {
      const state = toRunState(await unit.get(RUNS, id));
      if (state === undefined || isEnd(state.status)) return { delivered: false, reason: "ended" };
      const next = edit(state);
      if ("delivered" in next || next === state) return next;
      const put = putState(unit, id, state, this.#takeIfFree(next));
      unit.onCommitted(() => this.#schedule.loopOf(id)?.refresh(put, state.epoch));
      return put;
    });
    if ("delivered" in edited) return edited;
    this.#watchers.tell(id);
    if (this.#isFree(edited)) this.#schedule.makeReady(toReady({ id, state: edited }));
    return { delivered: true };
  }

  #takeIfFree(state: RunState): RunState {
    const { terms } = this.#ports;
    if (state.lease?.owner === terms.owner || !this.#isFree(state)) return state;
    const lease = takeLease(terms, this.#host.clock());
    return { ...state, lease, alarmAt: lease.until };
  }

  /** Ends a run that cannot go on, and undoes nothing: its code is not to be trusted with its journal. */
  async #stop(id: string, error: string): Promise<void> {
    this.#host.observe({ event: "workflow_failed", workflow_id: id, error });
    try {
      const entries = await readEntries(this.#host.store, id);
      const keys = entries.map(({ key }) => key);
      const { name: workflow, traceparent } = await commitOwn(this.#host, id, async (unit) => {
        const state = await readOpenRun(unit, id);
        await endRun(this.#ports, { id, state, keys }, { status: "failed", error }, unit);
        return state;
      });
      tellOfEnd(this.#host, { workflow, workflowId: id, status: "failed", traceparent }, null);
      this.#watchers.tell(id);
    } catch (failure) {
      if (!(failure instanceof RunLost)) this.#schedule.rest(id, failure);
    }
  }
}

function toReady({ id, state }: NewRun): ReadyRun {
  return { id, name: state.name, startedBy: identityKey(state.startedBy) };
}
