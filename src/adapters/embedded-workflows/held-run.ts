import type { JsonObject, Timer, Workflow, WorkflowHost, WorkflowProgress } from "../../domain/index.ts";
import { commitStep, RUNS, type Committed, type StepTry, type Tried, type UnitOfWork } from "../../domain/workflow/engine.ts";
import { endRun, type NewRun, type RunEnd } from "./end-run.ts";
import { RunLost } from "./engine-errors.ts";
import { answered, type Entry, type KeyedEntry } from "./entry.ts";
import { Journal } from "./journal.ts";
import { isFree, isFresh, takeLease, type LeaseTerms } from "./lease.ts";
import { commitOwn, readOpenRun, turnOfRun } from "./own-records.ts";
import { fromRunState, type RunState } from "./run-state.ts";

/** A run as it was read from the store. */
export interface StoredRun {
  readonly id: string;
  readonly workflow: Workflow;
  readonly input: JsonObject;
  readonly state: RunState;
  readonly entries: readonly KeyedEntry[];
}

/** What a held run needs of its engine. */
export interface HeldRunPorts {
  readonly host: WorkflowHost;
  readonly timer: Timer;
  readonly terms: LeaseTerms;
  readonly retentionMs: number;
  /** Something of the run can be seen from outside. */
  changed(id: string): void;
}

/**
 * A run that this process works on: its state and its journal as the store has them, and what the next commit adds. Every
 * commit depends on the run being this process's.
 */
export class HeldRun {
  readonly id: string;
  readonly journal: Journal;
  readonly #ports: HeldRunPorts;
  readonly #taken = new Set<number>();
  #state: RunState;
  #progress: WorkflowProgress | null;
  #isClaimed = false;

  constructor(ports: HeldRunPorts, { id, state, entries }: Pick<StoredRun, "id" | "state" | "entries">) {
    this.#ports = ports;
    this.id = id;
    this.journal = new Journal(id, entries);
    this.#state = state;
    this.#progress = state.progress;
  }

  get state(): RunState {
    return this.#state;
  }

  /** Takes over what somebody else has committed of the run. To be called alone for the run. */
  refresh(state: RunState): void {
    this.#state = state;
  }

  showProgress(done: number, total: number): void {
    if (!(Number.isFinite(done) && Number.isFinite(total))) throw new TypeError("flow.progress() takes two numbers");
    if (this.#progress?.done !== done || this.#progress.total !== total) this.#progress = { done, total };
  }

  /** The first signal of that name that fits; those that do not are passed over. */
  takeSignal(name: string, fits: (value: JsonObject) => boolean): JsonObject | undefined {
    for (const signal of this.#state.inbox) {
      if (signal.name !== name || this.#taken.has(signal.number)) continue;
      this.#taken.add(signal.number);
      if (fits(signal.value)) return signal.value;
    }
    return undefined;
  }

  /** Notes, before anything is done outside, that this process works on the run, and what led there. */
  async claim(): Promise<void> {
    const { lease, status } = this.#state;
    const { terms, host } = this.#ports;
    const { hasUnwrittenAnswer } = this.journal;
    const isKnown = this.#isClaimed && status === "running" && this.#state.progress === this.#progress && !hasUnwrittenAnswer;
    if (!isKnown || !isFresh(lease, terms, host.clock())) await this.save({});
    if (hasUnwrittenAnswer) await host.store.durable();
  }

  /** Keeps what has changed, and this, in a commit of the run's own records alone. */
  async save(change: Partial<RunState>): Promise<void> {
    await commitOwn(this.#ports.host, this.id, (unit) => this.#write(unit, change, null));
  }

  /** Tries a step: what it changed and its entry are one commit. Answers both. */
  commitStep(step: StepTry, toEntry: (tried: Tried) => Entry): Promise<Committed<Entry>> {
    const add = async (tried: Tried, unit: UnitOfWork): Promise<Entry> => {
      const entry = toEntry(tried);
      await this.#write(unit, {}, { key: step.key, entry });
      return entry;
    };
    return commitStep(this.#ports.host, this.#ports.timer, step, { last: turnOfRun(this.id), add });
  }

  /** Keeps the answer to a command. */
  async commitAnswer(key: string, toEntry: () => Entry): Promise<void> {
    await commitOwn(this.#ports.host, this.id, (unit) => this.#write(unit, {}, { key, entry: toEntry() }));
  }

  /** Answers a wait. The journal learns of it with the run's next commit: until then nothing outside rests on it. */
  async answerWait(key: string, kind: "timer" | "signal", value: Entry["value"]): Promise<void> {
    const turn = await this.#ports.host.turns.take([turnOfRun(this.id).target]);
    this.journal.note(key, answered(kind, this.journal.nextOrder(), 0, value));
    turn.release();
  }

  /** Notes that it waits, until then or for a signal, and is nobody's. */
  async park(wakeAt: number | null): Promise<void> {
    const { status, lease } = this.#state;
    const isKept = this.journal.isWritten && this.#taken.size === 0 && this.#state.progress === this.#progress;
    if (!isKept || status !== "waiting" || this.#state.wakeAt !== wakeAt || lease !== null) await this.save({ status: "waiting", wakeAt, lease: null });
  }

  /** Ends it; answers the run that goes on in its place. */
  async end(end: RunEnd): Promise<NewRun | null> {
    const { host, retentionMs, changed } = this.#ports;
    const next = await commitOwn(host, this.id, async (unit) => {
      const state = { ...(await this.check(unit)), progress: this.#progress };
      return endRun(host, retentionMs, { id: this.id, state, keys: this.journal.storedKeys }, end, unit);
    });
    changed(this.id);
    return next;
  }

  /** Reads the run's state for a commit, which is then kept only if the run is this process's. */
  async check(unit: UnitOfWork): Promise<RunState> {
    const { terms, host } = this.#ports;
    const state = await readOpenRun(unit, this.id);
    const isOurs = this.#isClaimed ? state.lease?.owner === terms.owner : isFree(state.lease, terms, host.clock());
    if (!isOurs) throw new RunLost(`workflow ${this.id} is worked on by another process`);
    return state;
  }

  async #write(unit: UnitOfWork, change: Partial<RunState>, more: KeyedEntry | null): Promise<void> {
    const { host, terms, changed } = this.#ports;
    const fresh = await this.check(unit);
    const now = host.clock();
    const taken = [...this.#taken];
    const inbox = fresh.inbox.filter(({ number }) => !taken.includes(number));
    const own = { status: "running", wakeAt: null, lease: takeLease(terms, now), progress: this.#progress, inbox } as const;
    const state: RunState = { ...fresh, ...own, ...change, updatedAt: new Date(now).toISOString() };
    unit.put(RUNS, this.id, fromRunState(state));
    await this.journal.write(unit, more);
    unit.onCommitted(() => {
      this.#isClaimed = state.lease !== null;
      this.#state = state;
      for (const number of taken) this.#taken.delete(number);
      changed(this.id);
    });
  }
}
