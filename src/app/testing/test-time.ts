import type { Timer } from "../../domain/index.ts";

/** A clock that stands still, and the timers on it. */
export interface TestTime {
  readonly clock: () => number;
  readonly timer: Timer;
  /** How many timers wait for a time that has not come. */
  readonly waiting: number;
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
  return {
    clock: () => now,
    timer(at, wake) {
      if (at <= now) {
        const immediate = setImmediate(wake);
        return () => clearImmediate(immediate);
      }
      const alarm = { at, wake };
      alarms.add(alarm);
      return () => alarms.delete(alarm);
    },
    get waiting() {
      return alarms.size;
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
