import { setTimeout as pause } from "node:timers/promises";

/** What is used of a stream such as `process.stderr`. */
export interface LineStream {
  readonly writableLength: number;
  write(text: string): boolean;
  on(name: string, listener: () => void): unknown;
}

/** Where lines go. */
export interface LogStream {
  write(line: string): void;
  /** Settles when all is written, or can't be in this time. */
  flush(withinMs: number): Promise<void>;
}

/** What may wait for a slow reader, in bytes: the lines of some ten thousand events. */
const MAX_WAITING_BYTES = 1_048_576;
const LOOK_INTERVAL_MS = 10;

/**
 * Lets no reader hold up the server. Lines for a pipe wait in memory until they are read, and without a bound they would fill it: from 1 MiB on
 * they are dropped, and as soon as there is room again `tellDropped` says how many. A reader who has gone is no reason to end: nothing is written any more.
 */
export function createLogStream(stream: LineStream, tellDropped: (count: number) => string | undefined): LogStream {
  let dropped = 0;
  let isGone = false;
  stream.on("error", () => (isGone = true));
  stream.on("drain", () => {
    const count = dropped;
    dropped = 0;
    if (count > 0) stream.write(tellDropped(count) ?? "");
  });
  return {
    write(line) {
      if (isGone) return;
      if (dropped > 0 || stream.writableLength > MAX_WAITING_BYTES) dropped++;
      else stream.write(line);
    },
    async flush(withinMs) {
      for (let waited = 0; !isGone && stream.writableLength > 0 && waited < withinMs; waited += LOOK_INTERVAL_MS) await pause(LOOK_INTERVAL_MS);
    },
  };
}
