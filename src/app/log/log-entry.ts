import type { Observation } from "../../domain/ports.ts";
import type { LogLevel } from "./level.ts";

/** An observation that is to be logged. */
export interface LogEntry {
  readonly at: Date;
  readonly level: LogLevel;
  readonly observation: Observation;
}
