import type { CreateWorkflowEngine, WorkflowEngine, WorkflowHost } from "../../domain/index.ts";
import { JournaledRuns, RUNS } from "../../domain/workflow/engine.ts";
import { DBOS_QUEUE } from "./dbos.ts";
import { checkOptions, type DbosOptions, type DbosSettings } from "./options.ts";
import { Passes } from "./passes.ts";
import { registeredWith, type Pass, type PassMaker, type Registered } from "./registered.ts";
import { putRequest } from "./requests.ts";

/** So often runs at work are looked at for what other processes have done to them, in milliseconds. */
const REFRESH_EVERY_MS = 1_000;

/**
 * The engine that leaves to DBOS Transact when runs begin, wait and go on, and where. A run's record, its journal and its results are in the store, which must be
 * on the database of DBOS; see {@link prepareDbos}. TypeError when an option is wrong.
 */
export function dbosWorkflows(options: DbosOptions): CreateWorkflowEngine {
  const settings = checkOptions(options);
  const registered = registeredWith(settings.dbos);
  return (host) => new DbosEngine(host, registered, settings);
}

class DbosEngine extends JournaledRuns implements WorkflowEngine, PassMaker {
  readonly #host: WorkflowHost;
  readonly #registered: Registered;
  readonly #settings: DbosSettings;
  readonly #passes: Passes;
  #leaveStore: () => void = () => undefined;
  #stopLooking: () => void = () => undefined;

  constructor(host: WorkflowHost, registered: Registered, settings: DbosSettings) {
    const { timer, random, retentionSeconds, leaseMs, stepTimeoutMs, stopTimeoutMs } = settings;
    super({
      host,
      timer,
      random,
      terms: { owner: host.newId(), leaseMs, exclusive: false, hasAlarms: false },
      retentionMs: retentionSeconds * 1000,
      stepTimeoutMs,
      stopTimeoutMs,
      isPending: (id) => this.#passes.isQueued(id),
      loopOf: (id) => this.#passes.loopOf(id),
      enlist: (commit, id, why) => putRequest(commit, id, why, host.newId),
      // Of a run that is not at work DBOS is told in the commit.
      ready: ({ id }) => this.#passes.loopOf(id)?.wake(),
      started: () => undefined,
      rest: (id, error) => host.observe({ event: "workflow_interrupted", workflow_id: id, error }),
      parked: (id, wakeAt) => this.#passes.park(id, wakeAt),
    });
    this.#host = host;
    this.#registered = registered;
    this.#settings = settings;
    this.#passes = new Passes({ host, timer, stopTimeoutMs, runs: this });
  }

  pass(id: string): Promise<Pass> {
    return this.#passes.pass(id);
  }

  async open(): Promise<void> {
    const { dbos, schema, pollMs } = this.#settings;
    if (!dbos.isInitialized()) throw new TypeError("DBOS is not launched: await DBOS.launch() before workflows are opened");
    await dbos.registerQueue(DBOS_QUEUE, { minPollingIntervalMs: pollMs, onConflict: "never_update" });
    const leave = this.#host.store.watch?.((collections) => collections?.includes(RUNS) !== false && this.watchers.tellAll());
    if (leave !== undefined) this.#leaveStore = leave;
    this.#passes.open();
    this.#registered.open(schema, this);
    this.#lookLater();
  }

  /** DBOS keeps what is not done: it goes on when this process, or whoever DBOS has recover its runs, opens its workflows. */
  async close(): Promise<void> {
    this.#registered.close(this.#settings.schema, this);
    this.#leaveStore();
    this.#stopLooking();
    const left = await this.#passes.close();
    this.#stopLooking();
    await this.release(left);
  }

  #lookLater(): void {
    this.#stopLooking = this.#settings.timer(this.#host.clock() + REFRESH_EVERY_MS, () => void this.#look());
  }

  async #look(): Promise<void> {
    try {
      await this.refresh(this.#passes.atWork);
    } catch {
      // The store is unavailable; whoever works on a run tells of that.
    }
    if (this.#passes.isOpen) this.#lookLater();
  }
}
