import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openFileStore } from "../../../src/adapters/file/index.ts";
import type { Timer } from "../../../src/domain/index.ts";
import { argumentsToRun } from "../../compiled.ts";
import { clientOf, countsIn } from "./counters.ts";
import { startFaultyProxy, type Fault } from "./faulty-proxy.ts";
import { startKilledServer } from "./killed-server.ts";

/** What a server and its network did. */
export interface Faulty {
  /** How often each fault was. */
  readonly faults: ReadonlyMap<Fault, number>;
  /** How often the server's process was killed. */
  readonly kills: number;
}

const COUNTERS = 20;
const CUT: readonly Fault[] = ["answer cut", "answer cut", "answer cut", "answer cut", "answer cut"];
const FAULTS: readonly Fault[] = ["none", "none", "none", "none", "refused", "request lost", "answer lost", ...CUT, "unavailable", "bad gateway", "slow"];

/** The same numbers at every run (Park and Miller). */
function createRandom(): () => number {
  let state = 20_261_125;
  return () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
}

/** No pause is waited for. */
const wakeAtOnce: Timer = (_at, wake) => {
  const immediate = setImmediate(wake);
  return () => clearImmediate(immediate);
};

/** So many calls, a multiple of 20, over a server that is killed with every so many requests, slow, cut at every byte of an answer or unavailable: each has one effect. */
export async function callThroughFaults(calls: number, life: number): Promise<Faulty> {
  const each = calls / COUNTERS;
  const random = createRandom();
  const directory = mkdtempSync(join(tmpdir(), "actionport-killed-"));
  const server = startKilledServer([...argumentsToRun("test/adapters/client/counter-process.ts"), directory]);
  let requests = 0;
  const next = (): Fault => {
    if (++requests % life === 0) server.kill();
    return FAULTS[Math.floor(random() * FAULTS.length)] ?? "none";
  };
  const proxy = await startFaultyProxy({ target: () => server.port(), next });
  try {
    const client = clientOf({ baseUrl: `http://127.0.0.1:${proxy.port}`, maxTries: 1_000, timeoutMs: Infinity, timer: wakeAtOnce });
    const answered = await Promise.all(
      Array.from({ length: COUNTERS }, async (_, at) => {
        const seen: number[] = [];
        for (let call = 0; call < each; call++) seen.push(Number((await client.execute("counters/add", at + 1)).data.count));
        return seen;
      }),
    );
    const inOrder = Array.from({ length: each }, (_, at) => at + 1);
    for (const seen of answered) assert.deepEqual(seen, inOrder, "each call was answered with what it alone has done");
    await server.end();
    const store = await openFileStore({ directory, clock: Date.now });
    assert.deepEqual(await countsIn(store), Array.from({ length: COUNTERS }, () => each));
    await store.close();
    return { faults: proxy.done, kills: server.kills };
  } finally {
    proxy.close();
    await server.end();
    rmSync(directory, { recursive: true });
  }
}
