import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

/** A process of the cluster. */
export interface ServerProcess {
  readonly child: ChildProcess;
  /** The port that it listens on. Rejects when it ends before. */
  readonly listening: Promise<number>;
  /** Settles when it has ended. */
  readonly ended: Promise<void>;
}

/** How a process is started. */
export interface ServerProcessOptions {
  readonly variables: Readonly<Record<string, string>>;
  /** What node is given. Default: server.ts, run by tsx. */
  readonly script?: readonly string[];
  readonly stderr?: "inherit" | "ignore";
}

const SCRIPT = ["--import", "tsx", fileURLToPath(new URL("server.ts", import.meta.url))];

/**
 * Starts one. In a group of its own, so that Ctrl-C reaches only whoever started it, who tells the others; it ends by itself when that one is gone.
 */
export function startServerProcess({ variables, script = SCRIPT, stderr = "inherit" }: ServerProcessOptions): ServerProcess {
  const child = spawn(process.execPath, script, { env: { ...process.env, ...variables }, detached: true, stdio: ["ignore", "pipe", stderr, "ipc"] });
  const ended = once(child, "exit").then(() => undefined);
  return { child, listening: readPort(child, ended), ended };
}

async function readPort(child: ChildProcess, ended: Promise<void>): Promise<number> {
  const port = new Promise<number>((resolve) => {
    if (child.stdout === null) return;
    createInterface(child.stdout).on("line", (line) => {
      const found = /^actionport listening on http:\/\/[^ ]+:(\d+)$/.exec(line);
      if (found !== null) resolve(Number(found[1]));
    });
  });
  return Promise.race([port, ended.then(() => Promise.reject(new Error("a process has ended before it listened")))]);
}
