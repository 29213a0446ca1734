import { identityKey } from "../../identity.ts";
import { isJsonObject, type JsonObject } from "../../json.ts";
import type { PageRequest } from "../../ports.ts";
import type { WorkflowHost } from "../host.ts";
import type { Delivery, PendingCommit, ResultPage, RunPage, RunQuery, WorkflowEngine, WorkflowRun, WorkflowStart } from "../port.ts";
import { findRun, listRuns, type IsPending } from "../run/read-runs.ts";
import { listResults } from "../run/results.ts";
import { RUNS, toRunId, toStartedBy } from "../run/run-record.ts";
import { isEnd } from "../status.ts";
import { Watchers } from "../watchers.ts";
import { RunLost } from "./run-errors.ts";
import type { ReadyRun } from "./run-queue.ts";
import { RunLoop } from "./run/run-loop.ts";
import { putState } from "./state/alarm.ts";
import { addSignal, cancel, type Edit } from "./state/edit-run.ts";
import { addRun, endRun, tellOfEnd, type NewRun } from "./state/end-run.ts";
import { readEntries } from "./state/entry.ts";
import type { RunPorts } from "./state/held-run.ts";
import { isFree, takeLease, type Lease } from "./state/lease.ts";
import { commitOwn, readOpenRun, turnOfRun } from "./state/own-records.ts";
import { createRunState, OPEN_RUNS, toRunState, type RunState } from "./state/run-state.ts";

/** What an engine that keeps the journals of its runs in the actions' store says of itself. */
export interface JournaledRunsPorts extends Omit<RunPorts, "changed" | "awaitedElsewhere"> {
  readonly isPending: IsPending;
  /** The run as it is worked on here; undefined when it is not. */
  loopOf(id: string): RunLoop | undefined;
  /** The run can go on, and is this process's. */
  ready(run: ReadyRun): void;
  /** The store was unavailable when a run was to be ended. */
  rest(id: string, error: unknown): void;
}

/**
 * Runs whose journals are in the actions' store: all of an engine that does not depend on who decides when a run goes on. An engine extends it by that.
 */
export class JournaledRuns implements Omit<WorkflowEngine, "open" | "close"> {
  readonly watchers = new Watchers();
  readonly #host: WorkflowHost;
  readonly #ports: JournaledRunsPorts;
  readonly #runPorts: RunPorts;

