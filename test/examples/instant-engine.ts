import {
  identityKey,
  type CreateWorkflowEngine,
  type Delivery,
  type Json,
  type JsonObject,
  type PendingCommit,
  type Timer,
  type WorkflowEngine,
  type WorkflowHost,
  type WorkflowRun,
  type WorkflowStart,
} from "../../src/domain/index.ts";
import {
  commitStep,
  createFlow,
  createRunRecord,
  toError,
  toFailure,
  toJsonObject,
  toStartedBy,
  toValue,
  type Command,
  type EachCommand,
  type StepCommand,
  type Tried,
} from "../../src/domain/workflow/engine.ts";

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** What this engine knows of a run: everything is in memory, and gone with the process. */
interface Held {
  run: Mutable<WorkflowRun>;
  readonly inbox: { readonly name: string; readonly value: JsonObject }[];
  readonly results: Json[];
  readonly undo: (() => Promise<unknown>)[];
  readonly watchers: Set<() => void>;
  cancelled: string | null;
  wake: () => void;
}

/**
 * The smallest engine there can be: it runs a workflow's code once, from its start to its end, without a journal. It shows that
 * neither the domain nor an application knows which engine there is.
 */
export function createInstantEngine(timer?: Timer): CreateWorkflowEngine {
  return (host) => new InstantEngine(host, timer ?? ((_at, wake) => { const immediate = setImmediate(wake); return () => clearImmediate(immediate); }));
}

class InstantEngine implements WorkflowEngine {
  readonly #host: WorkflowHost;
  readonly #timer: Timer;
  readonly #runs = new Map<string, Held>();

  constructor(host: WorkflowHost, timer: Timer) {
    this.#host = host;
    this.#timer = timer;
  }

  start(commit: PendingCommit, { name, input, identity, action, subject }: WorkflowStart): string {
    const id = this.#host.newId();
    const record = createRunRecord({ name, action, subject, startedBy: toStartedBy(identity) }, new Date(this.#host.clock()).toISOString());
    commit.onCommitted(() => {
      const held: Held = { run: { id, ...record }, inbox: [], results: [], undo: [], watchers: new Set(), cancelled: null, wake: () => {} };
      this.#runs.set(id, held);
      void this.#run(held, input);
    });
    return id;
  }

  find(id: string): WorkflowRun | undefined {
    return this.#runs.get(id)?.run;
  }

  list({ status, startedBy, limit, after }: Parameters<WorkflowEngine["list"]>[0]) {
    const all = [...this.#runs.values()].map((held) => held.run).reverse();
    const own = all.filter((found) => (status === undefined || found.status === status) && (startedBy === undefined || identityKey(found.startedBy) === startedBy));
    const rest = after === undefined ? own : own.slice(own.findIndex(({ id }) => id === after) + 1);
    return { runs: rest.slice(0, limit), next: rest.length > limit ? (rest[limit - 1]?.id ?? null) : null };
  }

  cancel(id: string): Delivery {
    return this.#reach(id, (held) => { held.cancelled ??= "It was cancelled."; return { delivered: true }; });
  }

  signal(id: string, name: string, value: JsonObject): Delivery {
    return this.#reach(id, (held) => {
      const signals = this.#host.workflow(held.run.name)?.signals;
      const shape = signals?.get(name);
      if (signals && shape === undefined) return { delivered: false, reason: "unknown" };
      const parsed = shape?.parse(value);
      if (parsed?.ok === false) return { delivered: false, reason: "invalid", errors: parsed.errors };
      held.inbox.push({ name, value });
      return { delivered: true };
    });
  }

  results(id: string, { after, limit }: { readonly after?: string; readonly limit: number }) {
    const from = after === undefined ? 0 : Number(after) + 1;
    const all = this.#runs.get(id)?.results ?? [];
    return { results: all.slice(from, from + limit), next: all.length > from + limit ? String(from + limit - 1) : null };
  }

  watch(id: string, changed: () => void): () => void {
    const watchers = this.#runs.get(id)?.watchers;
    watchers?.add(changed);
    return () => void watchers?.delete(changed);
  }

  async open(): Promise<void> {}
  async close(): Promise<void> {}

  #reach(id: string, act: (held: Held) => Delivery): Delivery {
    const held = this.#runs.get(id);
    if (held === undefined || ["completed", "failed", "cancelled", "continued"].includes(held.run.status)) return { delivered: false, reason: "ended" };
    const delivery = act(held);
    held.wake();
    return delivery;
  }

