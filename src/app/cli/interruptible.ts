import { EXIT_CODES } from "./exit-codes.ts";

let signal: AbortSignal | undefined;

/** Aborted by Ctrl-C or SIGTERM; the second one ends the process at once. Whoever never asks for it is ended by the first. */
export function interruptible(): AbortSignal {
  if (signal !== undefined) return signal;
  const controller = new AbortController();
  signal = controller.signal;
  for (const name of ["SIGINT", "SIGTERM"] as const) {
    process.on(name, () => {
      if (controller.signal.aborted) process.exit(EXIT_CODES.interrupted);
      controller.abort();
    });
  }
  return signal;
}
