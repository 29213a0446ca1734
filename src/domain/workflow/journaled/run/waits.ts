import type { SignalCommand, StepCommand, TimerCommand } from "../../engine-parts.ts";
import type { HeldRun } from "../state/held-run.ts";
import { isStep, type Pending } from "./pending-commands.ts";

/** What a run waits for: commands that only time or a signal can answer, and steps that are tried again in time. */
export class Waits {
  readonly #run: HeldRun;
  readonly #waits = new Map<string, Pending<StepCommand | TimerCommand | SignalCommand>>();

  constructor(run: HeldRun) {
    this.#run = run;
  }

  /** Begins to wait. When that is over is in the journal, or is noted there now. */
  add(command: Pending<StepCommand | TimerCommand | SignalCommand>): void {
    const { journal } = this.#run;
    if (!isStep(command) && journal.find(command.key) === undefined) journal.note(command.key, { kind: command.kind, order: null, failures: 0, at: this.#dueOf(command) });
    this.#waits.set(command.key, command);
  }

  get isEmpty(): boolean {
    return this.#waits.size === 0;
  }

  clear(): void {
    this.#waits.clear();
  }

  /** When the first of them is over by itself; null: never. */
  get wakeAt(): number | null {
    const ends = [...this.#waits.keys()].flatMap((key) => this.#endOf(key) ?? []);
    return ends.length === 0 ? null : ends.reduce((first, end) => Math.min(first, end));
  }

  /** Of those that are over, answers the first; a step is left to `tryAgain`. False when none is over. */
  async answerFirst(tryAgain: (step: Pending<StepCommand>) => void): Promise<boolean> {
    for (const command of this.#waits.values()) {
      const isDue = (this.#endOf(command.key) ?? Number.POSITIVE_INFINITY) <= this.#run.now();
      const signal = command.kind === "signal" ? this.#run.takeSignal(command.name, (value) => command.shape.parse(value).ok) : undefined;
      if (!isDue && signal === undefined) continue;
      this.#waits.delete(command.key);
      if (isStep(command)) tryAgain(command);
      else await this.#run.answerWait(command.key, command.kind, signal ?? (command.kind === "signal" ? [] : undefined));
      return true;
    }
    return false;
  }

  #endOf(key: string): number | null {
    return this.#run.journal.find(key)?.at ?? null;
  }

  #dueOf(command: TimerCommand | SignalCommand): number | null {
    if (command.kind === "timer") return command.due(this.#run.now());
    return command.timeoutMs === null ? null : this.#run.now() + command.timeoutMs;
  }
}
