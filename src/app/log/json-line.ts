import { describeError } from "./describe-error.ts";
import { escapeControls } from "./escape-controls.ts";
import type { LogEntry } from "./log-entry.ts";

/** One line of JSON, the time first. */
export function toJsonLine({ at, level, observation }: LogEntry): string {
  const { event, error, ...details } = observation;
  const shown = error === undefined ? {} : { error: describeError(error) };
  return `${escapeControls(JSON.stringify({ time: at.toISOString(), level, event, ...details, ...shown }))}\n`;
}
