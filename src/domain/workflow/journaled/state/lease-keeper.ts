import type { Timer } from "../../../index.ts";
import { StepStopped, type StepStop } from "../../engine-parts.ts";
import { RunLost } from "../run-errors.ts";
import type { LeaseTerms } from "./lease.ts";

/** A run whose lease is kept. */
export interface LeasedRun {
  readonly stop: StepStop;
  /** Epoch milliseconds. */
  now(): number;
  observe(event: string, detail: object): void;
  renewLease(): Promise<void>;
}

/** Renews the lease of a run while a step is under way, each time half of it is over, so that no other process begins the step meanwhile. */
export class LeaseKeeper {
  readonly #run: LeasedRun;
  readonly #timer: Timer;
  readonly #terms: LeaseTerms;
  #giveUp: () => void = () => undefined;
  #hasEnded = false;

  constructor(run: LeasedRun, timer: Timer, terms: LeaseTerms) {
    this.#run = run;
    this.#timer = timer;
    this.#terms = terms;
    this.#arm();
  }

  /** The step has ended. */
  end(): void {
    this.#hasEnded = true;
    this.#giveUp();
  }

  #arm(): void {
    if (this.#hasEnded) return;
    this.#giveUp = this.#timer(this.#run.now() + this.#terms.leaseMs / 2, () => void this.#renew());
  }

  async #renew(): Promise<void> {
    try {
      await this.#run.renewLease();
    } catch (error) {
      // The store may answer the next time; a run that is another's never comes back.
      if (error instanceof RunLost) return this.#run.stop.end(new StepStopped("The run was taken by another process.", { cause: error }));
      this.#run.observe("workflow_lease_not_renewed", { error });
    }
    this.#arm();
  }
}
