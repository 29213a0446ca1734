import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { generateKeyPairSync } from "node:crypto";
import { join, resolve } from "node:path";
import { startBalancer, type Balancer } from "./balancer.ts";
import { prepareDatabase } from "./database/prepare.ts";
import { startPrivatePostgres } from "./database/private-postgres.ts";
import { startServerProcess, type ServerProcess } from "./process.ts";

/** Starts all: PostgreSQL unless `DATABASE_URL` names one, three processes, and a balancer before them. Ctrl-C ends all. */
const PROCESSES = ["one", "two", "three"];
const AGAIN_MS = 1_000;

const directory = resolve(process.env["DATA_DIR"] || ".data/northwind-cluster");
mkdirSync(directory, { recursive: true });
const running = new Map<string, ServerProcess>();
/** What is to be undone at the end, the last first. */
const started: (() => Promise<void>)[] = [];
let isStopping = false;

for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => void stop(0));
try {
  await start();
} catch (error) {
  process.stderr.write(`northwind-cluster did not start: ${error instanceof Error ? error.message : String(error)}\n`);
  await stop(1);
}

async function start(): Promise<void> {
  const url = process.env["DATABASE_URL"] || (await openDatabase());
  await prepareDatabase(url);
  const balancer = await startBalancer(Number(process.env["PORT"] || 3000));
  started.push(() => balancer.close());
  started.push(stopProcesses);
  const issuer = process.env["ACTIONPORT_ISSUER"] || `http://127.0.0.1:${balancer.port}`;
  const variables = { DATABASE_URL: url, ACTIONPORT_ISSUER: issuer, ACTIONPORT_SIGNING_KEY: readSigningKey(), HOST: "127.0.0.1", PORT: "0" };
  // The first one fills a new store and makes the first clients and users; then the others find them.
  for (const name of PROCESSES) if (!isStopping) await startProcess(name, variables, balancer);
  process.stdout.write(`secrets and passwords: ${join(directory, "one", "credentials.json")}\n`);
  process.stdout.write(`northwind-cluster listening on http://127.0.0.1:${balancer.port}\n`);
}

async function openDatabase(): Promise<string> {
  const { url, stop: stopPostgres } = await startPrivatePostgres(join(directory, "postgres"));
  started.push(stopPostgres);
  return url;
}

/** What all processes sign tokens with; in a file that only its owner can read. */
function readSigningKey(): string {
  const path = join(directory, "signing-key.pem");
  if (!existsSync(path)) {
    const { privateKey } = generateKeyPairSync("ed25519");
    writeFileSync(path, privateKey.export({ type: "pkcs8", format: "pem" }), { mode: 0o600, flag: "wx" });
  }
  return readFileSync(path, "utf8");
}

/** Starts it, and once it has listened starts it again whenever it ends, as systemd or a container's platform would. */
async function startProcess(name: string, variables: Readonly<Record<string, string>>, balancer: Balancer): Promise<void> {
  const server = startServerProcess({ variables: { ...variables, DATA_DIR: join(directory, name) } });
  running.set(name, server);
  void server.ended.then(() => {
    running.delete(name);
    balancer.put(name, null);
  });
  balancer.put(name, await server.listening);
  void server.ended.then(() => setTimeout(() => void again(name, variables, balancer), AGAIN_MS));
}

async function again(name: string, variables: Readonly<Record<string, string>>, balancer: Balancer): Promise<void> {
  if (isStopping) return;
  try {
    await startProcess(name, variables, balancer);
  } catch {
    // It has said why on stderr.
    setTimeout(() => void again(name, variables, balancer), AGAIN_MS);
  }
}

async function stopProcesses(): Promise<void> {
  const servers = [...running.values()];
  for (const { child } of servers) child.kill("SIGTERM");
  await Promise.all(servers.map(({ ended }) => ended));
}

async function stop(code: number): Promise<void> {
  if (isStopping) return;
  isStopping = true;
  for (let undo = started.pop(); undo !== undefined; undo = started.pop()) await undo();
  process.exit(code);
}
