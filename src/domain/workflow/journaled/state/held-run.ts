import type { JsonObject, PendingCommit, Randomness, Timer, Workflow, WorkflowHost, WorkflowProgress } from "../../../index.ts";
import { commitStep, StepStop, type Committed, type StepMark, type StepTry, type UnitOfWork } from "../../engine-parts.ts";
import { endRun, tellOfEnd, type NewRun, type RunEnd } from "./end-run.ts";
import { RunLost } from "../run-errors.ts";
import { putState } from "./alarm.ts";
import { answered, type Entry, type KeyedEntry } from "./entry.ts";
import { Journal } from "./journal.ts";
import { LeaseKeeper } from "./lease-keeper.ts";
import { isFree, isFresh, takeLease, type LeaseTerms } from "./lease.ts";
import { commitOwn, readOpenRun, turnOfRun } from "./own-records.ts";
import type { RunState } from "./run-state.ts";

/** A run as it was read from the store. */
export interface StoredRun {
  readonly id: string;
  readonly workflow: Workflow;
  readonly input: JsonObject;
  readonly state: RunState;
  readonly entries: readonly KeyedEntry[];
}

/** What a run needs of its engine. */
export interface RunPorts {
  readonly host: WorkflowHost;
  readonly timer: Timer;
  readonly random: Randomness;
  readonly terms: LeaseTerms;
  readonly retentionMs: number;
  /** For a step that says nothing. */
  readonly stepTimeoutMs: number;
  /** How long a step may still take that is told to stop. */
  readonly stopTimeoutMs: number;
  /** Something of the run can be seen from outside. */
  changed(id: string): void;
  /** It waits, and is to be forgotten now. */
  parked(id: string, wakeAt: number | null): void;
  /** Its code went on, after it was forgotten, by something that its flow did not answer. */
  awaitedElsewhere(id: string): void;
  /** A run was recorded in its place. */
  started(run: NewRun): void;
  /** Adds to a commit by which a run begins, or something has come for it, what makes somebody else go on with it. Absent: nobody else does. */
  enlist?(commit: Pick<PendingCommit, "put">, id: string, why: "start" | "wake"): void;
}

/** A step of a run that is to be tried. */
export type RunStep = Pick<StepTry, "key" | "name" | "attempt" | "timeoutMs" | "work" | "performs">;

/**
 * A run that this process works on: its state and its journal as the store has them, and what the next commit adds. Every
 * commit depends on the run being this process's.
 */
export class HeldRun {
  readonly id: string;
  readonly ports: RunPorts;
  readonly journal: Journal;
  /** Tells the steps that are under way to stop. */
  readonly stop = new StepStop();
  readonly #workflow: string;
  readonly #takenSignals = new Set<number>();
  #state: RunState;
  #progress: WorkflowProgress | null;
  #isClaimed = false;
  /** What undoes the run is no step that the wish to cancel would end. */
  #isUndone = false;
  /** That of the state which the journal goes with. */
  #epoch: number;

  constructor(ports: RunPorts, { id, workflow, state, entries }: StoredRun) {
    this.ports = ports;
    this.id = id;
    this.journal = new Journal(id, entries);
    this.#workflow = workflow.name;
    this.#state = state;
    this.#progress = state.progress;
    this.#epoch = state.epoch;
  }

  get state(): RunState {
    return this.#state;
  }

