import { describeMachine } from "../report/machine.ts";
import { toTable } from "../report/table.ts";
import { spreadOf } from "../statistics.ts";

/** What all processes together did in a turn. */
export interface ClusterTurn {
  readonly perSecond: number;
  /** In milliseconds. */
  readonly p50: number;
  readonly p99: number;
}

/** So many processes, round by round. */
export interface MeasuredSize {
  readonly processes: number;
  readonly byHand: readonly ClusterTurn[];
  readonly ours: readonly ClusterTurn[];
}

/** All that the section tells of. */
export interface MeasuredCluster {
  readonly rounds: number;
  readonly seconds: number;
  readonly callers: number;
  /** That of PostgreSQL. */
  readonly version: string;
  readonly measured: readonly MeasuredSize[];
}

const HEADER = ["processes", "by hand, calls/s", "ours, calls/s", "share of by hand", "p50 by hand", "p50 ours", "p99 by hand", "p99 ours"];

/** The section, heading included. */
export function reportCluster({ rounds, seconds, callers, version, measured }: MeasuredCluster): string {
  const intro = `PostgreSQL ${version}; ${callers} callers in all, each with a connection; ${rounds} turns of ${seconds} s each; medians, the share with its least and greatest.`;
  return ["## Several processes on PostgreSQL", describeMachine(), intro, toTable(HEADER, measured.map(toRow))].join("\n\n");
}

function toRow({ processes, byHand, ours }: MeasuredSize): readonly string[] {
  const middle = (turns: readonly ClusterTurn[], of: (turn: ClusterTurn) => number) => spreadOf(turns.map(of)).median;
  const shares = spreadOf(ours.map(({ perSecond }, round) => perSecond / (byHand[round]?.perSecond ?? Number.NaN)));
  const ms = (value: number) => `${value.toFixed(1)} ms`;
  return [
    String(processes),
    middle(byHand, ({ perSecond }) => perSecond).toFixed(0),
    middle(ours, ({ perSecond }) => perSecond).toFixed(0),
    `${shares.median.toFixed(2)} (${shares.least.toFixed(2)}–${shares.most.toFixed(2)})`,
    ms(middle(byHand, ({ p50 }) => p50)),
    ms(middle(ours, ({ p50 }) => p50)),
    ms(middle(byHand, ({ p99 }) => p99)),
    ms(middle(ours, ({ p99 }) => p99)),
  ];
}
