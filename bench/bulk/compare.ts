import type { ChildProcess } from "node:child_process";
import { answerOf, ended } from "../child.ts";
import { LOAD_CORE, SERVER_CORE, startPinned, unpin } from "../http/pinned.ts";
import type { Started } from "../http/started.ts";
import { isWanted } from "../options.ts";
import type { Options } from "../options.ts";
import type { BulkTurn, CrowdTurn } from "./load-process.ts";
import { reportBulk } from "./report.ts";
import type { BulkFigures, MeasuredCase, MeasuredCrowd } from "./report.ts";
import type { ServerTurn } from "./server-process.ts";
import type { SinglesTurn } from "./singles-process.ts";
import { BULK_SERVERS, BY_HAND } from "./servers.ts";

const ROUNDS = 7;
const WARM_UP_CALLS = 6;
const SIZES = [1_000, 10_000] as const;
const CROWD = 100;
const CROWD_SUBJECTS = 9_990;
const MODES = ["each", "stop", "atomic"] as const;

interface Running extends Started {
  readonly name: string;
  readonly child: ChildProcess;
}

/** One call after the other, the servers in turns. Answers the section of the report. */
export async function measureBulk(options: Options): Promise<string> {
  const { rounds = ROUNDS } = options;
  const names = Object.keys(BULK_SERVERS).filter((name) => name === BY_HAND || isWanted(options, name));
  const load = startPinned(LOAD_CORE, new URL("load-process.js", import.meta.url));
  const servers = await Promise.all(names.map(startServer));
  const cases: MeasuredCase[] = [];
  for (const mode of MODES) {
    for (const subjects of SIZES) cases.push(await measureCase(load, servers, { mode, subjects }, rounds));
  }
  const crowds: MeasuredCrowd[] = [];
  const singles = startPinned(LOAD_CORE, new URL("singles-process.js", import.meta.url));
  for (const server of servers.filter(({ name }) => name.startsWith("ours"))) {
    crowds.push(await measureCrowd(load, singles, server));
    unpin(server.child);
    crowds.push(await measureCrowd(load, singles, { ...server, name: `${server.name}, all cores` }));
  }
  for (const child of [load, singles, ...servers.map((server) => server.child)]) {
    if (child.connected) child.disconnect();
    await ended(child);
  }
  return reportBulk(rounds, names, cases, crowds);
}

async function measureCrowd(load: ChildProcess, singles: ChildProcess, { name, port, tokens, child }: Running): Promise<MeasuredCrowd> {
  await turnOf(child);
  singles.send({ port, token: tokens[1] ?? "" });
  load.send({ port, token: tokens[0] ?? "", number: 0, mode: "each", subjects: CROWD_SUBJECTS, crowd: CROWD });
  const turn = await answerOf<CrowdTurn>(load);
  singles.send("end");
  const met = await answerOf<SinglesTurn>(singles);
  return { name, crowd: CROWD, subjects: CROWD_SUBJECTS, stallMs: (await turnOf(child)).stallMs, ...turn, ...met };
}

async function startServer(name: string): Promise<Running> {
  const child = startPinned(SERVER_CORE, new URL("server-process.js", import.meta.url), [name]);
  return { name, child, ...(await answerOf<Started>(child)) };
}

async function measureCase(load: ChildProcess, servers: readonly Running[], what: Pick<MeasuredCase, "mode" | "subjects">, rounds: number): Promise<MeasuredCase> {
  const figures: BulkFigures[][] = servers.map(() => []);
  for (let round = -WARM_UP_CALLS; round < rounds; round++) {
    for (const [at, { port, tokens, child }] of servers.entries()) {
      await turnOf(child);
      load.send({ port, token: tokens[0] ?? "", number: round + WARM_UP_CALLS, ...what });
      const { ms } = await answerOf<BulkTurn>(load);
      const { stallMs, cpuMs } = await turnOf(child);
      if (round >= 0) figures[at]?.push({ perSecond: (what.subjects * 1_000) / ms, stallMs, cpuMicroseconds: (cpuMs * 1_000) / what.subjects });
    }
  }
  return { ...what, figures };
}

/** What happened since it was asked for the last time. */
async function turnOf(child: ChildProcess): Promise<ServerTurn> {
  child.send("turn");
  return answerOf<ServerTurn>(child);
}
