import type { Clock, Observe, Timer, WorkflowHost } from "../../domain/index.ts";
import { isEnd, RunLost, RunQueue, StepStopped, toReady, type JournaledRuns, type RunLoop, type RunState } from "../../domain/workflow/engine.ts";
import type { Pass } from "./registered.ts";

/** What passes take. */
export interface PassesPorts {
  readonly host: Pick<WorkflowHost, "workflow"> & { readonly clock: Clock; readonly observe: Observe };
  readonly timer: Timer;
  /** For how long the steps under way are waited for when it closes. */
  readonly stopTimeoutMs: number;
  readonly runs: JournaledRuns;
}

/** A run that is at work here. */
interface Work {
  loop: RunLoop | null;
  /** When the run goes on by itself; undefined: it was not parked. */
  parkedUntil: number | null | undefined;
}

/** How long a run rests after the store was unavailable, in milliseconds. */
const REST_MS = 2_000;
/** The same for one whose workflow this process does not know: a newer one may. */
const UNKNOWN_REST_MS = 30_000;
/** It goes on with the next engine that is opened. */
const AT_ONCE: Pass = { ended: false, waitMs: 0 };

/** The runs at work in this process: each from where DBOS lets it go on to where it waits, or has ended. */
export class Passes {
  readonly #ports: PassesPorts;
  readonly #queue: RunQueue;
  readonly #work = new Map<string, Work>();
  /** How to let go on what waits for its turn. */
  readonly #turns = new Map<string, () => void>();
  readonly #underWay = new Set<Promise<unknown>>();
  #isOpen = false;

  constructor(ports: PassesPorts) {
    this.#ports = ports;
    this.#queue = new RunQueue((name) => ports.host.workflow(name)?.concurrency ?? 1, ({ id }) => this.#turns.get(id)?.());
  }

  /** Does the run wait for its turn? */
  isQueued(id: string): boolean {
    return this.#turns.has(id);
  }

  loopOf(id: string): RunLoop | undefined {
    return this.#work.get(id)?.loop ?? undefined;
  }

  /** Those that are at work, by their IDs. */
  get atWork(): readonly (readonly [id: string, loop: RunLoop])[] {
    return [...this.#work].flatMap(([id, { loop }]) => (loop === null ? [] : [[id, loop] as const]));
  }

  /** The run waits, and its code is forgotten. */
  park(id: string, wakeAt: number | null): void {
    const work = this.#work.get(id);
    if (work !== undefined) work.parkedUntil = wakeAt;
  }

  open(): void {
    this.#isOpen = true;
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** Lets the steps that are under way end, for a while, and begins none. Answers the runs that were at work and that nothing is under way of. */
  async close(): Promise<readonly string[]> {
    this.#isOpen = false;
    this.#queue.clear();
    for (const go of [...this.#turns.values()]) go();
    const ids = [...this.#work.keys()];
    for (const { loop } of this.#work.values()) loop?.close();
    await this.#untilLeft();
    return ids.filter((id) => !this.#work.has(id));
  }

  #untilLeft(): Promise<void> {
    const { timer, host, stopTimeoutMs } = this.#ports;
    return new Promise((resolve) => {
      const giveUp = timer(host.clock() + stopTimeoutMs, () => {
        for (const { loop } of this.#work.values()) loop?.abandon();
        resolve();
      });
      void Promise.allSettled(this.#underWay).then(() => {
        giveUp();
        resolve();
      });
    });
  }

  /** Never rejects: whatever goes wrong, the run is tried again after a while. */
  pass(id: string): Promise<Pass> {
    const passing = this.#passInTurn(id);
    this.#underWay.add(passing);
    void passing.finally(() => this.#underWay.delete(passing));
    return passing;
  }

  async #passInTurn(id: string): Promise<Pass> {
    const { host, runs } = this.#ports;
    try {
      const state = await runs.read(id);
      if (state === undefined || isEnd(state.status)) return { ended: true };
      await this.#waitForTurn(id, state);
      try {
        return this.#isOpen ? await this.#workOn(id) : AT_ONCE;
      } finally {
        this.#queue.release(state.name);
      }
    } catch (error) {
      const isLost = error instanceof RunLost || (error instanceof StepStopped && error.cause instanceof RunLost);
      if (!isLost) host.observe({ event: "workflow_interrupted", workflow_id: id, error });
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
    const { host, runs } = this.#ports;
    const work: Work = { loop: null, parkedUntil: undefined };
    this.#work.set(id, work);
    try {
      work.loop = (await runs.load(id)) ?? null;
      if (work.loop === null) return await this.#whenFree(id);
      if (!this.#isOpen) return AT_ONCE;
      await work.loop.work();
    } finally {
      this.#work.delete(id);
    }
    if (work.parkedUntil === null) return { ended: false, waitMs: null };
    if (work.parkedUntil !== undefined) return { ended: false, waitMs: Math.max(0, work.parkedUntil - host.clock()) };
    const state = await runs.read(id);
    return state === undefined || isEnd(state.status) ? { ended: true } : AT_ONCE;
  }

  /** Another process has it, or had it when it died: then it is this one's when the lease ends. Or only a newer process knows its workflow. */
  async #whenFree(id: string): Promise<Pass> {
    const { host, runs } = this.#ports;
    const state = await runs.read(id);
    if (state === undefined || isEnd(state.status)) return { ended: true };
    const restMs = host.workflow(state.name) === undefined ? UNKNOWN_REST_MS : REST_MS;
    return { ended: false, waitMs: Math.max(restMs, (state.lease?.until ?? 0) - host.clock()) };
  }
}
