import type { SignalCommand, StepCommand, TimerCommand } from "../../domain/workflow/engine.ts";
import type { HeldRun } from "./held-run.ts";
import { isStep, type Pending } from "./pending-commands.ts";

/** A command that only time or a signal can answer, or that is tried again in time. */
export type Wait = Pending<StepCommand> | Pending<TimerCommand> | Pending<SignalCommand>;

/** What waits need of their run. */
export interface WaitPorts {
  readonly run: HeldRun;
  /** Epoch milliseconds. */
  readonly clock: () => number;
  /** A signal came that does not fit, and is passed over. */
  refused(signal: string): void;
}

/** What a run waits for. */
export class Waits {
  readonly #ports: WaitPorts;
  readonly #waits = new Map<string, Wait>();

  constructor(ports: WaitPorts) {
    this.#ports = ports;
  }

  /** Begins to wait. When it is over is in the journal, or is noted there now. */
  add(command: Wait): void {
    const { run } = this.#ports;
    if (!isStep(command) && run.journal.find(command.key) === undefined) run.journal.note(command.key, { kind: command.kind, order: null, failures: 0, at: this.#dueOf(command) });
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
    let first: number | null = null;
    for (const key of this.#waits.keys()) {
      const at = this.#endOf(key);
      if (at !== null && (first === null || at < first)) first = at;
    }
    return first;
  }

  /** Of those that are over, answers the first. A step whose time has come is left to `tryAgain`. False when none is over. */
  async answerFirst(tryAgain: (step: Pending<StepCommand>) => void): Promise<boolean> {
    for (const command of this.#waits.values()) {
      const at = this.#endOf(command.key);
      const isDue = at !== null && at <= this.#ports.clock();
      const signal = command.kind === "signal" ? this.#takeSignal(command) : undefined;
      if (!isDue && signal === undefined) continue;
      this.#waits.delete(command.key);
      if (isStep(command)) tryAgain(command);
      else await this.#ports.run.answerWait(command.key, command.kind, signal ?? (command.kind === "signal" ? [] : undefined));
      return true;
    }
    return false;
  }

  #endOf(key: string): number | null {
    return this.#ports.run.journal.find(key)?.at ?? null;
  }

  #dueOf(command: TimerCommand | SignalCommand): number | null {
    const now = this.#ports.clock();
    if (command.kind === "timer") return command.due(now);
    return command.timeoutMs === null ? null : now + command.timeoutMs;
  }

  #takeSignal({ name, shape }: SignalCommand) {
    return this.#ports.run.takeSignal(name, (value) => {
      if (shape.parse(value).ok) return true;
      this.#ports.refused(name);
      return false;
    });
  }
}
