import assert from "node:assert/strict";
import { once } from "node:events";
import { test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { createApiClient, fetchToken } from "../crash/api-client.ts";
import type { FloodOrder, FloodReport } from "./nobody.ts";
import { percentile } from "./percentiles.ts";
import { readSeconds } from "./seconds.ts";
import { callWitness } from "./witness.ts";
import { forkScript, startWatchedServer, type WatchedServer } from "./watched-server.ts";

const MIB = 1_048_576;
const MAX_GROWTH_BYTES = 50 * MIB;
const MAX_P99_MS = 250;
const PAUSE_MS = 20;
const seconds = readSeconds("FLOOD_SECONDS", 60);

/** How whoever has a right was served meanwhile. */
interface Served {
  readonly tookMs: number[];
  readonly failures: string[];
}

test(`A flood of ${seconds} s by somebody without any right leaves next to nothing behind, and others are served meanwhile`, { timeout: (seconds + 120) * 1000 }, async (context) => {
  const server = await startWatchedServer();
  context.after(() => server.remove());
  const before = await settle(server);
  const flood = forkScript("nobody", await toOrder(server));
  context.after(() => flood.kill("SIGKILL"));
  const report: { latest: FloodReport } = { latest: {} };
  flood.on("message", (latest: FloodReport) => void (report.latest = latest));
  const askWitness = callWitness();
  const served = await work(server, performance.now() + seconds * 1000);
  const witness = askWitness();
  const during = await server.measure();
  flood.kill("SIGKILL");
  await once(flood, "exit");
  const after = await settle(server);
  const stopped = await server.stop();
  const p99 = percentile(served.tookMs, 99);
  const growth = [during, after].map(({ heapBytes }) => heapBytes - before.heapBytes);
  context.diagnostic(JSON.stringify(report.latest));
  context.diagnostic(`${served.tookMs.length} calls of orders: median ${percentile(served.tookMs, 50).toFixed(1)} ms, p99 ${p99.toFixed(1)} ms, longest ${Math.max(...served.tookMs).toFixed(1)} ms; ${served.failures.length} failures; who does nothing was late by p99 ${witness.p99Ms.toFixed(1)} ms${witness.isCalm ? "" : ": too busy a machine to judge by"}`);
  context.diagnostic(`heap +${growth.map((bytes) => (bytes / MIB).toFixed(1)).join(" MiB during, +")} MiB after, and in buffers +${((during.bufferBytes - before.bufferBytes) / MIB).toFixed(1)} MiB during; event loop kept for p99 ${during.busyP99Ms.toFixed(1)} ms, longest ${during.busyMaxMs.toFixed(0)} ms, late by p99 ${during.delayP99Ms.toFixed(1)} ms; stopped in ${stopped.tookMs.toFixed(0)} ms`);
  assert.deepEqual(served.failures.slice(0, 3), []);
  assert.ok(growth.every((bytes) => bytes < MAX_GROWTH_BYTES), `the heap grew by ${growth.join(" and ")} bytes`);
  assert.ok(!witness.isCalm || p99 < MAX_P99_MS, `99 of 100 calls were answered within ${p99} ms`);
  assert.equal(stopped.code, 0);
});

async function toOrder({ port, clients }: WatchedServer): Promise<FloodOrder> {
  return { port, token: await tokenOf({ port, clients }, "nobody"), clientId: clients["orders"]?.client_id ?? "", portalId: clients["portal"]?.client_id ?? "" };
}

function tokenOf({ port, clients }: Pick<WatchedServer, "port" | "clients">, name: string): Promise<string> {
  const { client_id = "", client_secret = "" } = clients[name] ?? {};
  return fetchToken(port, { client_id, client_secret });
}

/** What is left once nothing happens any more. */
async function settle(server: WatchedServer): Promise<Awaited<ReturnType<WatchedServer["measure"]>>> {
  await server.measure();
  await delay(500);
  return server.measure();
}

/** Creates orders and approves them, one call after the other. */
async function work(server: WatchedServer, until: number): Promise<Served> {
  const api = createApiClient(server.port, await tokenOf(server, "orders"));
  const served: Served = { tookMs: [], failures: [] };
  const call = async (path: string, body: unknown): Promise<string> => {
    const started = performance.now();
    try {
      const { status, text } = await api.post(`/api/v1/actions/${path}`, body);
      if (status !== 200) served.failures.push(`${path}: ${status} ${text}`);
      return text;
    } catch (error) {
      served.failures.push(`${path}: ${String(error)}`);
      return "";
    } finally {
      served.tookMs.push(performance.now() - started);
    }
  };
  while (performance.now() < until) {
    const made = await call("orders/create-order/execute", { customer: "ALFKI", ordered_at: "2026-11-23", lines: [{ product: 1, quantity: 1 }] });
    const [, id] = /"id":(\d+)/.exec(made) ?? [];
    if (id !== undefined) await call(`orders/approve-order/execute/${id}`, {});
    await delay(PAUSE_MS);
  }
  api.close();
  return served;
}
