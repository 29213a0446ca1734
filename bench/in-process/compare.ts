import { fork } from "node:child_process";
import { answerOf, ended } from "../child.ts";
import { isWanted } from "../options.ts";
import type { Options } from "../options.ts";
import { TABLES } from "./cases.ts";
import type { TableName } from "./cases.ts";
import { reportInProcess } from "./report.ts";
import type { Measured, Times } from "./report.ts";

const ROUNDS = 5;
const SECONDS = 2;
/** So large that nothing is collected during a run. */
const SPACIOUS = ["--expose-gc", "--min-semi-space-size=256", "--max-semi-space-size=256"];

/** Measures every case in fresh processes, one round of all after the other. Answers the section of the report. */
export async function measureInProcess(options: Options): Promise<string> {
  const { rounds = ROUNDS, seconds = SECONDS } = options;
  const measure = (table: TableName): Promise<readonly Measured[]> => measureTable(table, namesIn(table, options), rounds, seconds);
  return reportInProcess({ rounds, seconds, execution: await measure("execution"), validation: await measure("validation") });
}

function namesIn(table: TableName, options: Options): readonly string[] {
  return Object.keys(TABLES[table].cases).filter((name) => name === TABLES[table].baseline || isWanted(options, name));
}

async function measureTable(table: TableName, names: readonly string[], rounds: number, seconds: number): Promise<readonly Measured[]> {
  const times = names.map((): Times[] => []);
  for (let round = 0; round < rounds; round++) {
    for (const [index, name] of names.entries()) times[index]?.push(await measureTimes(table, name, seconds));
  }
  const measured: Measured[] = [];
  for (const [index, name] of names.entries()) measured.push({ name, times: times[index] ?? [], bytes: await measureBytes(table, name) });
  return measured;
}

async function measureTimes(table: TableName, name: string, seconds: number): Promise<Times> {
  const [own = Number.NaN, baseline = Number.NaN] = await askProcess([table, name, "time", String(seconds)]);
  return { own, baseline };
}

async function measureBytes(table: TableName, name: string): Promise<number> {
  const [bytes = Number.NaN] = await askProcess([table, name, "bytes"], SPACIOUS);
  return bytes;
}

/** The numbers that a fresh process found. */
async function askProcess(args: readonly string[], execArgv: readonly string[] = []): Promise<readonly number[]> {
  const child = fork(new URL("measure.js", import.meta.url), args, { execArgv: [...execArgv] });
  const numbers = await answerOf<readonly number[]>(child);
  await ended(child);
  return numbers;
}
