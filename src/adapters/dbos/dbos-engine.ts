import type { CreateWorkflowEngine, Delivery, JsonObject, PageRequest, PendingCommit, Randomness } from "../../domain/index.ts";
import type { ResultPage, RunPage, RunQuery, Timer, WorkflowEngine, WorkflowHost, WorkflowRun, WorkflowStart } from "../../domain/index.ts";
import { isEnd, JournaledRuns, RunLost, RunQueue, RUNS, StepStopped, toReady, type RunLoop, type RunState } from "../../domain/workflow/engine.ts";
import { DBOS_QUEUE, type Dbos } from "./dbos.ts";
import { registeredWith, type Pass, type PassMaker, type Registered } from "./registered.ts";
import { checkSchema, putRequest } from "./requests.ts";

/** Options of {@link dbosWorkflows}. */
export interface DbosOptions {
  /** The class `DBOS` of `@dbos-inc/dbos-sdk`, before it is launched. */
  readonly dbos: Dbos;
  readonly timer: Timer;
  /** For the jitter of retries: `Math.random`. */
  readonly random: Randomness;
  /** The schema of the store, as `createPostgresStore` has it. Default `actionport`. */
  readonly schema?: string;
  /** How long a run can be found after its end, in seconds: 1 to 100 years. Default 2,592,000 (30 days). Its results are kept as long. */
  readonly retentionSeconds?: number;
  /** How long nobody else may work on a run that a process works on, in milliseconds: 1,000 to a day. Default 60,000. Renewed while a step is under way. */
  readonly leaseMs?: number;
  /** How long a try of a step may take that says nothing about it, in milliseconds: 1 to a day. Default 300,000 (5 minutes). */
  readonly stepTimeoutMs?: number;
  /** How long a step that is under way may still take once its run is cancelled, or the engine closes, in milliseconds: 0 to an hour. Default 5,000. */
  readonly stopTimeoutMs?: number;
  /** How often DBOS asks its queue for runs that begin, in milliseconds: 10 to 60,000. Default 250. Told to the database by the first process. */
  readonly pollMs?: number;
}

const DAY_MS = 86_400_000;
const BOUNDS: readonly (readonly [name: "retentionSeconds" | "leaseMs" | "stepTimeoutMs" | "stopTimeoutMs" | "pollMs", least: number, most: number])[] = [
  ["retentionSeconds", 1, 100 * 366 * 86_400],
  ["leaseMs", 1_000, DAY_MS],
  ["stepTimeoutMs", 1, DAY_MS],
  ["stopTimeoutMs", 0, 3_600_000],
  ["pollMs", 10, 60_000],
];
/** How long a run rests after the store was out of order. */
const REST_MS = 2_000;
/** The same for one whose workflow this process does not know. */
const UNKNOWN_REST_MS = 30_000;
/** So often a run at work is looked at for what other processes have done to it. */
const REFRESH_EVERY_MS = 1_000;

/**
 * The engine that leaves to DBOS Transact when runs begin, wait and go on, and to whom. A run's record, its journal and its results are in the store, which must be
 * on the database of DBOS; see {@link prepareDbos}. TypeError when an option is wrong.
 */
export function dbosWorkflows(options: DbosOptions): CreateWorkflowEngine {
  const { dbos, timer, random, schema = "actionport" } = options;
  if (typeof dbos?.registerWorkflow !== "function" || typeof dbos.recv !== "function") throw new TypeError('dbos must be the class DBOS: import { DBOS } from "@dbos-inc/dbos-sdk"');
  if (typeof timer !== "function") throw new TypeError("timer must be a function that wakes at a time: createNodeTimer({ clock })");
  if (typeof random !== "function") throw new TypeError("random must be a function that answers a number from 0 to 1: Math.random");
  checkSchema("schema", schema);
  const settings = { retentionSeconds: 30 * 86_400, leaseMs: 60_000, stepTimeoutMs: 300_000, stopTimeoutMs: 5_000, pollMs: 250, ...options, schema };
  for (const [name, least, most] of BOUNDS) if (!(settings[name] >= least && settings[name] <= most)) throw new TypeError(`${name} must be from ${least} to ${most}`);
  const registered = registeredWith(dbos);
  return (host) => new DbosEngine(host, registered, settings);
}

