import { toFailure, type StepCommand } from "../../domain/workflow/engine.ts";
import type { RunEnd } from "./end-run.ts";
import type { Entry } from "./entry.ts";
import type { Pending } from "./pending-commands.ts";

/** Asks for a step that undoes another. */
type Ask = (command: StepCommand) => Promise<unknown>;

/** The undoing of what a run has done, the last step first. One that cannot be undone does not keep the others from being undone. */
export class Compensation {
  readonly #commands: StepCommand[] = [];
  readonly #names: string[] = [];
  readonly #failures: string[] = [];
  #state: "not begun" | "under way" | "done" = "not begun";

  /** Notes a step that was done, with what it answered. */
  add({ name, key, retry, timeoutMs, compensate }: Pending<StepCommand>, value: Entry["value"]): void {
    if (compensate === null) return;
    // What it answers is not kept: it may be anything.
    const work: StepCommand["work"] = async (step) => void (await compensate(value, step));
    this.#commands.push({ kind: "undo", name: key, work, retry, timeoutMs, compensate: null, performs: null });
    this.#names.push(name);
  }

  get hasBegun(): boolean {
    return this.#state !== "not begun";
  }

  get isDone(): boolean {
    return this.#state === "done";
  }

  async begin(ask: Ask): Promise<void> {
    this.#state = "under way";
    for (let at = this.#commands.length - 1; at >= 0; at--) await this.#undo(at, ask);
    this.#state = "done";
  }

  async #undo(at: number, ask: Ask): Promise<void> {
    const command = this.#commands[at];
    try {
      if (command !== undefined) await ask(command);
    } catch (error) {
      this.#failures.push(`Undoing "${this.#names[at]}" failed: ${toFailure(error).message}`);
    }
  }

  /** How the run ends: it has failed with this, or was cancelled for this reason. */
  endOf(failure: string | null, cancelled: string | null): RunEnd {
    const isCancelled = failure === null && this.#failures.length === 0;
    return { status: isCancelled ? "cancelled" : "failed", error: [failure ?? cancelled ?? "", ...this.#failures].join(" ") };
  }
}
