import type { Clock, Observation } from "../../domain/ports.ts";
import type { LogEntry } from "./log-entry.ts";
import { toJsonLine } from "./json-line.ts";
import { createFilter, levelOf, type LogLevel } from "./level.ts";
import { toLoggedRequest } from "./logged-request.ts";
import { toTextLine } from "./text-line.ts";

/** Options of {@link createLogLines}. */
export interface LogOptions {
  /** Lines of JSON for programs, or lines for people. */
  readonly format: "json" | "text";
  readonly level: LogLevel;
  /** Each request has its line, whatever the level. */
  readonly requests: boolean;
  /** Marks what matters with colours, in lines for people. */
  readonly colour: boolean;
  readonly clock: Clock;
}

/** The line for an observation, its line break included; undefined for one that does not matter enough. */
export function createLogLines({ format, level, requests, colour, clock }: LogOptions): (observation: Observation) => string | undefined {
  const isShown = createFilter(level, requests);
  const toLine = format === "json" ? toJsonLine : (entry: LogEntry) => toTextLine(entry, colour);
  return (observation) => {
    const { event } = observation;
    if (!isShown(event)) return undefined;
    return toLine({ at: new Date(clock()), level: levelOf(event), observation: event === "request" ? toLoggedRequest(observation) : observation });
  };
}
