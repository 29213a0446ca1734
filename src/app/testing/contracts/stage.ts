import { setTimeout } from "node:timers/promises";
import { createNodeTimer } from "../../../adapters/node-timer/index.ts";
import type { Duration } from "../../../domain/index.ts";
import { createTestTime, type TestTime } from "../test-time.ts";
import { quiet, turn } from "./workflow-lab.ts";

/** Where the rows of an engine's contract are played: on a time that the row drives, or on the real one, where what takes days takes seconds. */
export interface Stage {
  readonly time: TestTime;
  readonly sleep: Duration;
  readonly timeout: Duration;
  /** Lets the sleep be over all but a moment; says whether the time stands still there. */
  almostSlept(): Promise<boolean>;
  /** Lets that time be over. */
  slept(): Promise<void>;
  timedOut(): Promise<void>;
  /** The shortest time that can be told from none. */
  moment(): Promise<void>;
  /** Lets happen what is going to. */
  readonly quiet: () => Promise<void>;
  readonly pause: () => Promise<void>;
}

const DAY_MS = 86_400_000;

/** Time that stands still but for the row. */
export function drivenStage(): Stage {
  const time = createTestTime();
  return {
    time,
    sleep: { days: 7 },
    timeout: { days: 1 },
    async almostSlept() {
      time.pass(7 * DAY_MS - 1);
      await quiet();
      return true;
    },
    slept: async () => time.pass(1),
    timedOut: async () => time.pass(DAY_MS),
    moment: async () => time.pass(1),
    quiet,
    pause: turn,
  };
}

const LOOK_EVERY_MS = 10;
const SLEEP_MS = 3_000;
const TIMEOUT_MS = 4_000;

/** The time of the machine. Nothing but what is waited for anyway takes longer than a moment. */
export function realStage(): Stage {
  const clock = Date.now;
  const pause = () => setTimeout(LOOK_EVERY_MS);
  return {
    time: { clock, timer: createNodeTimer({ clock }), waiting: 0, due: 0, next: null, pass: () => undefined },
    sleep: SLEEP_MS,
    timeout: TIMEOUT_MS,
    almostSlept: async () => false,
    slept: async () => undefined,
    timedOut: async () => undefined,
    moment: () => setTimeout(2),
    quiet: () => setTimeout(10 * LOOK_EVERY_MS),
    pause,
  };
}
