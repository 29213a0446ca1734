import assert from "node:assert/strict";
import { test } from "node:test";
import { createMemoryStore } from "../../src/adapters/memory/index.ts";
import type { Application } from "../../src/app/application/application.ts";
import { createReadiness } from "../../src/app/health/readiness.ts";
import { prepare, start, startApplication } from "../../src/app/start.ts";
import { createCatalog, type Observation, type RecordStore } from "../../src/domain/index.ts";
import { makeDataDirectory } from "./served-northwind.ts";

const catalog = createCatalog({ subjects: [], actions: [] });
const clock = Date.now;

async function ask(url: string, path: string, init?: RequestInit): Promise<readonly [number, unknown]> {
  const answer = await fetch(`${url}${path}`, init);
  const text = await answer.text();
  return [answer.status, text === "" ? null : JSON.parse(text)];
}

test("A server that runs is alive and ready, for whoever asks, without a token and without a line in the log", async (context) => {
  const told: Observation[] = [];
  const application: Application = { catalog, observe: (observation) => void told.push(observation), readiness: { payments: () => true } };
  const { url, stop } = await startApplication(application, { PORT: "0", DATA_DIR: makeDataDirectory(context) });
  assert.deepEqual(await ask(url, "/healthz"), [200, { alive: true }]);
  assert.deepEqual(await ask(url, "/readyz"), [200, { ready: true, parts: { server: true, store: true, workflows: true, payments: true } }]);
  assert.deepEqual(await ask(url, "/readyz?verbose"), [200, { ready: true, parts: { server: true, store: true, workflows: true, payments: true } }]);
  assert.deepEqual(await ask(url, "/healthz", { method: "HEAD" }), [200, null]);
  assert.deepEqual(await ask(url, "/healthz", { method: "POST" }), [405, { success: false, message: "Use one of GET, HEAD here.", code: "method_not_allowed" }]);
  assert.equal((await ask(url, "/healthzz"))[0], 404);
  assert.deepEqual(told.filter(({ event }) => event === "request").map(({ path }) => path), ["/healthzz"]);
  await stop();
});

test("A store that does not answer is told of by its name alone; the log has the cause, once", async (context) => {
  const told: Observation[] = [];
  const fault: { error?: Error } = {};
  const memory = createMemoryStore({ clock });
  const answer = <T>(work: () => T): T => {
    if (fault.error !== undefined) throw fault.error;
    return work();
  };
  const store: RecordStore = {
    read: (collection, ids) => answer(() => memory.read(collection, ids)),
    list: (collection, page) => memory.list(collection, page),
    commit: (changes, entries) => memory.commit(changes, entries),
    trail: (query) => memory.trail(query),
    durable: () => memory.durable(),
  };
  const { url, stop } = await startApplication({ catalog, store, observe: (observation) => void told.push(observation) }, { PORT: "0", DATA_DIR: makeDataDirectory(context) });
  fault.error = new Error("password=secret: connection refused");
  for (let times = 0; times < 2; times++) assert.deepEqual(await ask(url, "/readyz"), [503, { ready: false, parts: { server: true, store: false, workflows: true } }]);
  assert.deepEqual(await ask(url, "/healthz"), [200, { alive: true }]);
  delete fault.error;
  assert.equal((await ask(url, "/readyz"))[0], 200);
  assert.deepEqual(told.filter(({ event }) => /ready/.test(event)).map(({ event, part }) => [event, part]), [["not_ready", "store"], ["ready_again", "store"]]);
  await stop();
});

test("A store that can say whether it is ready is asked, and one's own checks too", async (context) => {
  const memory = createMemoryStore({ clock });
  const ready = () => Promise.reject(new Error("the schema is older"));
  const store = () => ({ read: memory.read.bind(memory), list: memory.list.bind(memory), commit: memory.commit.bind(memory), trail: memory.trail.bind(memory), durable: memory.durable.bind(memory), ready });
  const { url, stop } = await startApplication({ catalog, store, readiness: { payments: () => false }, observe: () => undefined }, { PORT: "0", DATA_DIR: makeDataDirectory(context) });
  assert.deepEqual(await ask(url, "/readyz"), [503, { ready: false, parts: { server: true, store: false, workflows: true, payments: false } }]);
  await stop();
  await assert.rejects(startApplication({ catalog, readiness: { store: () => true } }, {}), { name: "TypeError", message: "readiness: store is asked already; name another part" });
});

test("An observer that throws makes nothing unready", async (context) => {
  const answers = [false, true, true];
  const observe = () => {
    throw new Error("the application's own fault");
  };
  const { url, stop } = await startApplication({ catalog, readiness: { payments: () => answers.shift() ?? true }, observe }, { PORT: "0", DATA_DIR: makeDataDirectory(context) });
  assert.deepEqual([(await ask(url, "/readyz"))[0], (await ask(url, "/readyz"))[0], (await ask(url, "/readyz"))[0]], [503, 200, 200]);
  await stop();
});

test("A server that is about to stop is not ready, and still serves", async (context) => {
  const { url, leave, stop } = await start(prepare({ catalog }, { PORT: "0", DATA_DIR: makeDataDirectory(context) }), () => undefined);
  leave();
  assert.deepEqual(await ask(url, "/readyz"), [503, { ready: false, parts: { server: false, store: true, workflows: true } }]);
  assert.equal((await ask(url, "/api/v1/actions"))[0], 401);
  await stop();
});

test("A server that takes no more requests still says how it is", async (context) => {
  const held: { end?: () => void } = {};
  const hang = () => new Promise<{ status: number; headers: {}; body: string }>((resolve) => (held.end = () => resolve({ status: 200, headers: {}, body: "done" })));
  const { url, stop } = await startApplication({ catalog, server: { maxInFlight: 1 }, routes: { "/hang": hang } }, { PORT: "0", DATA_DIR: makeDataDirectory(context) });
  const hanging = fetch(`${url}/hang`);
  while (held.end === undefined) await new Promise((resolve) => setImmediate(resolve));
  assert.equal((await ask(url, "/api/v1/actions"))[0], 503);
  assert.deepEqual(await ask(url, "/healthz"), [200, { alive: true }]);
  assert.equal((await ask(url, "/readyz"))[0], 200);
  held.end();
  assert.equal(await (await hanging).text(), "done");
  await stop();
});

test("A part that says nothing for two seconds is not ready, and a crowd asks it once", async () => {
  const wakes: (() => void)[] = [];
  const told: Observation[] = [];
  let asked = 0;
  const readiness = createReadiness({
    checks: { store: () => (asked++, new Promise<boolean>(() => undefined)) },
    timer: (_at, wake) => (wakes.push(wake), () => undefined),
    clock: () => 0,
    observe: (observation) => void told.push(observation),
  });
  const answers = [readiness(), readiness(), readiness()];
  assert.equal(asked, 1);
  wakes[0]?.();
  assert.deepEqual(await Promise.all(answers), [{ store: false }, { store: false }, { store: false }]);
  assert.deepEqual(told.map(({ event, part, error }) => [event, part, error instanceof Error ? error.message : ""]), [["not_ready", "store", "no answer within 2000 ms"]]);
});
