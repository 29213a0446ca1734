import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { prepareDatabase } from "../../examples/northwind-cluster/database/prepare.ts";
import { connectStore } from "../../examples/northwind-cluster/store.ts";
import { fetchAdminToken } from "../crash/api-client.ts";
import { startCluster } from "../postgres/cluster.ts";
import { checkBooks, checkRemembered, untilAllEnded } from "./books.ts";
import { compileServer, startServers } from "./cluster.ts";
import { Crew } from "./crew.ts";
import { backUpAndRestore } from "./restore.ts";

const { CLUSTER_KILLS = "100", CLUSTER_CLIENTS = "64", CLUSTER_PROCESSES = "3", CLUSTER_WORKFLOWS = "embedded,dbos" } = process.env;
const KILLS = Number(CLUSTER_KILLS);
/** After so many kills PostgreSQL itself is ended, in the middle of everything. */
const KILLS_A_CRASH = 10;
const MAX_LIFE_MS = 600;
const ISSUER = "http://127.0.0.1:3000";

const server = compileServer();

for (const workflows of CLUSTER_WORKFLOWS.split(",")) test(`${workflows} workflows: ${CLUSTER_PROCESSES} processes are killed ${KILLS} times in all, and PostgreSQL ${Math.floor(KILLS / KILLS_A_CRASH)} times, under ${CLUSTER_CLIENTS} clients: nothing that was answered is lost, nothing is done twice, and a backup has it all`, { timeout: 900_000 }, async (t) => {
  const postgres = await startCluster();
  const directory = await mkdtemp(join(tmpdir(), "actionport-cluster-"));
  const url = postgres.url();
  const connected = connectStore(url, { clock: Date.now, observe: () => undefined });
  t.after(async () => {
    await connected.store.close();
    await postgres.remove();
    await rm(directory, { recursive: true, force: true });
  });
  await prepareDatabase(url);
  const key = generateKeyPairSync("ed25519").privateKey.export({ type: "pkcs8", format: "pem" }).toString();
  const variables = { DATABASE_URL: url, ACTIONPORT_ISSUER: ISSUER, ACTIONPORT_SIGNING_KEY: key, HOST: "127.0.0.1", WORKFLOWS: workflows };
  const servers = await startServers(server, { directory, variables, processes: Number(CLUSTER_PROCESSES) });
  t.after(() => servers.stop());
  const token = await fetchAdminToken(join(directory, "0"), servers.ports[0] ?? 0);
  const crew = new Crew(servers.ports, token);
  t.after(() => crew.close());
  const working = crew.work(Number(CLUSTER_CLIENTS));
  for (let kills = 1; kills <= KILLS; kills++) {
    await pause(Math.random() * MAX_LIFE_MS);
    await servers.kill();
    if (kills % KILLS_A_CRASH !== 0) continue;
    await postgres.crash();
    await pause(Math.random() * MAX_LIFE_MS);
    await postgres.start();
    await servers.allListen();
  }
  await servers.allListen();
  await pause(2_000);
  crew.finish();
  await working;
  await untilAllEnded(connected);
  await checkRemembered(crew);
  const ends = await checkBooks(connected, crew);
  t.diagnostic(`${crew.done.length} calls were answered, ${crew.refused} had to be made again; fulfilments: ${JSON.stringify(ends)}`);
  assert.ok(crew.done.length > 5 * KILLS, `only ${crew.done.length} calls were answered`);
  assert.ok(ends.completed > 0 && ends.cancelled > 0, JSON.stringify(ends));
  assert.deepEqual(await servers.stop(), servers.ports.map(() => 0));
  const restored = connectStore(backUpAndRestore(postgres, directory), { clock: Date.now, observe: () => undefined });
  try {
    await restored.store.open();
    assert.deepEqual(await checkBooks(restored, crew), ends);
  } finally {
    await restored.store.close();
  }
});