  constructor(ports: JournaledRunsPorts) {
    this.#ports = ports;
    this.#host = ports.host;
    this.#runPorts = {
      ...ports,
      changed: (id) => this.watchers.tell(id),
      awaitedElsewhere: (id) => void this.stop(id, "Its code awaited something other than an answer of its flow; whatever takes time belongs in a step."),
    };
  }

  start(commit: PendingCommit, { identity, input, ...start }: WorkflowStart): string {
    const now = this.#host.clock();
    const id = toRunId(now, this.#host.newId());
    const run = { id, state: createRunState({ ...start, startedBy: toStartedBy(identity) }, this.#ports.terms, now) };
    addRun(this.#ports, commit, run, input);
    commit.onCommitted(() => this.#ports.ready(toReady(run)));
    return id;
  }

  find(id: string): Promise<WorkflowRun | undefined> {
    return findRun(this.#host.store, id, this.#ports.isPending);
  }

  list(query: RunQuery): Promise<RunPage> {
    return listRuns(this.#host, query, this.#ports.isPending);
  }

  results(id: string, page: PageRequest): Promise<ResultPage> {
    return listResults(this.#host.store, id, page);
  }

  cancel(id: string): Promise<Delivery> {
    return this.#change(id, cancel);
  }

  signal(id: string, name: string, value: JsonObject): Promise<Delivery> {
    return this.#change(id, (state) => addSignal(state, this.#host.workflow(state.name)?.signals ?? null, name, value));
  }

  watch(id: string, changed: () => void): () => void {
    return this.watchers.add(id, changed);
  }

  /** May this process begin to work on a run with this lease? */
  isFree(lease: Lease | null): boolean {
    return isFree(lease, this.#ports.terms, this.#host.clock());
  }

  /** The run's state; undefined when there is no such run. */
  async read(id: string): Promise<RunState | undefined> {
    const [record] = await this.#host.store.read(RUNS, [id]);
    return toRunState(record?.value);
  }

  /** Reads a run to work on it; undefined when there is nothing to be done for it here. One whose workflow is gone is ended, unless another process may have it. */
  async load(id: string): Promise<RunLoop | undefined> {
    const { store } = this.#host;
    const state = await this.read(id);
    const [open] = await store.read(OPEN_RUNS, [id]);
    const input = open?.value["input"];
    if (state === undefined || isEnd(state.status) || !this.isFree(state.lease) || !isJsonObject(input)) return undefined;
    const workflow = this.#host.workflow(state.name);
    if (workflow !== undefined) return new RunLoop(this.#runPorts, { id, workflow, input, state, entries: await readEntries(store, id) });
    if (this.#ports.terms.exclusive) await this.stop(id, `There is no workflow "${state.name}" any more.`);
    return undefined;
  }

  /** Takes over what other processes have done to the runs at work here: a signal, or the wish to cancel. */
  async refresh(atWork: readonly (readonly [id: string, loop: RunLoop])[]): Promise<void> {
    if (this.#ports.terms.exclusive || atWork.length === 0) return;
    const records = await this.#host.store.read(RUNS, atWork.map(([id]) => id));
    for (const [at, [id, { state }]] of atWork.entries()) {
      const now = toRunState(records[at]?.value);
      if (now !== undefined && (now.signals > state.signals || now.cancelled !== state.cancelled)) await this.#refreshRun(id);
    }
  }

  /** Alone for the run, since this process may be at a commit of it. */
  async #refreshRun(id: string): Promise<void> {
    const turn = await this.#host.turns.take([turnOfRun(id).target]);
    try {
      const state = await this.read(id);
      if (state !== undefined && !isEnd(state.status)) this.#ports.loopOf(id)?.refresh(state, state.epoch);
    } finally {
      turn.release();
    }
  }

  /** Leaves runs to other processes, which would have to wait for the end of their leases. What cannot be left now is left then. */
  async release(ids: readonly string[]): Promise<void> {
    const { exclusive, owner } = this.#ports.terms;
    if (exclusive) return;
    const release = (id: string) => commitOwn(this.#host, id, async (unit) => {
      const state = toRunState(await unit.get(RUNS, id));
      if (state?.lease?.owner === owner) putState(this.#ports.terms, unit, id, state, { ...state, lease: null, alarmAt: this.#host.clock() });
    });
    await Promise.allSettled(ids.map(release));
  }

  /** Changes a run from outside, alone for the run; whoever works on it learns of it: here at once, and a run that is nobody's goes on here. */
  async #change(id: string, edit: Edit): Promise<Delivery> {
    const edited = await commitOwn<RunState | Delivery>(this.#host, id, async (unit) => {
      const state = toRunState(await unit.get(RUNS, id));
      if (state === undefined || isEnd(state.status)) return { delivered: false, reason: "ended" };
      const next = edit(state);
      if ("delivered" in next || next === state) return next;
      const put = putState(this.#ports.terms, unit, id, state, this.#takeIfFree(next));
      this.#ports.enlist?.(unit, id, "wake");
      unit.onCommitted(() => this.#ports.loopOf(id)?.refresh(put, state.epoch));
      return put;
    });
    if ("delivered" in edited) return edited;
    this.watchers.tell(id);
    if (this.isFree(edited.lease)) this.#ports.ready(toReady({ id, state: edited }));
    return { delivered: true };
  }

  /** A run that is nobody's, and something has come for, is this process's; if it does not know the workflow, that of the first that does. */
  #takeIfFree(state: RunState): RunState {
    const { terms } = this.#ports;
    if (!terms.hasAlarms || state.lease?.owner === terms.owner || !this.isFree(state.lease)) return state;
    const now = this.#host.clock();
    if (!terms.exclusive && this.#host.workflow(state.name) === undefined) return { ...state, lease: null, alarmAt: now };
    const lease = takeLease(terms, now);
    return { ...state, lease, alarmAt: lease.until };
  }

  /** Ends a run that cannot go on, and undoes nothing: its code is not to be trusted with its journal. */
  async stop(id: string, error: string): Promise<void> {
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
      this.watchers.tell(id);
    } catch (failure) {
      if (!(failure instanceof RunLost)) this.#ports.rest(id, failure);
    }
  }
}

/** A run as it stands in a queue. */
export function toReady({ id, state }: NewRun): ReadyRun {
  return { id, name: state.name, startedBy: identityKey(state.startedBy) };
}
