import { constants } from "node:os";
import type { Observe } from "../../domain/ports.ts";
import { requireFunction, requireOptionalFunction } from "../../domain/check-option.ts";
import { shieldObserver } from "../../domain/observation/shield-observer.ts";

/** How a process ends when it is told to. */
export interface SignalOptions {
  /** Stops everything: usually the server's `close()` first, then the store's. */
  readonly stop: () => PromiseLike<unknown>;
  /** For how long `stop` may take before the process ends without it, with exit code 1. Default 9,800 ms. */
  readonly deadlineMs?: number;
  /** Told `stopping`, `stopped`, and `stop_failed` with the cause. Default: the cause of the last is written to stderr. */
  readonly observe?: Observe;
}

const SIGNALS = ["SIGTERM", "SIGINT"] as const;

/**
 * On SIGTERM or SIGINT: stops, then ends the process with exit code 0. A second signal ends it at
 * once, with 128 and the signal's number, as a shell counts. Answers a function that takes this back.
 *
 * @throws TypeError on an option that is wrong.
 */
export function drainOnSignal({ stop, deadlineMs = 9_800, observe }: SignalOptions): () => void {
  requireFunction("stop", stop, "it stops everything, such as () => server.close()");
  requireOptionalFunction("observe", observe, "it gets what happened");
  if (!Number.isInteger(deadlineMs) || deadlineMs < 1) throw new TypeError(`deadlineMs: ${String(deadlineMs)} is out of range; give whole milliseconds from 1`);
  const tell = shieldObserver(observe);
  let stopping = false;
  const onSignal = (signal: (typeof SIGNALS)[number]) => {
    if (stopping) process.exit(128 + constants.signals[signal]);
    stopping = true;
    tell({ event: "stopping", signal });
    void stopWithin(stop, deadlineMs).then(
      () => end(tell, 0),
      (error: unknown) => end(tell, 1, error),
    );
  };
  for (const signal of SIGNALS) process.on(signal, onSignal);
  return () => {
    for (const signal of SIGNALS) process.off(signal, onSignal);
  };
}

function stopWithin(stop: () => PromiseLike<unknown>, deadlineMs: number): Promise<unknown> {
  return new Promise((resolve, reject) => {
    setTimeout(() => reject(new Error(`not everything had stopped after ${deadlineMs} ms`)), deadlineMs);
    resolve(callLater(stop));
  });
}

async function callLater(stop: () => PromiseLike<unknown>): Promise<unknown> {
  return await stop();
}

function end(tell: Observe, exitCode: number, error?: unknown): void {
  tell(exitCode === 0 ? { event: "stopped" } : { event: "stop_failed", error });
  process.exit(exitCode);
}