/** A run that is at work here. */
interface Work {
  loop: RunLoop | null;
  /** When the run goes on by itself; undefined: it was not parked. */
  parkedUntil: number | null | undefined;
}

class DbosEngine implements WorkflowEngine, PassMaker {
  readonly #host: WorkflowHost;
  readonly #registered: Registered;
  readonly #options: Required<DbosOptions>;
  readonly #runs: JournaledRuns;
  readonly #queue: RunQueue;
  readonly #work = new Map<string, Work>();
  /** How to let go on what waits for its turn. */
  readonly #turns = new Map<string, () => void>();
  readonly #underWay = new Set<Promise<unknown>>();
  #isOpen = false;
  #leaveStore: () => void = () => undefined;
  #stopLooking: () => void = () => undefined;

  constructor(host: WorkflowHost, registered: Registered, options: Required<DbosOptions>) {
    this.#host = host;
    this.#registered = registered;
    this.#options = options;
    const { timer, random, retentionSeconds, leaseMs, stepTimeoutMs, stopTimeoutMs } = options;
    this.#queue = new RunQueue((name) => host.workflow(name)?.concurrency ?? 1, ({ id }) => this.#turns.get(id)?.());
    this.#runs = new JournaledRuns({
      host,
      timer,
      random,
      terms: { owner: host.newId(), leaseMs, exclusive: false, hasAlarms: false },
      retentionMs: retentionSeconds * 1000,
      stepTimeoutMs,
      stopTimeoutMs,
      isPending: (id) => this.#turns.has(id),
      loopOf: (id) => this.#work.get(id)?.loop ?? undefined,
      enlist: (commit, id, why) => putRequest(commit, id, why, host.newId),
      // DBOS is told in the commit.
      ready: ({ id }) => this.#work.get(id)?.loop?.wake(),
      started: () => undefined,
      rest: (id, error) => host.observe({ event: "workflow_interrupted", workflow_id: id, error }),
      parked: (id, wakeAt) => this.#park(id, wakeAt),
    });
  }

  start(commit: PendingCommit, start: WorkflowStart): string {
    return this.#runs.start(commit, start);
  }

  find(id: string): Promise<WorkflowRun | undefined> {
    return this.#runs.find(id);
  }

  list(query: RunQuery): Promise<RunPage> {
    return this.#runs.list(query);
  }

  results(id: string, page: PageRequest): Promise<ResultPage> {
    return this.#runs.results(id, page);
  }

  cancel(id: string): Promise<Delivery> {
    return this.#runs.cancel(id);
  }

  signal(id: string, name: string, value: JsonObject): Promise<Delivery> {
    return this.#runs.signal(id, name, value);
  }

  watch(id: string, changed: () => void): () => void {
    return this.#runs.watch(id, changed);
  }

  async open(): Promise<void> {
    const { dbos, schema, pollMs } = this.#options;
    if (!dbos.isInitialized()) throw new TypeError("DBOS is not launched: await DBOS.launch() before workflows are opened");
    await dbos.registerQueue(DBOS_QUEUE, { minPollingIntervalMs: pollMs, onConflict: "never_update" });
    const leave = this.#host.store.watch?.((collections) => collections?.includes(RUNS) !== false && this.#runs.watchers.tellAll());
    if (leave !== undefined) this.#leaveStore = leave;
    this.#isOpen = true;
    this.#registered.open(schema, this);
    this.#lookLater();
  }

  /** DBOS keeps what is not done: it goes on when this process, or whoever DBOS has recover its runs, opens its workflows. */
  async close(): Promise<void> {
    const { schema, timer, stopTimeoutMs } = this.#options;
    this.#isOpen = false;
    this.#registered.close(schema, this);
    this.#leaveStore();
    this.#stopLooking();
    this.#queue.clear();
    for (const go of [...this.#turns.values()]) go();
    const ids = [...this.#work.keys()];
    for (const { loop } of this.#work.values()) loop?.close();
    await new Promise<void>((resolve) => {
      const giveUp = timer(this.#host.clock() + stopTimeoutMs, () => {
        for (const { loop } of this.#work.values()) loop?.abandon();
        resolve();
      });
      void Promise.allSettled(this.#underWay).then(() => {
        giveUp();
        resolve();
      });
    });
    await this.#runs.release(ids.filter((id) => !this.#work.has(id)));
  }

  pass(id: string): Promise<Pass> {
    const passing = this.#passInTurn(id);
    this.#underWay.add(passing);
    void passing.finally(() => this.#underWay.delete(passing));
    return passing;
  }

  /** Never rejects: whatever goes wrong, the run is tried again after a while. */
  async #passInTurn(id: string): Promise<Pass> {
    try {
      const state = await this.#runs.read(id);
      if (state === undefined || isEnd(state.status)) return { ended: true };
      await this.#waitForTurn(id, state);
      try {
        return this.#isOpen ? await this.#workOn(id) : AT_ONCE;
      } finally {
        this.#queue.release(state.name);
      }
    } catch (error) {
      const isLost = error instanceof RunLost || (error instanceof StepStopped && error.cause instanceof RunLost);
      if (!isLost) this.#host.observe({ event: "workflow_interrupted", workflow_id: id, error });
      return this.#isOpen ? { ended: false, waitMs: REST_MS } : AT_ONCE;
    }
  }

  /** So many runs of a workflow are at work at once in a process, the identities in turn. */
  #waitForTurn(id: string, state: RunState): Promise<void> {
    return new Promise((resolve) => {
      this.#turns.set(id, () => {
        this.#turns.delete(id);
        resolve();
      });
      this.#queue.add(toReady({ id, state }));
    });
  }

  async #workOn(id: string): Promise<Pass> {
    const work: Work = { loop: null, parkedUntil: undefined };
    this.#work.set(id, work);
    try {
      work.loop = (await this.#runs.load(id)) ?? null;
      if (work.loop === null) return await this.#whenFree(id);
      if (!this.#isOpen) return AT_ONCE;
      await work.loop.work();
    } finally {
      this.#work.delete(id);
    }
    if (work.parkedUntil === null) return { ended: false, waitMs: null };
    if (work.parkedUntil !== undefined) return { ended: false, waitMs: Math.max(0, work.parkedUntil - this.#host.clock()) };
    const state = await this.#runs.read(id);
    return state === undefined || isEnd(state.status) ? { ended: true } : AT_ONCE;
  }

  /** Another process has it, or had it when it died: then it is this one's when the lease ends. Or only a newer process knows its workflow. */
  async #whenFree(id: string): Promise<Pass> {
    const state = await this.#runs.read(id);
    if (state === undefined || isEnd(state.status)) return { ended: true };
    const restMs = this.#host.workflow(state.name) === undefined ? UNKNOWN_REST_MS : REST_MS;
    return { ended: false, waitMs: Math.max(restMs, (state.lease?.until ?? 0) - this.#host.clock()) };
  }

  #park(id: string, wakeAt: number | null): void {
    const work = this.#work.get(id);
    if (work !== undefined) work.parkedUntil = wakeAt;
  }

  #lookLater(): void {
    this.#stopLooking = this.#options.timer(this.#host.clock() + REFRESH_EVERY_MS, () => void this.#look());
  }

  async #look(): Promise<void> {
    try {
      await this.#runs.refresh([...this.#work].flatMap(([id, { loop }]) => (loop === null ? [] : [[id, loop] as const])));
    } catch {
      // The store is out of order; whoever works on a run tells of that.
    }
    if (this.#isOpen) this.#lookLater();
  }
}

const AT_ONCE: Pass = { ended: false, waitMs: 0 };
