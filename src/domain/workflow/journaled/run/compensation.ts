import { toFailure, type StepCommand } from "../../engine-parts.ts";
import type { RunEnd } from "../state/end-run.ts";
import type { Entry } from "../state/entry.ts";
import type { Pending } from "./pending-commands.ts";

/** A step that was done, and the one that undoes it. */
interface Undoable {
  readonly name: string;
  readonly undo: StepCommand;
}

/** The undoing of what a run has done, the last step first. One that cannot be undone does not keep the others from being undone. */
export class Compensation {
  readonly #done: Undoable[] = [];
  readonly #failures: string[] = [];
  #state: "not begun" | "under way" | "over" = "not begun";

  /** Notes a step that was done, with what it answered. */
  add({ name, key, retry, timeoutMs, compensate }: Pending<StepCommand>, value: Entry["value"]): void {
    if (compensate === null) return;
    // What it answers is not kept: it may be anything.
    const work: StepCommand["work"] = async (step) => void (await compensate(value, step));
    this.#done.push({ name, undo: { kind: "undo", name: key, work, retry, timeoutMs, compensate: null, performs: null } });
  }

  get hasBegun(): boolean {
    return this.#state !== "not begun";
  }

  get isOver(): boolean {
    return this.#state === "over";
  }

  /** Asks for the steps that undo, one after the other. */
  async begin(ask: (command: StepCommand) => Promise<unknown>): Promise<void> {
    this.#state = "under way";
    for (const { name, undo } of this.#done.reverse()) {
      try {
        await ask(undo);
      } catch (error) {
        this.#failures.push(`Undoing "${name}" failed: ${toFailure(error).message}`);
      }
    }
    this.#state = "over";
  }

  /** How the run ends: it has failed with this, or was cancelled for this reason. */
  endOf(failure: string | null, cancelled: string | null): RunEnd {
    const isCancelled = failure === null && this.#failures.length === 0;
    return { status: isCancelled ? "cancelled" : "failed", error: [failure ?? cancelled ?? "", ...this.#failures].join(" ") };
  }
}
