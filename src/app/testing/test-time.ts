import { setImmediate, clearImmediate } from "node:timers";
import type { Timer } from "../../domain/index.ts";

/** A clock that stands still, and the timers on it. */
export interface TestTime {
  readonly clock: () => number;
  readonly timer: Timer;
  /** How many timers wait for a time that has not come. */
  readonly waiting: number;
  /** How many timers are due, and are woken by the next turn of the event loop. */
  readonly due: number;
  /** When the next of those that wait is due, in epoch milliseconds; null: none waits. */
  readonly next: number | null;
  /** Lets the time pass; whatever is due by then is woken, in its order. */
  pass(ms: number): void;
}

interface Alarm {
  readonly at: number;
  readonly wake: () => void;
}

/** Time that passes only when a test says so. */
export function createTestTime(now = Date.parse("2026-11-23T10:00:00.000Z")): TestTime {
  const alarms = new Set<Alarm>();
  const due = new Set<NodeJS.Immediate>();
  return {
    clock: () => now,
    timer(at, wake) {
      if (at <= now) {
        const immediate = setImmediate(() => {
          due.delete(immediate);
          wake();
        });
        due.add(immediate);
        return () => {
          due.delete(immediate);
          clearImmediate(immediate);
        };
      }
      const alarm = { at, wake };
      alarms.add(alarm);
      return () => alarms.delete(alarm);
    },
    get waiting() {
      return alarms.size;
    },
    get due() {
      return due.size;
    },
    get next() {
      return alarms.size === 0 ? null : [...alarms].reduce((first, { at }) => Math.min(first, at), Infinity);
    },
    pass(ms) {
      now += ms;
      for (const alarm of [...alarms].sort((a, b) => a.at - b.at)) {
        if (alarm.at > now || !alarms.delete(alarm)) continue;
        alarm.wake();
      }
    },
  };
}
