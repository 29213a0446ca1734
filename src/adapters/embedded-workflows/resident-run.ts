import { toJsonObject, type JsonObject } from "../../domain/json.ts";
import type { TurnTarget } from "../../domain/execution/turns.ts";
import type { UnitOfWork } from "../../domain/execution/unit-of-work.ts";
import { Calls, isStepCall, type Call, type EachCall, type SignalCall, type StepCall, type TimerCall } from "./calls.ts";
import { commitRun, noWork, turnOf } from "./commit-run.ts";
import { createFlow } from "./create-flow.ts";
import { endRun, type RunEnd } from "./end-run.ts";
import { CodeChanged, RunLost } from "./engine-errors.ts";
import type { WorkflowHost } from "../../domain/workflow/host.ts";
import { answered, fromEntry, stepId, toError, toFailure, toValue, type Entry, type KeyedEntry } from "./journal.ts";
import type { MaybePromise } from "../../domain/maybe-promise.ts";
import type { Randomness, Timer } from "../../domain/workflow/port.ts";
import { delayAfter } from "../../domain/workflow/retry.ts";
import { fromRunState, RUNS, STEPS, toRunState, type RunState } from "./run-record.ts";
import { EachRun } from "./run-each.ts";
import { isEnd } from "../../domain/workflow/status.ts";
import { isFinal, tryStep, type Tried } from "./try-step.ts";
import type { Workflow } from "../../domain/workflow/workflow.ts";

/** What a run needs of its engine. */
export interface RunPorts {
  readonly host: WorkflowHost;
  readonly timer: Timer;
  readonly random: Randomness;
  /** Names this process in leases. */
  readonly owner: string;
  readonly leaseMs: number;
  /** No other process works on this store, so a lease of another is that of one that is gone. */
  readonly exclusive: boolean;
  readonly retentionMs: number;
  /** Something of the run can be seen from outside. */
  changed(id: string): void;
  /** It waits, and is to be forgotten now. */
  parked(id: string, wakeAt: number | null): void;
  /** Its code went on by something that its flow did not answer. */
  strayed(id: string): void;
  /** A run was recorded in its place. */
  started(id: string, state: RunState): void;
}

/** A run as it was read from the store. */
export interface LoadedRun {
  readonly id: string;
  readonly workflow: Workflow;
  readonly input: JsonObject;
  readonly state: RunState;
  readonly journal: readonly KeyedEntry[];
}

type CodeEnd = { readonly kind: "completed"; readonly value: unknown } | { readonly kind: "failed"; readonly error: unknown } | { readonly kind: "continued"; readonly input: JsonObject };

/** A step that can be undone. */
interface Undoable {
  readonly call: StepCall;
  readonly undo: StepCall["work"];
}

/**
 * One pass through a workflow's code: what the journal knows is answered from it, in its order, one answer at a time; then the
 * calls that are left are begun. When nothing but time or a signal can make the code go on, the pass ends and is forgotten.
 */
export class ResidentRun {
  readonly #ports: RunPorts;
  readonly id: string;
  readonly #workflow: Workflow;
  readonly #input: JsonObject;
  #state: RunState;
  readonly #calls: Calls;
  readonly #entries = new Map<string, Entry>();
  readonly #stored = new Set<string>();
  readonly #unwritten = new Set<string>();
  readonly #consumed = new Set<number>();
  readonly #begun = new Set<string>();
  /** Calls that are begun and can only go on by time or by a signal. */
  readonly #waits = new Map<string, Call>();
  /** Answers that the code has not got yet: first the journal's, then what happens. */
  readonly #replay: KeyedEntry[];
  readonly #queue: KeyedEntry[] = [];
  readonly #undoables: Undoable[] = [];
  readonly #undoFailures: string[] = [];
  #phase: "work" | "undoing" | "undone" = "work";
  #end: CodeEnd | null = null;
  #order = 0;
  #inFlight = 0;
  #claimed = false;
  #closing = false;
  #forgotten = false;
  #crash: { readonly error: unknown } | null = null;
  #progress: RunState["progress"];
  #poked = false;
  #wake: (() => void) | null = null;

