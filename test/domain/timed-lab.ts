import { type Action, type Outcome } from "../../src/domain/index.ts";
import { createTestTime, type TestTime } from "../../src/app/testing/test-time.ts";
import { NOBODY, openLab, turn, type Lab, type LabOptions } from "./lab.ts";

/** A lab whose time a test lets pass. */
export interface TimedLab extends Lab {
  readonly time: TestTime;
}

/** Opens a lab with deadlines and signals. */
export function openTimedLab(actions: readonly Action[], options: LabOptions = {}): TimedLab {
  const time = createTestTime();
  return { time, ...openLab(actions, { clock: time.clock, timer: time.timer, newAbortController: () => new AbortController(), ...options }) };
}

/** Calls an action on counter 1, unless `more` says otherwise. */
export function on({ actions }: Lab, key: string, more: object = {}): Promise<Outcome> {
  return actions.execute({ key, subject: "1", identity: NOBODY, ...more });
}

/** Notes the outcome once it is there. */
export function noting(outcome: Promise<Outcome>): { outcome: Outcome | null } {
  const noted: { outcome: Outcome | null } = { outcome: null };
  void outcome.then((value) => (noted.outcome = value));
  return noted;
}

/** A promise that never settles. */
export function never<T>(): Promise<T> {
  return new Promise<T>(() => undefined);
}

/** Lets run whatever waits for nothing but turns of the event loop. */
export async function quiet(): Promise<void> {
  for (let turns = 0; turns < 20; turns++) await turn();
}
