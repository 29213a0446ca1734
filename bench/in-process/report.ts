import { describeMachine } from "../report/machine.ts";
import { toTable } from "../report/table.ts";
import { spreadOf } from "../statistics.ts";
import { TABLES } from "./cases.ts";

/** What one process found: microseconds a call, the least of its batches, in turns. */
export interface Times {
  readonly own: number;
  readonly baseline: number;
}

/** What is known of a case in the end. */
export interface Measured {
  readonly name: string;
  /** One from each process. */
  readonly times: readonly Times[];
  /** Allocated by a call. */
  readonly bytes: number;
}

/** All that was measured in process. */
export interface InProcessResults {
  readonly rounds: number;
  readonly seconds: number;
  readonly execution: readonly Measured[];
  readonly validation: readonly Measured[];
}

/** The section of the report. */
export function reportInProcess({ rounds, seconds, execution, validation }: InProcessResults): string {
  return `## In process

${describeMachine()}.
Each case ran in ${rounds} fresh processes (one at a time) for ${seconds} s, in batches of calls in turns with the baseline. The time is the least of all batches; the
ratio is that of the two least times of one process, as median, least and most of the processes. Bytes are all that a call allocates, kept or not.

One execution, from the text of the body to the text of the answer:

${toTimesTable(execution, TABLES.execution.baseline)}

The parameters alone, from the parsed body to yes or no (zod, valibot and ours make a copy as well):

${toTimesTable(validation, TABLES.validation.baseline)}`;
}

function toTimesTable(measured: readonly Measured[], baseline: string): string {
  return toTable(["", "µs", `× ${baseline}`, "least", "most", "bytes"], measured.map(toRow));
}

function toRow({ name, times, bytes }: Measured): readonly string[] {
  const ratio = spreadOf(times.map(({ own, baseline }) => own / baseline));
  const least = Math.min(...times.map(({ own }) => own));
  return [name, least.toFixed(2), ratio.median.toFixed(2), ratio.least.toFixed(2), ratio.most.toFixed(2), bytes.toFixed(0)];
}
