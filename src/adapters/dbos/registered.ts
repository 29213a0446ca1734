import { DBOS_WORKFLOW, WAKE, type Dbos } from "./dbos.ts";

/** What became of a run for now. */
export type Pass =
  | { readonly ended: true }
  /** It goes on after so many milliseconds, or when it is woken; null: only then. */
  | { readonly ended: false; readonly waitMs: number | null };

/** An engine that is open, as runs that DBOS begins find it. */
export interface PassMaker {
  pass(run: string): Promise<Pass>;
}

/** However long a run waits, it is looked at so often: a message that was lost costs no more. */
const LONGEST_WAIT_MS = 86_400_000;

/** A run that sleeps for years lives through any number of restarts. */
const MAX_RECOVERIES = 1_000_000_000;

/** The engines of this process by their schemas, and what waits for one to be opened. DBOS has one workflow for all runs. */
export class Registered {
  readonly #dbos: Dbos;
  readonly #open = new Map<string, PassMaker>();
  readonly #waiting = new Map<string, ((maker: PassMaker) => void)[]>();

  constructor(dbos: Dbos) {
    this.#dbos = dbos;
    dbos.registerWorkflow((schema, run) => this.#follow(schema, run), { name: DBOS_WORKFLOW, maxRecoveryAttempts: MAX_RECOVERIES });
  }

  open(schema: string, maker: PassMaker): void {
    this.#open.set(schema, maker);
    for (const go of this.#waiting.get(schema) ?? []) go(maker);
    this.#waiting.delete(schema);
  }

  close(schema: string, maker: PassMaker): void {
    if (this.#open.get(schema) === maker) this.#open.delete(schema);
  }

  /** From one wait of the run to the next, until it has ended. Only what DBOS has kept decides how this goes on after a crash. */
  async #follow(schema: string, run: string): Promise<void> {
    for (;;) {
      const pass = await this.#dbos.runStep(async () => (await this.#makerOf(schema)).pass(run), { name: "pass" });
      if (pass.ended) return;
      await this.#dbos.recv(WAKE, { timeoutSeconds: Math.min(pass.waitMs ?? LONGEST_WAIT_MS, LONGEST_WAIT_MS) / 1000 });
    }
  }

  /** Until the application has opened its workflows nothing runs. */
  #makerOf(schema: string): Promise<PassMaker> {
    const open = this.#open.get(schema);
    if (open !== undefined) return Promise.resolve(open);
    return new Promise((resolve) => this.#waiting.set(schema, [...(this.#waiting.get(schema) ?? []), resolve]));
  }
}

const REGISTERED = new WeakMap<Dbos, Registered>();

/** What is registered with this DBOS; it is so once. */
export function registeredWith(dbos: Dbos): Registered {
  const known = REGISTERED.get(dbos) ?? new Registered(dbos);
  REGISTERED.set(dbos, known);
  return known;
}
