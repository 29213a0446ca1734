import type { Json } from "../../../index.ts";
import type { Command, StepCommand } from "../../engine-parts.ts";

/** A command that the code waits for. */
export type Pending<C extends Command = Command> = C & {
  /** Its kind, its name and its number. */
  readonly key: string;
  /** Counts the commands of this kind and name from 1. */
  readonly number: number;
  /** Lets the code go on. */
  readonly resolve: (value: Json | undefined) => void;
  readonly reject: (error: Error) => void;
};

/** Is it a step, or the undoing of one? */
export function isStep(pending: Pending): pending is Pending<StepCommand> {
  return pending.kind === "step" || pending.kind === "undo";
}

/**
 * What the code has asked for and was not answered yet, in the order of the commands. The code is let go on with one
 * answer at a time, in the order of the journal, so the same commands get the same keys however its branches run.
 */
export class PendingCommands {
  readonly #pending = new Map<string, Pending>();
  readonly #counts = new Map<string, number>();
  readonly #added: () => void;
  #new: Pending[] = [];

  constructor(added: () => void) {
    this.#added = added;
  }

  /** The promise settles when the command is answered. */
  add(command: Command): Promise<Json | undefined> {
    const base = `${command.kind}:${command.name}`;
    const number = (this.#counts.get(base) ?? 0) + 1;
    this.#counts.set(base, number);
    const key = `${base}#${number}`;
    return new Promise((resolve, reject) => {
      const pending: Pending = { ...command, key, number, resolve, reject };
      this.#pending.set(key, pending);
      this.#new.push(pending);
      this.#added();
    });
  }

  /** Those that came since they were last asked for and were not answered meanwhile. */
  takeNew(): readonly Pending[] {
    const taken = this.#new.filter(({ key }) => this.#pending.has(key));
    this.#new = [];
    return taken;
  }

  /** Takes the command out, to be answered. */
  take(key: string): Pending | undefined {
    const pending = this.#pending.get(key);
    this.#pending.delete(key);
    return pending;
  }

  /** Forgets the commands that nobody will answer. */
  clear(): void {
    this.#pending.clear();
    this.#new = [];
  }
}
