import { describeMachine } from "../report/machine.ts";
import { toTable } from "../report/table.ts";
import { spreadOf } from "../statistics.ts";
import { CAN_PIN } from "./pinned.ts";
import { FLOOR } from "./servers.ts";

/** What one turn found. */
export interface Figures {
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** Of the server's process, user and system, for each request. */
  readonly cpuMicroseconds: number;
}

/** A server and its turns, one a round. */
export interface Measured {
  readonly name: string;
  readonly figures: readonly Figures[];
}

/** The section of the report. */
export function reportHttp(rounds: number, seconds: number, measured: readonly Measured[]): string {
  const pinned = CAN_PIN ? "The server has one core and the load another." : "Nothing was pinned to a core: `taskset` or a second core is missing.";
  return `## HTTP

${describeMachine()}.
${rounds} rounds in which each server has a turn of ${seconds} s; 32 connections. ${pinned}
Medians of the rounds, and the least and most of them; the share is that of the floor's requests in the same round.

${toFiguresTable(measured)}

Requests a second of ours as a multiple of theirs, in the same round, median:

${toMultiplesTable(measured)}`;
}

function toFiguresTable(measured: readonly Measured[]): string {
  const floor = measured.find(({ name }) => name === FLOOR);
  const header = ["", "of the floor", "least", "most", "requests/s", "least", "most", "p50 ms", "p99 ms", "CPU µs", "× floor"];
  return toTable(header, measured.map((server) => toRow(server, floor ?? server)));
}

function toRow(server: Measured, floor: Measured): readonly string[] {
  const share = spreadOf(multiples(server, floor));
  const rate = spreadOf(server.figures.map(({ perSecond }) => perSecond));
  const cpu = medianOf(server, ({ cpuMicroseconds }) => cpuMicroseconds);
  return [
    server.name,
    ...[share.median, share.least, share.most].map((value) => value.toFixed(2)),
    ...[rate.median, rate.least, rate.most].map((value) => value.toFixed(0)),
    medianOf(server, ({ p50Ms }) => p50Ms).toFixed(2),
    medianOf(server, ({ p99Ms }) => p99Ms).toFixed(2),
    cpu.toFixed(1),
    (cpu / medianOf(floor, ({ cpuMicroseconds }) => cpuMicroseconds)).toFixed(2),
  ];
}

function medianOf({ figures }: Measured, pick: (figures: Figures) => number): number {
  return spreadOf(figures.map(pick)).median;
}

function toMultiplesTable(measured: readonly Measured[]): string {
  const isOurs = ({ name }: Measured): boolean => name.startsWith("ours");
  const ours = measured.filter(isOurs);
  const rows = measured.filter((server) => !isOurs(server)).map((other) => [other.name, ...ours.map((own) => spreadOf(multiples(own, other)).median.toFixed(2))]);
  return toTable(["", ...ours.map(({ name }) => name)], rows);
}

/** Round by round. */
function multiples(server: Measured, other: Measured): readonly number[] {
  return server.figures.map(({ perSecond }, round) => perSecond / (other.figures[round]?.perSecond ?? Number.NaN));
}
