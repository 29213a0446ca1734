import { monitorEventLoopDelay } from "node:perf_hooks";

/** Beyond this a process that has nothing to do is not woken in time: then no latency of another says anything. */
const CALM_P99_MS = 15;

/** How late this process is woken, which hardly does anything: what the machine does to everybody. */
export interface Witness {
  /** In milliseconds, of 100 times 99. */
  readonly p99Ms: number;
  /** Can times be held against a server on this machine? */
  readonly isCalm: boolean;
}

/** Watches until it is asked. */
export function callWitness(): () => Witness {
  const delay = monitorEventLoopDelay({ resolution: 5 });
  delay.enable();
  return () => {
    delay.disable();
    const p99Ms = delay.percentile(99) / 1e6;
    return { p99Ms, isCalm: p99Ms < CALM_P99_MS };
  };
}
