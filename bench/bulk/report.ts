import { describeMachine } from "../report/machine.ts";
import { toTable } from "../report/table.ts";
import { spreadOf } from "../statistics.ts";

/** What one call came to. */
export interface BulkFigures {
  /** Items. */
  readonly perSecond: number;
  /** The longest time that the event loop was kept. */
  readonly stallMs: number;
  /** Of the server's process, for each item. */
  readonly cpuMicroseconds: number;
}

/** Calls of one size and mode, by server and round. */
export interface MeasuredCase {
  readonly mode: string;
  readonly subjects: number;
  readonly figures: readonly (readonly BulkFigures[])[];
}

/** What a single call meets while many bulk calls run. */
export interface MeasuredCrowd {
  readonly name: string;
  readonly crowd: number;
  readonly subjects: number;
  /** Bulk calls that were answered with another status than 200. */
  readonly refused: number;
  readonly singleCalls: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly mostMs: number;
  readonly ms: number;
  readonly stallMs: number;
}

/** The section of the report; the first server is what the others are compared with. */
export function reportBulk(rounds: number, names: readonly string[], cases: readonly MeasuredCase[], crowds: readonly MeasuredCrowd[]): string {
  const shares = cases.flatMap(({ mode, subjects, figures }) =>
    names.map((name, at) => {
      const own = figures[at] ?? [];
      const share = spreadOf(own.map(({ perSecond }, round) => perSecond / (figures[0]?.[round]?.perSecond ?? Number.NaN)));
      const rate = spreadOf(own.map(({ perSecond }) => perSecond));
      const stall = spreadOf(own.map(({ stallMs }) => stallMs));
      const cpu = spreadOf(own.map(({ cpuMicroseconds }) => cpuMicroseconds));
      const ofBase = spreadOf(own.map(({ cpuMicroseconds }, round) => (figures[0]?.[round]?.cpuMicroseconds ?? Number.NaN) / cpuMicroseconds));
      return [mode, String(subjects), name, ...[share.median, share.least, share.most].map((value) => value.toFixed(2)), rate.median.toFixed(0), cpu.median.toFixed(1), ofBase.median.toFixed(2), stall.median.toFixed(0)];
    }),
  );
  return `## Bulk calls over HTTP

${describeMachine()}.
${rounds} rounds in which each server gets one call. Items a second, medians; the share is that of the loop by hand in the same round.
CPU is the processor time of the server for each item, which says more than the rate where the machine is busy; the stall is the longest time for which one call kept the event loop.

${toTable(["mode", "subjects", "", "of by hand", "least", "most", "items/s", "CPU µs", "by hand ÷ it", "stall ms"], shares)}

Many bulk calls of all modes and previews at once, half of them answered by lines, and single calls one after the other meanwhile:

${toTable(["", "bulk calls", "subjects each", "refused", "s in all", "single calls", "p50 ms", "p99 ms", "most ms", "stall ms"], crowds.map(toCrowdRow))}`;
}

function toCrowdRow({ name, crowd, subjects, refused, ms, singleCalls, p50Ms, p99Ms, mostMs, stallMs }: MeasuredCrowd): readonly string[] {
  return [name, String(crowd), String(subjects), String(refused), (ms / 1_000).toFixed(1), String(singleCalls), p50Ms.toFixed(0), p99Ms.toFixed(0), mostMs.toFixed(0), stallMs.toFixed(0)];
}
