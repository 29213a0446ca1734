import { symlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import { startServerProcess, type ServerProcess } from "../../examples/northwind-cluster/process.ts";
import { compileScripts } from "../compiled.ts";

const SERVER = "examples/northwind-cluster/server.ts";
const AGAIN_MS = 50;
const START_TIMEOUT_MS = 60_000;

/** What the processes of a cluster have in common. */
export interface ClusterOptions {
  readonly directory: string;
  readonly variables: Readonly<Record<string, string>>;
  readonly processes: number;
}

/** Processes that are started again whenever they end. */
export interface ServerCluster {
  readonly ports: readonly number[];
  /** Kills one of those that listen, as the kernel does; settles when it is gone. */
  kill(): Promise<void>;
  /** Settles when all of them listen. */
  allListen(): Promise<void>;
  /** Tells all to stop; answers their exit codes. */
  stop(): Promise<readonly (number | null)[]>;
}

/** The script of a process, compiled: hundreds of them are started. */
export function compileServer(): string {
  const server = compileScripts(SERVER)(SERVER);
  symlinkSync(join(process.cwd(), "examples/northwind-cluster/node_modules"), join(dirname(server), "node_modules"));
  return server;
}

/** Starts them, the first one before the others: it fills the store. */
export async function startServers(script: string, { directory, variables, processes }: ClusterOptions): Promise<ServerCluster> {
  const slots = Array.from({ length: processes }, (_, at) => new Slot(script, { ...variables, DATA_DIR: join(directory, String(at)) }));
  for (const slot of slots) {
    slot.start();
    await slot.listens();
  }
  return {
    ports: slots.map(({ port }) => port),
    async kill() {
      const alive = slots.filter(({ isListening }) => isListening);
      await alive[Math.floor(Math.random() * alive.length)]?.kill();
    },
    async allListen() {
      await Promise.all(slots.map((slot) => slot.listens()));
    },
    stop: () => Promise.all(slots.map((slot) => slot.stop())),
  };
}

/** The place of one process, which has one after the other. */
class Slot {
  readonly #script: string;
  readonly #variables: Readonly<Record<string, string>>;
  #server: ServerProcess | undefined;
  #isStopping = false;
  isListening = false;
  /** Any at first, and then always the same. */
  port = 0;

  constructor(script: string, variables: Readonly<Record<string, string>>) {
    this.#script = script;
    this.#variables = variables;
  }

  start(): void {
    const server = startServerProcess({ variables: { ...this.#variables, PORT: String(this.port) }, script: [this.#script], stderr: process.env["CLUSTER_LOG"] === undefined ? "ignore" : "inherit" });
    this.#server = server;
    void server.listening.then((port) => {
      this.port = port;
      this.isListening = true;
    }, () => undefined);
    void server.ended.then(() => {
      this.isListening = false;
      if (!this.#isStopping) setTimeout(() => this.start(), AGAIN_MS);
    });
  }

  async listens(): Promise<void> {
    for (const since = performance.now(); !this.isListening; await new Promise((resolve) => setTimeout(resolve, AGAIN_MS))) {
      if (performance.now() - since > START_TIMEOUT_MS) throw new Error("a process has neither listened nor ended in its time");
    }
  }

  async kill(): Promise<void> {
    this.#server?.child.kill("SIGKILL");
    await this.#server?.ended;
  }

  async stop(): Promise<number | null> {
    this.#isStopping = true;
    this.#server?.child.kill("SIGTERM");
    await this.#server?.ended;
    return this.#server?.child.exitCode ?? null;
  }
}
