import { isJsonObject, type JsonObject } from "../../domain/json.ts";
import type { RecordPage } from "../../domain/ports.ts";
import type { UnitOfWork } from "../../domain/execution/unit-of-work.ts";
import { commitRun, noWork } from "./commit-run.ts";
import { addRun, endRun } from "./end-run.ts";
import { RunLost } from "./engine-errors.ts";
import type { CreateWorkflowEngine, WorkflowHost } from "../../domain/workflow/host.ts";
import { readJournal } from "./journal.ts";
import { findRun, listRuns, listResults } from "./read-runs.ts";
import type { Delivery, PendingCommit, Randomness, ResultPage, RunPage, RunQuery, Timer, WorkflowEngine, WorkflowRun, WorkflowStart } from "../../domain/workflow/port.ts";
import { ResidentRun, type LoadedRun, type RunPorts } from "./resident-run.ts";
import { RunQueue, type ReadyRun } from "./run-queue.ts";
import { fromRunState, OPEN_RUNS, RUNS, toNewRun, toRunId, toRunState, type RunState } from "./run-record.ts";
import { isEnd } from "../../domain/workflow/status.ts";
import { starterKey } from "../../domain/workflow/starter.ts";
import { WakeTimes } from "./wake-times.ts";
import { Watchers } from "./watchers.ts";

/** What {@link embeddedWorkflows} takes. */
export interface EmbeddedOptions {
  readonly timer: Timer;
  /** For the jitter of retries: `Math.random`. */
  readonly random: Randomness;
  /** How long a run can be found after its end, in seconds: 1 to 100 years. Default 2,592,000 (30 days). Its results are kept as long. */
  readonly retentionSeconds?: number;
  /** How long nobody else may work on a run that a process works on, in milliseconds: 1,000 to a day. Default 60,000. No try of a step should take longer. */
  readonly leaseMs?: number;
  /** No other process uses this store, as with the file store: what a process that is gone has left is taken up at once. Default true. */
  readonly exclusive?: boolean;
}

const YEAR_SECONDS = 366 * 86_400;
const MAX_INBOX = 100;
const LOAD_PAGE = 500;
/** How long a run rests after the store was out of order, in milliseconds; twice as long each time. */
const FIRST_PAUSE_MS = 1000;
const LAST_PAUSE_MS = 60_000;

/** The engine that runs workflows on the actions' own store. */
export function embeddedWorkflows(options: EmbeddedOptions): CreateWorkflowEngine {
  const { retentionSeconds = 30 * 86_400, leaseMs = 60_000 } = options;
  if (!(retentionSeconds >= 1 && retentionSeconds <= 100 * YEAR_SECONDS)) throw new TypeError("retentionSeconds must be from 1 to 100 years");
  if (!(leaseMs >= 1000 && leaseMs <= 86_400_000)) throw new TypeError("leaseMs must be from 1000 to 86400000");
  return (host) => new EmbeddedEngine(host, { ...options, retentionSeconds, leaseMs, exclusive: options.exclusive ?? true });
}

class EmbeddedEngine implements WorkflowEngine {
  readonly #host: WorkflowHost;
  readonly #ports: RunPorts;
  readonly #watchers = new Watchers();
  readonly #resident = new Map<string, ResidentRun>();
  /** Runs that this process has let go on; true: something has come that it may not have seen. */
  readonly #active = new Map<string, boolean>();
  readonly #drives = new Set<Promise<void>>();
  readonly #pauses = new Map<string, number>();
  readonly #queue: RunQueue;
  readonly #wakes: WakeTimes;
  #open = false;

