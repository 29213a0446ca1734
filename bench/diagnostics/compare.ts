import type { ChildProcess } from "node:child_process";
import { answerOf, ended } from "../child.ts";
import { LOAD_CORE, SERVER_CORE, startPinned } from "../http/pinned.ts";
import type { Load, Turn } from "../http/target.ts";
import type { Started } from "../http/started.ts";
import { isWanted, type Options } from "../options.ts";
import { describeMachine } from "../report/machine.ts";
import { toTable } from "../report/table.ts";
import { quantile } from "../statistics.ts";
import { timeLooks } from "./looks.ts";
import { VARIANTS, WITHOUT } from "./variants.ts";

const ROUNDS = 12;
const SECONDS = 4;
/** Until the compiler has seen enough. */
const WARM_UP_SECONDS = 2;
const WARM_UP_ANSWERS = 20_000;

/** What one process came to. */
interface Figures {
  readonly perSecond: number;
  /** Of the server's process, for one request. */
  readonly cpuMicroseconds: number;
}

/** What it costs to be able to follow what is done, with nobody who does and with somebody. Answers the section of the report. */
export async function measureDiagnostics(options: Options): Promise<string> {
  const { rounds = ROUNDS, seconds = SECONDS } = options;
  const names = Object.keys(VARIANTS).filter((name) => name === WITHOUT || isWanted(options, name));
  const figures = new Map(names.map((name) => [name, [] as Figures[]]));
  const load = startPinned(LOAD_CORE, new URL("../http/load-process.js", import.meta.url));
  for (let round = 0; round < rounds; round++) {
    // Whoever was first is last in the next round.
    for (const name of round % 2 === 0 ? names : names.toReversed()) figures.get(name)?.push(await measureProcess(load, name, seconds));
  }
  load.disconnect();
  await ended(load);
  return report(rounds, seconds, figures);
}

async function measureProcess(load: ChildProcess, name: string, seconds: number): Promise<Figures> {
  const child = startPinned(SERVER_CORE, new URL("server-process.js", import.meta.url), [name]);
  const target = { ...(await answerOf<Omit<Started, "stop">>(child)), wire: "rest" } as const;
  await takeTurn(load, { ...target, seconds: WARM_UP_SECONDS, leastAnswers: WARM_UP_ANSWERS });
  const before = await readProcessorTime(child);
  const { answers, perSecond } = await takeTurn(load, { ...target, seconds, leastAnswers: 1 });
  const cpuMicroseconds = ((await readProcessorTime(child)) - before) / answers;
  child.disconnect();
  await ended(child);
  return { perSecond, cpuMicroseconds };
}

function takeTurn(load: ChildProcess, turn: Load): Promise<Turn> {
  load.send(turn);
  return answerOf<Turn>(load);
}

function readProcessorTime(child: ChildProcess): Promise<number> {
  child.send("processor time");
  return answerOf<number>(child);
}

function report(rounds: number, seconds: number, figures: ReadonlyMap<string, readonly Figures[]>): string {
  const base = figures.get(WITHOUT) ?? [];
  const rows = [...figures].map(([name, all]) => [
    name,
    middle(all, ({ perSecond }) => perSecond).toFixed(0),
    name === WITHOUT ? "1" : ratio(all, base, ({ perSecond }) => perSecond),
    middle(all, ({ cpuMicroseconds }) => cpuMicroseconds).toFixed(1),
    name === WITHOUT ? "1" : ratio(all, base, ({ cpuMicroseconds }) => cpuMicroseconds),
  ]);
  const nanoseconds = timeLooks();
  const share = (nanoseconds / 10) / middle(base, ({ cpuMicroseconds }) => cpuMicroseconds);
  return [
    "## Diagnostics",
    "",
    `${rounds} fresh processes of each in turns, ${seconds} s each. ${describeMachine()}`,
    "",
    toTable(["", "requests/s", "ratio", "µs a request", "ratio"], rows),
    "",
    `The looks of one request, with nobody who follows: ${nanoseconds.toFixed(1)} ns, that is ${share.toFixed(3)} % of its processor time.`,
  ].join("\n");
}

function middle(all: readonly Figures[], of: (figures: Figures) => number): number {
  return quantile(all.map(of), 0.5);
}

/** The geometric mean of the rounds' ratios, and twice its standard error. */
function ratio(all: readonly Figures[], base: readonly Figures[], of: (figures: Figures) => number): string {
  const logs = all.flatMap((figures, round) => (base[round] === undefined ? [] : [Math.log(of(figures) / of(base[round]))]));
  const mean = logs.reduce((sum, log) => sum + log, 0) / logs.length;
  if (logs.length < 2) return Math.exp(mean).toFixed(3);
  const variance = logs.reduce((sum, log) => sum + (log - mean) ** 2, 0) / (logs.length - 1);
  return `${Math.exp(mean).toFixed(3)} ± ${(2 * Math.sqrt(variance / logs.length)).toFixed(3)}`;
}
