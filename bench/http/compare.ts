import type { ChildProcess } from "node:child_process";
import { answerOf, ended } from "../child.ts";
import { isWanted } from "../options.ts";
import type { Options } from "../options.ts";
import { checkServer } from "./check.ts";
import { LOAD_CORE, SERVER_CORE, startPinned } from "./pinned.ts";
import { reportHttp } from "./report.ts";
import type { Figures, Measured } from "./report.ts";
import { FLOOR, SERVERS } from "./servers.ts";
import type { Target, Turn } from "./target.ts";

const ROUNDS = 11;
const SECONDS = 2;
/** Until the compiler has seen enough. */
const WARM_UP_SECONDS = 3;
const WARM_UP_ANSWERS = 20_000;

interface Running extends Measured {
  readonly child: ChildProcess;
  readonly target: Target;
  readonly figures: Figures[];
}

/** Measures the servers in turns, so that whatever else the machine does meets all of them. Answers the section of the report. */
export async function measureHttp(options: Options): Promise<string> {
  const { rounds = ROUNDS, seconds = SECONDS } = options;
  const names = Object.keys(SERVERS).filter((name) => name === FLOOR || isWanted(options, name));
  const load = startPinned(LOAD_CORE, new URL("load-process.js", import.meta.url));
  const servers = await Promise.all(names.map(startServer));
  for (const { name, target } of servers) await checkServer(name, target);
  for (const server of servers) await measureTurn(load, server, WARM_UP_SECONDS, WARM_UP_ANSWERS);
  for (let round = 0; round < rounds; round++) {
    for (const server of rotate(servers, round)) server.figures.push(await measureTurn(load, server, seconds));
  }
  await Promise.all([load, ...servers.map(({ child }) => child)].map(stop));
  return reportHttp(rounds, seconds, servers);
}

async function startServer(name: string): Promise<Running> {
  const child = startPinned(SERVER_CORE, new URL("server-process.js", import.meta.url), [name]);
  const started = await answerOf<Omit<Target, "wire">>(child);
  return { name, child, target: { ...started, wire: SERVERS[name]?.wire ?? "rest" }, figures: [] };
}

/** Each round begins with another server, so that nobody is always behind the same one. */
function rotate<T>(all: readonly T[], by: number): readonly T[] {
  const start = by % all.length;
  return [...all.slice(start), ...all.slice(0, start)];
}

async function measureTurn(load: ChildProcess, { child, target }: Running, seconds: number, leastAnswers = 1): Promise<Figures> {
  const before = await readProcessorTime(child);
  load.send({ ...target, seconds, leastAnswers });
  const { answers, ...turn } = await answerOf<Turn>(load);
  return { ...turn, cpuMicroseconds: ((await readProcessorTime(child)) - before) / answers };
}

async function readProcessorTime(child: ChildProcess): Promise<number> {
  child.send("processor time");
  return answerOf<number>(child);
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.connected) child.disconnect();
  await ended(child);
}
