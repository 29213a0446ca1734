import type { ChildProcess } from "node:child_process";
import { answerOf, ended } from "../child.ts";
import { LOAD_CORE, SERVER_CORE, startPinned } from "../http/pinned.ts";
import { FLOOR } from "../http/servers.ts";
import type { Started } from "../http/started.ts";
import type { Options } from "../options.ts";
import { describeMachine } from "../report/machine.ts";
import { toTable } from "../report/table.ts";
import { spreadOf } from "../statistics.ts";
import type { ClientLoad, ClientTurn } from "./load-process.ts";

const ROUNDS = 7;
const SECONDS = 2;
const WAYS = ["fetch", "client"] as const;

/** What the typed client costs beside `fetch` written by hand, both against the server that does nothing. Answers the section of the report. */
export async function measureClient({ rounds = ROUNDS, seconds = SECONDS }: Options): Promise<string> {
  const server = startPinned(SERVER_CORE, new URL("../http/server-process.js", import.meta.url), [FLOOR]);
  const { port, tokens } = await answerOf<Started>(server);
  const token = tokens[0] ?? "";
  const load = startPinned(LOAD_CORE, new URL("load-process.js", import.meta.url));
  for (const way of WAYS) await measureTurn(load, { way, port, token, seconds });
  const turns = { fetch: new Array<ClientTurn>(), client: new Array<ClientTurn>() };
  for (let round = 0; round < rounds; round++) {
    for (const way of round % 2 === 0 ? WAYS : WAYS.toReversed()) turns[way].push(await measureTurn(load, { way, port, token, seconds }));
  }
  for (const child of [load, server]) {
    child.disconnect();
    await ended(child);
  }
  return report({ rounds, seconds, turns });
}

function measureTurn(load: ChildProcess, told: ClientLoad): Promise<ClientTurn> {
  load.send(told);
  return answerOf<ClientTurn>(load);
}

interface Measured {
  readonly rounds: number;
  readonly seconds: number;
  readonly turns: Readonly<Record<(typeof WAYS)[number], readonly ClientTurn[]>>;
}

function report({ rounds, seconds, turns }: Measured): string {
  const shares = spreadOf(turns.client.map(({ perSecond }, round) => perSecond / (turns.fetch[round]?.perSecond ?? Number.NaN)));
  const row = (name: string, of: readonly ClientTurn[]): readonly string[] => [
    name,
    spreadOf(of.map(({ perSecond }) => perSecond)).median.toFixed(0),
    spreadOf(of.map(({ p99Ms }) => p99Ms)).median.toFixed(2),
    spreadOf(of.map(({ cpuMicroseconds }) => cpuMicroseconds)).median.toFixed(1),
  ];
  return `## The typed client

${describeMachine()}.
${rounds} rounds in which each way has a turn of ${seconds} s; 32 calls at once, against the floor of the servers. Medians of the rounds.

${toTable(["", "calls/s", "p99 ms", "CPU µs"], [row("fetch by hand", turns.fetch), row("the typed client", turns.client)])}

Calls a second of the client as a share of those by hand, in the same round: ${shares.median.toFixed(2)} (${shares.least.toFixed(2)} to ${shares.most.toFixed(2)}).`;
}
