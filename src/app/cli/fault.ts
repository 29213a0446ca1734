import type { Ending } from "./exit-codes.ts";

/** Why a command cannot be done, in a sentence for whoever typed it. */
export class Fault extends Error {
  override readonly name = "Fault";
  readonly ending: Ending;

  constructor(ending: Ending, message: string, options?: ErrorOptions) {
    super(message, options);
    this.ending = ending;
  }
}

/** What was typed cannot be. */
export function misused(message: string): Fault {
  return new Fault("usage", message);
}