  /**
   * Takes over what somebody else has committed of the run, which was at this epoch before. To be called alone for the run. One that was
   * taken meanwhile is another's: the next commit finds that out.
   */
  refresh(state: RunState, before: number): void {
    if (before !== this.#epoch) return;
    this.#epoch = state.epoch;
    this.#take(state);
  }

  #take(state: RunState): void {
    const isCancelled = this.#state.cancelled === null && state.cancelled !== null;
    this.#state = state;
    if (isCancelled && !this.#isUndone) this.stop.ask(this.ports.stopTimeoutMs);
  }

  /** What is under way from here on undoes the run. */
  beginUndoing(): void {
    this.#isUndone = true;
  }

  /** Epoch milliseconds. */
  now(): number {
    return this.ports.host.clock();
  }

  observe(event: string, detail: object): void {
    this.ports.host.observe({ event, workflow: this.#workflow, workflow_id: this.id, ...detail });
  }

  showProgress(done: number, total: number): void {
    if (!(Number.isFinite(done) && Number.isFinite(total))) throw new TypeError("flow.progress() takes two numbers");
    if (this.#progress?.done !== done || this.#progress.total !== total) this.#progress = { done, total };
  }

  /** The first signal of that name that fits; those that do not are passed over. */
  takeSignal(name: string, fits: (value: JsonObject) => boolean): JsonObject | undefined {
    for (const signal of this.#state.inbox) {
      if (signal.name !== name || this.#takenSignals.has(signal.number)) continue;
      this.#takenSignals.add(signal.number);
      if (fits(signal.value)) return signal.value;
      this.observe("workflow_signal_refused", { signal: name });
    }
    return undefined;
  }

  /** Notes, before anything is done outside, that this process works on the run, and what led there. */
  async claim(): Promise<void> {
    const { hasUnwrittenAnswer } = this.journal;
    const isKnown = this.#isClaimed && this.#state.status === "running" && this.#state.progress === this.#progress && !hasUnwrittenAnswer;
    if (!isKnown || !isFresh(this.#state.lease, this.ports.terms, this.now())) await this.save({});
    if (hasUnwrittenAnswer) await this.ports.host.store.durable();
  }

  /** Keeps what has changed, and this, in a commit of the run's own records alone. */
  async save(change: Partial<RunState>): Promise<void> {
    await commitOwn(this.ports.host, this.id, (unit) => this.#write(unit, change, null));
  }

  /** Keeps the answer to a command. */
  async commitAnswer(key: string, toEntry: () => Entry): Promise<void> {
    await commitOwn(this.ports.host, this.id, (unit) => this.#write(unit, {}, { key, entry: toEntry() }));
  }

  /** Cancels it from within. */
  cancel(reason: string): Promise<void> {
    return this.save({ cancelled: reason });
  }

  /** Tries a step; what it changed and what `add` adds are one commit. The run stays this process's meanwhile. */
  async commitStep<M>(step: RunStep, add: StepMark<M>["add"]): Promise<Committed<M>> {
    const { startedBy, action, subject, traceparent } = this.#state;
    const { host, timer, terms, stepTimeoutMs } = this.ports;
    const timeoutMs = step.timeoutMs ?? stepTimeoutMs;
    const keeper = new LeaseKeeper(this, timer, terms);
    try {
      return await commitStep(host, timer, { runId: this.id, workflow: this.#workflow, startedBy, action, subject, traceparent, ...step, timeoutMs, stop: this.stop }, { last: turnOfRun(this.id), add });
    } finally {
      keeper.end();
    }
  }

  /** Takes the lease again if it is about to end. Throws when the run is another's. */
  async renewLease(): Promise<void> {
    if (!isFresh(this.#state.lease, this.ports.terms, this.now())) await this.save({});
  }

  /** Adds the entry of a step to its commit. */
  async addEntry(unit: UnitOfWork, key: string, entry: Entry): Promise<Entry> {
    await this.#write(unit, {}, { key, entry });
    return entry;
  }

  /** Answers a wait. The journal learns of it with the run's next commit: until then nothing outside rests on it. */
  async answerWait(key: string, kind: "timer" | "signal", value: Entry["value"]): Promise<void> {
    const turn = await this.ports.host.turns.take([turnOfRun(this.id).target]);
    this.journal.note(key, answered(kind, this.journal.nextOrder(), 0, value));
    turn.release();
  }

  /** Notes that it waits, until then or for a signal, and is nobody's. False when something has come that it did not know of. */
  async park(wakeAt: number | null): Promise<boolean> {
    const { status, lease, progress, wakeAt: known } = this.#state;
    const isKnown = this.journal.isWritten && this.#takenSignals.size === 0 && progress === this.#progress && known === wakeAt;
    if (isKnown && status === "waiting" && lease === null) return true;
    return commitOwn(this.ports.host, this.id, async (unit) => {
      const { signals, cancelled } = await this.check(unit);
      const isAllKnown = signals === this.#state.signals && cancelled === this.#state.cancelled;
      await this.#write(unit, isAllKnown ? { status: "waiting", wakeAt, lease: null, alarmAt: wakeAt } : {}, null);
      return isAllKnown;
    });
  }

  /** Ends it; answers the run that goes on in its place. */
  async end(end: RunEnd): Promise<NewRun | null> {
    const next = await commitOwn(this.ports.host, this.id, async (unit) => {
      const state = { ...(await this.check(unit)), progress: this.#progress };
      return endRun(this.ports, { id: this.id, state, keys: this.journal.storedKeys }, end, unit);
    });
    tellOfEnd(this.ports.host, { workflow: this.#workflow, workflowId: this.id, status: end.status, traceparent: this.#state.traceparent }, next);
    this.ports.changed(this.id);
    return next;
  }

  /** Reads the run's state for a commit, which is then kept only if the run is this process's. */
  async check(unit: UnitOfWork): Promise<RunState> {
    const state = await readOpenRun(unit, this.id);
    const { terms } = this.ports;
    const isOurs = this.#isClaimed ? state.lease?.owner === terms.owner : isFree(state.lease, terms, this.now());
    if (!isOurs || state.epoch !== this.#epoch) throw new RunLost(`workflow ${this.id} is worked on by another process`);
    return state;
  }

  async #write(unit: UnitOfWork, change: Partial<RunState>, more: KeyedEntry | null): Promise<void> {
    const fresh = await this.check(unit);
    const now = this.now();
    const taken = new Set(this.#takenSignals);
    const inbox = fresh.inbox.filter(({ number }) => !taken.has(number));
    const { terms } = this.ports;
    const lease = fresh.lease !== null && isFresh(fresh.lease, terms, now) ? fresh.lease : takeLease(terms, now);
    const own = { status: "running", wakeAt: null, lease, alarmAt: lease.until, progress: this.#progress, inbox } as const;
    const state = putState(terms, unit, this.id, fresh, { ...fresh, ...own, ...change, updatedAt: new Date(now).toISOString() });
    await this.journal.write(unit, more);
    unit.onCommitted(() => {
      this.#isClaimed = state.lease !== null;
      this.#epoch = state.epoch;
      this.#take(state);
      for (const number of taken) this.#takenSignals.delete(number);
      this.ports.changed(this.id);
    });
  }
}
