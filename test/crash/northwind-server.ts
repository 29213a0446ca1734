import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { createInterface } from "node:readline";
import { compileScripts } from "../compiled.ts";

const MAIN = "examples/northwind/main.ts";
const compiledPath = compileScripts(MAIN);
const START_TIMEOUT_MS = 30_000;

/** A server on Northwind that can be killed. */
export interface NorthwindServer {
  /** As the kernel ends it, with no chance to tidy up; settles when the process is gone. */
  kill(): Promise<void>;
  /** Told to stop; answers its exit code. */
  stop(): Promise<number | null>;
}

/** A port that was free a moment ago: tokens name their issuer, so that all starts must listen on the same one. */
export async function findFreePort(): Promise<number> {
  const server = createServer();
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  if (address === null || typeof address === "string") throw new Error("no port was given");
  return address.port;
}

/** Starts it and waits until it listens. Rejects with what it wrote when it does not. */
export async function startNorthwind(dataDirectory: string, port: number): Promise<NorthwindServer> {
  const child = spawn(process.execPath, [compiledPath(MAIN)], {
    env: { ...process.env, HOST: "127.0.0.1", PORT: String(port), DATA_DIR: dataDirectory },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const exited = once(child, "exit");
  await listening(child);
  return {
    async kill() {
      child.kill("SIGKILL");
      await exited;
    },
    async stop() {
      child.kill("SIGTERM");
      await exited;
      return child.exitCode;
    },
  };
}

async function listening(child: ChildProcess): Promise<void> {
  const { stdout, stderr } = child;
  if (stdout === null || stderr === null) throw new Error("the server has no output");
  let complaint = "";
  stderr.on("data", (chunk: Buffer) => (complaint = `${complaint}${chunk.toString()}`.slice(-4000)));
  const deadline = setTimeout(() => child.kill("SIGKILL"), START_TIMEOUT_MS);
  for await (const line of createInterface({ input: stdout })) {
    if (!line.startsWith("actionport listening on ")) continue;
    clearTimeout(deadline);
    stdout.resume();
    return;
  }
  clearTimeout(deadline);
  throw new Error(`the server ended before it listened:\n${complaint}`);
}