  constructor(ports: RunPorts, { id, workflow, input, state, journal }: LoadedRun) {
    this.#ports = ports;
    this.id = id;
    this.#workflow = workflow;
    this.#input = input;
    this.#state = state;
    this.#progress = state.progress;
    this.#calls = new Calls(() => this.#called());
    for (const { key, entry } of journal) {
      this.#entries.set(key, entry);
      this.#stored.add(key);
      this.#order = Math.max(this.#order, entry.order ?? 0);
    }
    this.#replay = journal.filter(({ entry }) => entry.order !== null).sort((a, b) => (a.entry.order ?? 0) - (b.entry.order ?? 0));
  }

  /** Looks again at what may have come: a signal, the wish to cancel, a time. */
  poke(): void {
    this.#poked = true;
    const wake = this.#wake;
    this.#wake = null;
    wake?.();
  }

  /** Takes over what somebody else has committed of the run. To be called alone for the run. */
  refresh(state: RunState): void {
    this.#state = state;
    this.poke();
  }

  /** Begins nothing any more and ends once the steps under way have ended. */
  close(): void {
    this.#closing = true;
    this.poke();
  }

  /** Until the run has ended, is parked, or the engine closes. Rejects when it cannot go on for now. */
  async drive(): Promise<void> {
    try {
      await this.#ports.host.store.durable();
      this.#startCode();
      while (await this.#advance());
    } catch (error) {
      if (!(error instanceof CodeChanged)) throw error;
      this.#ports.host.observe({ event: "workflow_changed", workflow: this.#workflow.name, workflow_id: this.id, error });
      await this.#finish({ status: "failed", error: error.message });
    } finally {
      this.#forgotten = true;
    }
  }

  #called(): void {
    if (!this.#forgotten) return this.poke();
    if (this.#phase === "work" && this.#end === null && !this.#closing && this.#crash === null) this.#ports.strayed(this.id);
  }

  /** The code runs when everything else is ready; what it throws at once is a failure like any other. */
  #startCode(): void {
    const parsed = this.#workflow.input.parse(this.#input);
    if (!parsed.ok) throw new CodeChanged(this.#workflow.name, "it does not take the input it was started with any more");
    const flow = createFlow({
      id: this.id,
      calls: this.#calls,
      progress: (done, total) => this.#showProgress(done, total),
      continueAs: (input) => this.#endCode({ kind: "continued", input: toJsonObject(input, "the input of flow.continueAs()") }),
      cancel: (reason) => void this.#cancelFromWithin(reason),
    });
    void this.#runCode(flow, parsed.value);
  }

  async #runCode(flow: ReturnType<typeof createFlow>, input: unknown): Promise<void> {
    try {
      this.#endCode({ kind: "completed", value: await this.#workflow.run(flow, input) });
    } catch (error) {
      this.#endCode({ kind: "failed", error });
    }
  }

  #endCode(end: CodeEnd): void {
    this.#end ??= end;
    this.poke();
  }

