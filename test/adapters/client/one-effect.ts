import assert from "node:assert/strict";
import { startServer, type RunningServer } from "../../../src/adapters/node-http/index.ts";
import type { Timer } from "../../../src/domain/index.ts";
import { clientOf, openLab, type Lab } from "./counters.ts";
import { startFaultyProxy, type Fault } from "./faulty-proxy.ts";

const COUNTERS = 20;
const CUT: readonly Fault[] = ["answer cut", "answer cut", "answer cut", "answer cut", "answer cut"];
const FAULTS: readonly Fault[] = ["none", "none", "none", "none", "refused", "request lost", "answer lost", ...CUT, "unavailable", "bad gateway", "slow"];
/** Requests from one end of the server to the next. */
const LIFE = 100;

/** The same numbers at every run (Park and Miller). */
function createRandom(): () => number {
  let state = 20_261_125;
  return () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
}

/** No pause is waited for, not even the second that a server asks for which is about to end. */
const wakeAtOnce: Timer = (_at, wake) => {
  const immediate = setImmediate(wake);
  return () => clearImmediate(immediate);
};

const serve = (lab: Lab) => startServer({ port: 0, createHandler: () => lab.handler, newId: () => crypto.randomUUID(), observe: () => {}, drainTimeoutMs: 0 });

/** So many calls, a multiple of 20, over a server that is killed, slow, cut at every byte of an answer or unavailable: each has one effect. Answers how often each fault was. */
export async function callThroughFaults(calls: number): Promise<ReadonlyMap<Fault, number>> {
  const each = calls / COUNTERS;
  const random = createRandom();
  const lab = openLab();
  let server: RunningServer = await serve(lab);
  let requests = 0;
  let restarting: Promise<void> | undefined;
  const restart = async () => {
    const old = server;
    server = await serve(lab);
    await old.close();
  };
  const next = (): Fault => {
    if (++requests % LIFE === 0) restarting = Promise.all([restarting, restart()]).then(() => undefined);
    return FAULTS[Math.floor(random() * FAULTS.length)] ?? "none";
  };
  const proxy = await startFaultyProxy({ target: () => server.port, next });

  const client = clientOf({ baseUrl: `http://127.0.0.1:${proxy.port}`, maxTries: 1_000, timeoutMs: Infinity, timer: wakeAtOnce });
  const counts = await Promise.all(
    Array.from({ length: COUNTERS }, async (_, at) => {
      const seen: number[] = [];
      for (let call = 0; call < each; call++) seen.push(Number((await client.execute("counters/add", at + 1)).data.count));
      return seen;
    }),
  );
  const inOrder = Array.from({ length: each }, (_, at) => at + 1);
  for (const [at, seen] of counts.entries()) {
    assert.deepEqual(seen, inOrder, "each call was answered with what it alone has done");
    assert.equal(lab.count(at + 1), each);
  }
  proxy.close();
  await restarting;
  await server.close();
  return proxy.done;
}
