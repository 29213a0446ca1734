import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { connect } from "node:net";
import { createInterface } from "node:readline";
import { test } from "node:test";
import type { TestContext } from "node:test";
import { json } from "../../../src/adapters/http/response.ts";
import { drainOnSignal } from "../../../src/adapters/node-http/index.ts";
import { argumentsToRun } from "../../compiled.ts";
import { failure, serve, signal } from "./fixture.ts";
import { RawClient } from "./raw-client.ts";

const DRAINING = failure("unavailable", "The server is shutting down; try again in a few seconds.");

/** Starts the process and answers how to speak with it. */
async function start(t: TestContext, drainTimeoutMs: number, ...more: readonly string[]) {
  const child = spawn(process.execPath, [...argumentsToRun("test/adapters/node-http/draining-server.ts"), String(drainTimeoutMs), ...more], { stdio: ["pipe", "pipe", "inherit"] });
  t.after(() => child.kill("SIGKILL"));
  const exit = once(child, "exit");
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  const said = async (start: string): Promise<string> => {
    for (;;) {
      const line = await lines.next();
      if (line.done === true) throw new Error(`the process ended before it said ${start}`);
      if (line.value.startsWith(start)) return line.value.slice(start.length).trim();
    }
  };
  const port = Number(await said("port"));
  return { child, exit, said, open: () => new RawClient(port), port };
}

test("SIGTERM: what runs is answered, what comes late is told so, idle connections close, and the process exits with 0", async (t) => {
  const { child, exit, said, open, port } = await start(t, 5_000);
  const idle = open();
  assert.equal((await idle.send(["GET /a HTTP/1.1", "Host: a"]).read()).headers.get("connection"), "keep-alive");
  const silent = await open().connected();
  const running = open().send(["GET /slow HTTP/1.1", "Host: a"]);
  await said("received /slow");
  const late = open().write("GET /late HTTP/1.1\r\nHost:");
  const marker = open().send(["GET /marker HTTP/1.1", "Host: a", "Connection: close"]);
  await marker.readRest();
  child.kill("SIGTERM");
  await said("stopping");
  assert.equal(await idle.readRest(), "");
  assert.equal(await silent.readRest(), "");
  await refused(port);
  const refusal = await late.write(" a\r\n\r\n").read();
  assert.deepEqual([refusal.status, refusal.body], [503, DRAINING]);
  assert.deepEqual([refusal.headers.get("connection"), refusal.headers.get("retry-after")], ["close", "5"]);
  running.send(["GET /ahead HTTP/1.1", "Host: a"]);
  child.stdin.write("go\n");
  const answer = await running.read();
  assert.deepEqual([answer.status, answer.body], [200, '{"path":"/slow"}']);
  await running.readRest();
  assert.deepEqual(await exit, [0, null]);
});

/** Waits until nobody listens on the port. */
async function refused(port: number): Promise<void> {
  const socket = connect(port, "127.0.0.1");
  const [error] = await once(socket, "error");
  assert.ok(error instanceof Error && "code" in error && error.code === "ECONNREFUSED");
}

test("SIGINT: what never ends is cut off at the deadline, and the process still exits with 0", async (t) => {
  const { child, exit, said, open } = await start(t, 100);
  const stuck = open().send(["GET /never HTTP/1.1", "Host: a"]);
  await said("received /never");
  child.kill("SIGINT");
  assert.equal(await stuck.readRest(), "");
  assert.deepEqual(await exit, [0, null]);
});

test("A second signal ends the process at once", async (t) => {
  const { child, exit, said, open } = await start(t, 60_000);
  open().send(["GET /never HTTP/1.1", "Host: a"]);
  await said("received /never");
  child.kill("SIGTERM");
  await said("stopping");
  child.kill("SIGTERM");
  assert.deepEqual(await exit, [143, null]);
});

test("What fails while stopping is told, and the process exits with 1", async (t) => {
  const { child, exit, said } = await start(t, 0, "fail");
  child.kill("SIGTERM");
  await said("stop_failed");
  assert.deepEqual(await exit, [1, null]);
});

test("Signals can be left alone again, and a deadline is checked", () => {
  const before = process.listenerCount("SIGTERM");
  const takeBack = drainOnSignal({ stop: async () => {} });
  assert.equal(process.listenerCount("SIGTERM"), before + 1);
  takeBack();
  assert.equal(process.listenerCount("SIGTERM"), before);
  assert.throws(() => drainOnSignal({ stop: async () => {}, deadlineMs: 0 }), { name: "TypeError" });
});

test("close() waits for handlers whose client has gone, and answers what was sent ahead with 503", async (t) => {
  const started = new Map([["/1", signal()], ["/gone", signal()]]);
  const gate = signal();
  let finished = false;
  const { server, open } = await serve(t, async ({ path }) => {
    started.get(path)?.happen();
    await gate.happened;
    finished = true;
    return json(200, { path });
  }, { drainTimeoutMs: 5_000 });
  const client = open().write("GET /1 HTTP/1.1\r\nHost: a\r\n\r\nGET /2 HTTP/1.1\r\nHost: a\r\n\r\n");
  const gone = open().send(["GET /gone HTTP/1.1", "Host: a"]);
  await started.get("/1")?.happened;
  await started.get("/gone")?.happened;
  gone.socket.destroy();
  const closed = server.close();
  assert.equal(server.close(), closed, "stopping twice is stopping once");
  gate.happen();
  const first = await client.read();
  assert.deepEqual([first.body, first.headers.get("connection")], ['{"path":"/1"}', "keep-alive"]);
  const second = await client.read();
  assert.deepEqual([second.body, second.headers.get("connection")], [DRAINING, "close"]);
  await closed;
  await server.stopped;
  assert.equal(finished, true);
});
