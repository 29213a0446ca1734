import { fork, type ChildProcess } from "node:child_process";
import { startCluster, type Cluster } from "../../test/postgres/cluster.ts";
import { answerOf, ended } from "../child.ts";
import type { Options } from "../options.ts";
import { quantile } from "../statistics.ts";
import { reportCluster } from "./report.ts";
import type { ClusterTurn, MeasuredSize } from "./report.ts";
import type { WorkerTurn } from "./worker.ts";

const ROUNDS = 5;
const SECONDS = 4;
const CALLERS = 64;
const SIZES = [1, 2, 4] as const;
const WARM_UP_MS = 3_000;
export const WAYS = ["by hand", "ours"] as const;
type Way = (typeof WAYS)[number];

/** Processes on one PostgreSQL, by hand and ours in turns. Answers the section of the report. */
export async function measureCluster({ rounds = ROUNDS, seconds = SECONDS }: Options): Promise<string> {
  const postgres = await startCluster({ settings: { max_connections: "300" } });
  try {
    const databases = { "by hand": createDatabase(postgres, "by_hand"), ours: createDatabase(postgres, "ours") };
    const measured: MeasuredSize[] = [];
    for (const processes of SIZES) measured.push(await measureSize(databases, processes, rounds, seconds));
    return reportCluster({ rounds, seconds, callers: CALLERS, version: postgres.psql("show server_version"), measured });
  } finally {
    await postgres.remove();
  }
}

function createDatabase(postgres: Cluster, name: string): string {
  postgres.psql(`create database ${name}`);
  return postgres.url(name);
}

async function measureSize(databases: Readonly<Record<Way, string>>, processes: number, rounds: number, seconds: number): Promise<MeasuredSize> {
  const crews: Record<Way, readonly ChildProcess[]> = { "by hand": [], ours: [] };
  for (const way of WAYS) crews[way] = await startCrew(way, databases[way], processes);
  const turns: Record<Way, ClusterTurn[]> = { "by hand": [], ours: [] };
  for (const way of WAYS) await turnOf(crews[way], WARM_UP_MS);
  for (let round = 0; round < rounds; round++) for (const way of WAYS) turns[way].push(await turnOf(crews[way], seconds * 1_000));
  for (const child of [...crews["by hand"], ...crews.ours]) {
    child.disconnect();
    await ended(child);
  }
  return { processes, byHand: turns["by hand"], ours: turns.ours };
}

/** The first process of all makes the tables. */
async function startCrew(way: Way, url: string, processes: number): Promise<readonly ChildProcess[]> {
  const crew: ChildProcess[] = [];
  for (let number = 0; number < processes; number++) {
    const more = processes === SIZES[0] && number === 0 ? ["first"] : [];
    const child = fork(new URL("worker.js", import.meta.url), [way, url, String(CALLERS / processes), ...more]);
    await answerOf<string>(child);
    crew.push(child);
  }
  return crew;
}

async function turnOf(crew: readonly ChildProcess[], ms: number): Promise<ClusterTurn> {
  const began = performance.now();
  const turns = await Promise.all(crew.map((child) => {
    child.send({ ms });
    return answerOf<WorkerTurn>(child);
  }));
  const passed = performance.now() - began;
  const latencies = turns.flatMap((turn) => turn.latencies);
  return { perSecond: (latencies.length * 1_000) / passed, p50: quantile(latencies, 0.5), p99: quantile(latencies, 0.99) };
}