  /** Does the next thing there is to do; false when there will be nothing more. */
  async #advance(): Promise<boolean> {
    await this.#turn();
    if (this.#crash !== null) throw this.#crash.error;
    if (this.#replay[0] !== undefined) return this.#replayNext(this.#replay[0]);
    const next = this.#queue.shift();
    if (next !== undefined) return this.#answer(next);
    if (this.#closing) return this.#inFlight === 0 ? false : this.#untilPoked();
    this.#beginCalls();
    if (await this.#answerWaits()) return true;
    if (this.#inFlight > 0) return this.#untilPoked();
    return this.#rest();
  }

  /** Nothing is under way: the end, the way back, or a pause. */
  async #rest(): Promise<boolean> {
    if (this.#phase === "undone") return this.#finish(this.#undoneEnd());
    if (this.#phase === "work") {
      if (this.#end?.kind === "completed" || (this.#end?.kind === "continued" && !this.#cancelling)) return this.#finish(this.#goodEnd(this.#end));
      if (this.#end?.kind === "failed" || this.#cancelling) return this.#startUndoing();
    }
    if (this.#waits.size === 0) return this.#untilPoked();
    return !(await this.#park());
  }

  /** Lets everything run that is ready, so that the code has made all the calls it can make. */
  #turn(): Promise<void> {
    return new Promise((resolve) => this.#ports.timer(0, resolve));
  }

  async #untilPoked(): Promise<true> {
    if (!this.#poked) await new Promise<void>((resolve) => (this.#wake = resolve));
    this.#poked = false;
    return true;
  }

  get #cancelling(): boolean {
    return this.#state.cancelled !== null;
  }

  /** What the journal says that came next must have been called by now. */
  #replayNext({ key, entry }: KeyedEntry): boolean {
    const call = this.#calls.take(key);
    if (call !== undefined) {
      this.#replay.shift();
      this.#settle(call, entry);
      return true;
    }
    if (entry.kind === "undo" && this.#phase === "work" && (this.#cancelling || this.#end?.kind === "failed")) return this.#startUndoing();
    throw new CodeChanged(this.#workflow.name, `its journal goes on with ${key}, and the code does not`);
  }

  async #answer({ key, entry }: KeyedEntry): Promise<true> {
    await this.#ports.host.store.durable();
    const call = this.#calls.take(key);
    if (call !== undefined) this.#settle(call, entry);
    return true;
  }

  #settle(call: Call, { value, failure }: Entry): void {
    if (failure !== undefined) return call.reject(toError(failure));
    if (call.kind === "step" && call.compensate !== null) {
      const { compensate } = call;
      this.#undoables.push({ call, undo: (step) => compensate(value, step) });
    }
    call.resolve(value);
  }

  #beginCalls(): void {
    if (this.#phase === "work" && (this.#end !== null || this.#cancelling)) return;
    for (const call of this.#calls.all()) {
      if (this.#begun.has(call.key)) continue;
      this.#begun.add(call.key);
      this.#begin(call);
    }
  }

  #begin(call: Call): void {
    if (call.kind === "each") return void this.#work(() => this.#workOnEach(call));
    const known = this.#entries.get(call.key);
    if (isStepCall(call)) {
      if (known === undefined || known.at === null) return void this.#work(() => this.#try(call));
    } else if (known === undefined) this.#note(call.key, { kind: call.kind, order: null, failures: 0, at: this.#dueOf(call) });
    this.#waits.set(call.key, call);
  }

  #dueOf(call: TimerCall | SignalCall): number | null {
    const now = this.#ports.host.clock();
    if (call.kind === "timer") return call.due(now);
    return call.timeoutMs === null ? null : now + call.timeoutMs;
  }

  /** Of the waits that are over, the first is answered. True when there was one. */
  async #answerWaits(): Promise<boolean> {
    if (this.#phase === "work" && (this.#end !== null || this.#cancelling)) return false;
    for (const [key, call] of this.#waits) {
      const at = this.#entries.get(key)?.at ?? null;
      const due = at !== null && at <= this.#ports.host.clock();
      if (isStepCall(call)) {
        if (!due) continue;
        this.#waits.delete(key);
        void this.#work(() => this.#try(call));
        return true;
      }
      const answer = call.kind === "signal" ? this.#takeLetter(call) : undefined;
      if (answer === undefined && !due) continue;
      this.#waits.delete(key);
      await this.#answerWait(call, answer);
      return true;
    }
    return false;
  }

  /** The journal learns of it with the run's next commit: until then nothing outside rests on it. */
  async #answerWait(call: Call, answer: JsonObject | undefined): Promise<void> {
    const lock = await this.#ports.host.turns.take([turnOf(this.id)]);
    const over = call.kind === "signal" ? [] : undefined;
    const entry = answered(call.kind, ++this.#order, 0, answer ?? over);
    this.#note(call.key, entry);
    this.#queue.push({ key: call.key, entry });
    lock.release();
  }

  /** The first signal of that name that fits; those that do not are passed over. */
  #takeLetter(call: SignalCall): JsonObject | undefined {
    for (const { number, name, value } of this.#state.inbox) {
      if (name !== call.name || this.#consumed.has(number)) continue;
      this.#consumed.add(number);
      if (call.shape.parse(value).ok) return value;
      this.#ports.host.observe({ event: "workflow_signal_refused", workflow: this.#workflow.name, workflow_id: this.id, signal: name });
    }
    return undefined;
  }

  #note(key: string, entry: Entry): void {
    this.#entries.set(key, entry);
    this.#unwritten.add(key);
  }

  /** Something that is under way outside of the code. */
  async #work(work: () => Promise<void>): Promise<void> {
    this.#inFlight++;
    try {
      await work();
    } catch (error) {
      this.#crash ??= { error };
    }
    this.#inFlight--;
    this.poke();
  }

  async #try(call: StepCall): Promise<void> {
    await this.#claim();
    const { id } = this;
    const { startedBy, action, subject } = this.#state;
    const failures = this.#entries.get(call.key)?.failures ?? 0;
    const attempt = { runId: id, startedBy, action, subject, key: call.key, name: call.name, attempt: failures + 1, timeoutMs: call.timeoutMs, work: call.work };
    const { host, timer } = this.#ports;
    // An effect outside must not happen again only because another branch of the run was at its commit.
    let earlier: Tried | undefined;
    const work = async (unit: UnitOfWork): Promise<Tried> => {
      const tried = earlier ?? (await tryStep(host, timer, attempt, unit));
      if ("value" in tried && tried.untouched) earlier = tried;
      return tried;
    };
    await this.commit({
      turns: call.action === null ? [] : host.turnsOf({ runId: id, startedBy, ...call.action }),
      work,
      entry: (tried) => ({ key: call.key, entry: this.#entryOf(call, tried, failures) }),
    });
  }

  #entryOf(call: StepCall, tried: Tried, failures: number): Entry {
    if (!("failure" in tried)) return answered(call.kind, ++this.#order, failures, tried.value);
    const { failure } = tried;
    const delay = isFinal(tried) ? null : delayAfter(failures + 1, call.retry, this.#ports.random);
    const base = { kind: call.kind, failures: failures + 1, failure };
    if (delay === null) return { ...base, order: ++this.#order, at: null };
    this.#ports.host.observe({ event: "workflow_step_failed", workflow: this.#workflow.name, workflow_id: this.id, step: call.name, error: tried.cause });
    return { ...base, order: null, at: this.#ports.host.clock() + delay };
  }

  /** Commits work together with the answer to a call; the answer waits for its turn, or the call for its next try. */
  async commit<W>(commit: { readonly turns?: readonly TurnTarget[]; readonly work: (unit: UnitOfWork) => MaybePromise<W>; readonly entry: (worked: W) => KeyedEntry }): Promise<void> {
    const journal = this.#journal.bind(this);
    const { turns = [], work, entry } = commit;
    await commitRun(this.#ports.host, {
      runId: this.id,
      turns,
      work,
      async journal(unit: UnitOfWork, worked: W) {
        const keyed = entry(worked);
        return { keyed, written: await journal(unit, {}, [keyed]) };
      },
      done: ({ keyed, written }) => {
        this.#entries.set(keyed.key, keyed.entry);
        this.#wrote(written);
        if (keyed.entry.order !== null) this.#queue.push(keyed);
        else this.#beginAgain(keyed.key);
      },
    });
  }

  #beginAgain(key: string): void {
    const call = this.#calls.all().find((open) => open.key === key);
    if (call !== undefined) this.#waits.set(key, call);
  }

  /** Notes that this process works on the run, before it does anything outside. */
  async #claim(): Promise<void> {
    const { lease, status } = this.#state;
    const mine = lease?.owner === this.#ports.owner && lease.until - this.#ports.host.clock() > this.#ports.leaseMs / 2;
    if (!(this.#claimed && mine && status === "running" && this.#state.progress === this.#progress)) await this.#save({});
  }

  /** A commit of the run's own records alone. */
  async #save(change: Partial<RunState>): Promise<void> {
    const journal = this.#journal.bind(this);
    await commitRun(this.#ports.host, {
      runId: this.id,
      work: noWork,
      journal: (unit) => journal(unit, change, []),
      done: (written) => this.#wrote(written),
    });
  }

  /** Adds the run's state and the entries that are not written yet; says what is to be remembered of it. */
  async #journal(unit: UnitOfWork, change: Partial<RunState>, more: readonly KeyedEntry[]): Promise<Written> {
    const { host, owner, leaseMs } = this.#ports;
    const fresh = await this.#readFresh(unit);
    const now = host.clock();
    const consumed = [...this.#consumed];
    const state: RunState = {
      ...fresh,
      status: "running",
      wakeAt: null,
      lease: { owner, until: now + leaseMs },
      progress: this.#progress,
      inbox: fresh.inbox.filter(({ number }) => !consumed.includes(number)),
      ...change,
      updatedAt: new Date(now).toISOString(),
    };
    unit.put(RUNS, this.id, fromRunState(state));
    const entries = [...this.#unwrittenEntries(), ...more];
    for (const { key, entry } of entries) {
      if (this.#stored.has(key)) await unit.get(STEPS, stepId(this.id, key));
      unit.put(STEPS, stepId(this.id, key), fromEntry(entry));
    }
    return { state, entries, consumed };
  }

  #unwrittenEntries(): readonly KeyedEntry[] {
    return [...this.#unwritten].flatMap((key) => {
      const entry = this.#entries.get(key);
      return entry === undefined ? [] : [{ key, entry }];
    });
  }

  /** The state as the store has it, if this process may go on with the run. */
  async #readFresh(unit: UnitOfWork): Promise<RunState> {
    const fresh = toRunState(await unit.get(RUNS, this.id));
    if (fresh === undefined || isEnd(fresh.status)) throw new RunLost(`workflow ${this.id} has ended`);
    const { lease } = fresh;
    const foreign = lease !== null && lease.owner !== this.#ports.owner;
    const gone = !this.#claimed && (this.#ports.exclusive || (lease !== null && lease.until <= this.#ports.host.clock()));
    if (foreign && !gone) throw new RunLost(`workflow ${this.id} is worked on by another process`);
    return fresh;
  }

  /** Reads the state for a commit that only checks that the run goes on. */
  async check(unit: UnitOfWork): Promise<void> {
    const fresh = await this.#readFresh(unit);
    if (fresh.lease?.owner !== this.#ports.owner) throw new RunLost(`workflow ${this.id} is worked on by another process`);
  }

  #wrote({ state, entries, consumed }: Written): void {
    this.#claimed = true;
    this.#state = state;
    for (const { key, entry } of entries) {
      this.#stored.add(key);
      if (this.#entries.get(key) === entry) this.#unwritten.delete(key);
    }
    for (const number of consumed) this.#consumed.delete(number);
    this.#ports.changed(this.id);
  }

  #showProgress(done: number, total: number): void {
    if (!(Number.isFinite(done) && Number.isFinite(total))) throw new TypeError("flow.progress() takes two numbers");
    if (this.#progress?.done !== done || this.#progress.total !== total) this.#progress = { done, total };
  }

  async #workOnEach(call: EachCall): Promise<void> {
    await this.#claim();
    const each = new EachRun({
      host: this.#ports.host,
      timer: this.#ports.timer,
      runId: this.id,
      state: this.#state,
      retentionMs: this.#ports.retentionMs,
      stopped: () => this.#closing || this.#cancelling || this.#crash !== null || this.#end !== null,
      check: (unit) => this.check(unit),
      progress: async (done) => {
        this.#showProgress(done, call.count);
        await this.#claim();
      },
    }, call);
    const worked = await each.run();
    if (worked === "stopped") return;
    const entry = (): Entry => ("failure" in worked ? { kind: "each", order: ++this.#order, failures: 1, at: null, failure: worked.failure } : answered("each", ++this.#order, 0, worked.tally));
    await this.commit({ work: noWork, entry: () => ({ key: call.key, entry: entry() }) });
  }

  /** True when the run is parked and forgotten; false when something has come meanwhile. */
  async #park(): Promise<boolean> {
    const dues = [...this.#waits.keys()].flatMap((key) => this.#entries.get(key)?.at ?? []);
    const wakeAt = dues.length === 0 ? null : dues.reduce((first, due) => Math.min(first, due));
    const { status, lease } = this.#state;
    this.#poked = false;
    const settledAlready = this.#unwritten.size === 0 && this.#consumed.size === 0 && status === "waiting" && this.#state.wakeAt === wakeAt && lease === null && this.#state.progress === this.#progress;
    if (!settledAlready) await this.#save({ status: "waiting", wakeAt, lease: null });
    if (this.#poked || this.#crash !== null) return false;
    this.#forgotten = true;
    this.#ports.parked(this.id, wakeAt);
    return true;
  }

  async #cancelFromWithin(reason: string): Promise<void> {
    await this.#work(() => this.#save({ cancelled: reason }));
  }

  #startUndoing(): true {
    this.#phase = "undoing";
    this.#calls.clear();
    this.#waits.clear();
    void this.#undoAll();
    return true;
  }

  /** The last step first. One that cannot be undone does not keep the others from being undone. */
  async #undoAll(): Promise<void> {
    for (const { call, undo } of this.#undoables.reverse()) {
      const { retry, timeoutMs, key, name } = call;
      try {
        await this.#calls.make({ kind: "undo", name: key, work: undo, retry, timeoutMs, compensate: null, action: null }, () => undefined);
      } catch (error) {
        this.#undoFailures.push(`Undoing "${name}" failed: ${toFailure(error).message}`);
      }
    }
    this.#phase = "undone";
    this.poke();
  }

  #undoneEnd(): RunEnd {
    const failed = this.#end?.kind === "failed" ? toFailure(this.#end.error).message : null;
    const why = failed ?? this.#state.cancelled ?? "";
    return { status: failed === null && this.#undoFailures.length === 0 ? "cancelled" : "failed", error: [why, ...this.#undoFailures].join(" ") };
  }

  #goodEnd(end: Exclude<CodeEnd, { readonly kind: "failed" }>): RunEnd {
    if (end.kind === "continued") return { status: "continued", input: end.input };
    try {
      return { status: "completed", result: toValue(end.value, this.#workflow.name) };
    } catch (error) {
      return { status: "failed", error: toFailure(error).message };
    }
  }

  async #finish(end: RunEnd): Promise<false> {
    const { host, retentionMs } = this.#ports;
    const readFresh = this.#readFresh.bind(this);
    const { started } = await commitRun(host, {
      runId: this.id,
      work: noWork,
      journal: (unit) => endRun({ host, retentionMs, id: this.id, progress: this.#progress, keys: [...this.#stored], readFresh }, end, unit),
    });
    this.#forgotten = true;
    if (end.status === "failed") host.observe({ event: "workflow_failed", workflow: this.#workflow.name, workflow_id: this.id, error: this.#end?.kind === "failed" ? this.#end.error : end.error });
    this.#ports.changed(this.id);
    if (started !== null) this.#ports.started(started.id, started.state);
    return false;
  }
}

/** What a commit has written. */
interface Written {
  readonly state: RunState;
  readonly entries: readonly KeyedEntry[];
  readonly consumed: readonly number[];
}