  constructor(host: WorkflowHost, options: Required<EmbeddedOptions>) {
    const { timer, random, leaseMs, exclusive, retentionSeconds } = options;
    this.#host = host;
    this.#queue = new RunQueue((name) => host.workflow(name)?.concurrency ?? 1, (ready) => this.#activate(ready));
    this.#wakes = new WakeTimes(timer, host.clock, (id) => void this.#wakeUp(id));
    this.#ports = {
      host,
      timer,
      random,
      owner: host.newId(),
      leaseMs,
      exclusive,
      retentionMs: retentionSeconds * 1000,
      changed: (id) => this.#watchers.tell(id),
      parked: (id, wakeAt) => {
        this.#resident.delete(id);
        this.#wakes.set(id, wakeAt);
      },
      strayed: (id) => void this.#stop(id, "Its code awaited something that is no answer of its flow; whatever takes time belongs into a step."),
      started: (id, state) => this.#ready(id, state),
    };
  }

  start(commit: PendingCommit, start: WorkflowStart): string {
    const now = this.#host.clock();
    const id = toRunId(now, this.#host.newId());
    const state = toNewRun(start, new Date(now).toISOString());
    addRun(commit, id, state, start.input);
    commit.onCommitted(() => this.#ready(id, state));
    return id;
  }

  find(id: string): Promise<WorkflowRun | undefined> {
    return findRun(this.#host.store, id, this.#isPending);
  }

  list(query: RunQuery): Promise<RunPage> {
    return listRuns(this.#host.store, query, this.#isPending);
  }

  results(id: string, page: { readonly after?: string; readonly limit: number }): Promise<ResultPage> {
    return listResults(this.#host.store, id, page);
  }

  readonly #isPending = (id: string): boolean => this.#queue.has(id);

  cancel(id: string): Promise<Delivery> {
    return this.#change(id, (state) => (state.cancelled === null ? { ...state, cancelled: "It was cancelled." } : state));
  }

  signal(id: string, name: string, value: JsonObject): Promise<Delivery> {
    return this.#change(id, (state) => {
      const declared = this.#host.workflow(state.name)?.signals ?? null;
      const shape = declared?.get(name);
      if (declared !== null && shape === undefined) return { delivered: false, reason: "unknown" };
      const parsed = shape?.parse(value);
      if (parsed !== undefined && !parsed.ok) return { delivered: false, reason: "invalid", errors: parsed.errors };
      if (state.inbox.length >= MAX_INBOX) return { delivered: false, reason: "full" };
      const number = state.signals + 1;
      return { ...state, signals: number, inbox: [...state.inbox, { number, name, value }] };
    });
  }

  watch(id: string, changed: () => void): () => void {
    return this.#watchers.add(id, changed);
  }

  /** Reads what has not ended, a page at a time; what sleeps costs an entry in a heap. */
  async open(): Promise<void> {
    this.#open = true;
    await this.#load();
  }

  async close(): Promise<void> {
    this.#open = false;
    this.#queue.clear();
    this.#wakes.close();
    for (const resident of this.#resident.values()) resident.close();
    await Promise.all(this.#drives);
  }

  async #load(): Promise<void> {
    const { store } = this.#host;
    for (let after: string | null | undefined; after !== null; ) {
      const from: string | undefined = after;
      const page: RecordPage = await store.list(OPEN_RUNS, { limit: LOAD_PAGE, ...(from === undefined ? {} : { after: from }) });
      const ids = page.records.map(({ id }) => id);
      const states = await store.read(RUNS, ids);
      ids.forEach((id, index) => this.#takeUp(id, toRunState(states[index]?.value)));
      after = page.next;
    }
  }

  #takeUp(id: string, state: RunState | undefined): void {
    if (state === undefined || isEnd(state.status) || this.#resident.has(id)) return;
    const { owner, exclusive } = this.#ports;
    const now = this.#host.clock();
    const { lease, wakeAt, status, cancelled } = state;
    if (lease !== null && lease.owner !== owner && !exclusive && lease.until > now) this.#wakes.set(id, lease.until);
    else if (status !== "waiting" || cancelled !== null || state.inbox.length > 0) this.#ready(id, state);
    else if (wakeAt !== null) this.#wakes.set(id, wakeAt);
  }

  #ready(id: string, { name, startedBy }: RunState): void {
    if (!this.#open) return;
    const resident = this.#resident.get(id);
    if (resident !== undefined) resident.poke();
    else if (this.#active.has(id)) this.#active.set(id, true);
    else this.#queue.add({ id, name, starter: starterKey(startedBy) });
  }

  async #wakeUp(id: string): Promise<void> {
    const resident = this.#resident.get(id);
    if (resident !== undefined) return resident.poke();
    try {
      const [record] = await this.#host.store.read(RUNS, [id]);
      this.#wakeFound(id, toRunState(record?.value));
    } catch (error) {
      this.#pause(id, error);
    }
  }

  #wakeFound(id: string, state: RunState | undefined): void {
    if (state === undefined || isEnd(state.status)) return;
    if (state.status === "waiting" && state.lease === null) return this.#ready(id, state);
    this.#takeUp(id, { ...state, status: "running" });
  }

  #activate(ready: ReadyRun): void {
    this.#active.set(ready.id, false);
    const drive = this.#drive(ready.id).finally(() => {
      this.#drives.delete(drive);
      const again = this.#active.get(ready.id) === true;
      this.#active.delete(ready.id);
      this.#queue.release(ready.name);
      if (again && this.#open) this.#queue.add(ready);
    });
    this.#drives.add(drive);
  }

  async #drive(id: string): Promise<void> {
    try {
      const resident = await this.#makeResident(id);
      if (resident === undefined) return;
      await resident.drive();
      this.#pauses.delete(id);
    } catch (error) {
      this.#resident.delete(id);
      if (!(error instanceof RunLost)) this.#pause(id, error);
      // Should the process that has it be gone by then, this one takes it up when the lease ends.
      else if (!this.#ports.exclusive) await this.#wakeUp(id);
    }
    this.#resident.delete(id);
  }

  /** What comes while it is read is read again. */
  async #makeResident(id: string): Promise<ResidentRun | undefined> {
    for (;;) {
      this.#active.set(id, false);
      const loaded = await this.#loadRun(id);
      if (loaded === undefined || !this.#open) return undefined;
      if (this.#active.get(id) === true) continue;
      const resident = new ResidentRun(this.#ports, loaded);
      this.#resident.set(id, resident);
      return resident;
    }
  }

  async #loadRun(id: string): Promise<LoadedRun | undefined> {
    const { store } = this.#host;
    const [record] = await store.read(RUNS, [id]);
    const [open] = await store.read(OPEN_RUNS, [id]);
    const state = toRunState(record?.value);
    const input = open?.value["input"];
    if (state === undefined || isEnd(state.status) || !isJsonObject(input)) return undefined;
    const workflow = this.#host.workflow(state.name);
    if (workflow === undefined) {
      await this.#stop(id, `There is no workflow "${state.name}" any more.`);
      return undefined;
    }
    return { id, workflow, input, state, journal: await readJournal(store, id) };
  }

  /** The store was out of order, or others were faster for too long. */
  #pause(id: string, error: unknown): void {
    this.#host.observe({ event: "workflow_interrupted", workflow_id: id, error });
    if (!this.#open) return;
    const pause = Math.min(LAST_PAUSE_MS, (this.#pauses.get(id) ?? FIRST_PAUSE_MS / 2) * 2);
    this.#pauses.set(id, pause);
    this.#wakes.set(id, this.#host.clock() + pause);
  }

  /** Changes a run from outside, alone for the run; what it holds learns of it at once. */
  async #change(id: string, edit: (state: RunState) => RunState | Delivery): Promise<Delivery> {
    const edited = await commitRun(this.#host, {
      runId: id,
      work: noWork,
      async journal(unit: UnitOfWork): Promise<RunState | Delivery> {
        const state = toRunState(await unit.get(RUNS, id));
        if (state === undefined || isEnd(state.status)) return { delivered: false, reason: "ended" };
        const next = edit(state);
        if (!("delivered" in next) && next !== state) unit.put(RUNS, id, fromRunState(next));
        return next;
      },
      done: (next) => {
        if (!("delivered" in next)) this.#resident.get(id)?.refresh(next);
      },
    });
    if ("delivered" in edited) return edited;
    this.#watchers.tell(id);
    this.#ready(id, edited);
    return { delivered: true };
  }

  /** Ends a run that cannot go on, and undoes nothing: its code is not to be trusted with its journal. */
  async #stop(id: string, error: string): Promise<void> {
    this.#host.observe({ event: "workflow_failed", workflow_id: id, error });
    try {
      const journal = await readJournal(this.#host.store, id);
      const readFresh = (unit: UnitOfWork) => readOpen(unit, id);
      const ending = { host: this.#host, retentionMs: this.#ports.retentionMs, id, keys: journal.map(({ key }) => key), readFresh };
      await commitRun(this.#host, {
        runId: id,
        work: noWork,
        async journal(unit: UnitOfWork) {
          const { progress } = await readFresh(unit);
          return endRun({ ...ending, progress }, { status: "failed", error }, unit);
        },
      });
      this.#watchers.tell(id);
    } catch (failure) {
      if (!(failure instanceof RunLost)) this.#pause(id, failure);
    }
  }
}

async function readOpen(unit: UnitOfWork, id: string): Promise<RunState> {
  const state = toRunState(await unit.get(RUNS, id));
  if (state === undefined || isEnd(state.status)) throw new RunLost(`workflow ${id} has ended`);
  return state;
}