  #set(held: Held, change: Partial<WorkflowRun>): void {
    held.run = { ...held.run, ...change, updatedAt: new Date(this.#host.clock()).toISOString() };
    for (const changed of [...held.watchers]) changed();
  }

  /** The code against whatever ends it from outside. */
  async #run(held: Held, input: JsonObject): Promise<void> {
    const workflow = this.#host.workflow(held.run.name);
    const parsed = workflow?.input.parse(input);
    if (workflow === undefined || parsed?.ok !== true) throw new TypeError("no such workflow");
    this.#set(held, { status: "running" });
    let leave: (why: "cancelled" | { readonly input: object }) => void = () => {};
    const left = new Promise<"cancelled" | { readonly input: object }>((resolve) => (leave = resolve));
    const flow = createFlow({
      id: held.run.id,
      ask: (command) => this.#answer(held, command, () => leave("cancelled")),
      progress: (done, total) => this.#set(held, { progress: { done, total } }),
      continueAs: (next) => leave({ input: next }),
      cancel: (reason) => { held.cancelled = reason; leave("cancelled"); },
    });
    try {
      const end = await Promise.race([Promise.resolve(workflow.run(flow, parsed.value)).then((value) => ({ value })), left]);
      if (end === "cancelled") return await this.#undo(held, { status: "cancelled", error: held.cancelled ?? "" });
      if ("input" in end) return this.#continue(held, toJsonObject(end.input));
      this.#set(held, { status: "completed", wakeAt: null, ...resultOf(end.value, held.run.name) });
    } catch (error) {
      await this.#undo(held, { status: "failed", error: toFailure(error).message });
    }
  }

  #continue(held: Held, input: JsonObject): void {
    const id = this.#host.newId();
    const next: Held = { ...held, run: { ...held.run, id, status: "created", progress: null }, inbox: [], results: [], undo: [], watchers: new Set(), cancelled: null };
    this.#runs.set(id, next);
    this.#set(held, { status: "continued", result: { workflow_id: id } });
    void this.#run(next, input);
  }

  async #undo(held: Held, end: Partial<WorkflowRun>): Promise<void> {
    for (const undo of held.undo.reverse()) await undo();
    this.#set(held, { ...end, wakeAt: null });
  }

  async #answer(held: Held, command: Command, leave: () => void): Promise<Json | undefined> {
    if (held.cancelled !== null) { leave(); return new Promise(() => {}); }
    if (command.kind === "step" || command.kind === "undo") return this.#step(held, command);
    if (command.kind === "each") return this.#each(held, command);
    const timeout = command.kind === "timer" ? command.due(this.#host.clock()) - this.#host.clock() : command.timeoutMs;
    const due = timeout === null ? Infinity : this.#host.clock() + timeout;
    const giveUp = timeout === null ? () => {} : this.#timer(due, () => held.wake());
    for (;;) {
      if (held.cancelled !== null) { giveUp(); leave(); return new Promise(() => {}); }
      const at = command.kind === "signal" ? held.inbox.findIndex(({ name, value }) => name === command.name && command.shape.parse(value).ok) : -1;
      const [signal] = at < 0 ? [] : held.inbox.splice(at, 1);
      if (signal !== undefined || this.#host.clock() >= due) { giveUp(); this.#set(held, { status: "running", wakeAt: null }); return signal?.value ?? (command.kind === "signal" ? [] : undefined); }
      this.#set(held, { status: "waiting", wakeAt: due === Infinity ? null : due });
      await new Promise<void>((resolve) => (held.wake = resolve));
    }
  }

  async #step(held: Held, command: StepCommand): Promise<Json | undefined> {
    for (let attempt = 1; ; attempt++) {
      const tried = await this.#try(held, command, attempt);
      if (!("failure" in tried)) {
        const { compensate, name } = command;
        if (compensate !== null) held.undo.push(() => this.#try(held, { name: `undo ${name}`, work: (step) => compensate(tried.value, step), timeoutMs: null, performs: null }, 1));
        return tried.value;
      }
      if (tried.isFinal || attempt >= command.retry.maxAttempts) throw toError(tried.failure);
    }
  }

  async #each(held: Held, { count, work, options }: EachCommand): Promise<Json> {
    const tally: Record<string, number> = Object.create(null);
    for (let index = 0; index < count && held.cancelled === null; index++) {
      const tried = await this.#try(held, { name: `each ${index}`, work: (step) => work(index, step, tally), timeoutMs: null, performs: null }, 1);
      if ("failure" in tried) throw toError(tried.failure);
      held.results.push(tried.value ?? null);
      const name = options.tally(tried.value ?? null);
      tally[name] = (tally[name] ?? 0) + 1;
      this.#set(held, { progress: { done: index + 1, total: count } });
    }
    return toJsonObject(tally);
  }

  async #try(held: Held, { name, work, timeoutMs, performs }: Pick<StepCommand, "name" | "work" | "timeoutMs" | "performs">, attempt: number): Promise<Tried> {
    const { id: runId, startedBy, action, subject } = held.run;
    const step = { runId, startedBy, action, subject, key: name, name, attempt, timeoutMs, work, performs };
    return (await commitStep(this.#host, this.#timer, step, { last: null, add: () => undefined })).tried;
  }
}

function resultOf(value: unknown, name: string): { readonly result?: Json } {
  const result = toValue(value, name);
  return result === undefined ? {} : { result };
}
