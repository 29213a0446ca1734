import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";

/** A server in a process that is killed again and again, each time started anew on the same directory. */
export interface KilledServer {
  /** Where it listens, once it does again. */
  port(): Promise<number>;
  /** SIGKILL, in the midst of whatever it does; then the next one is started. */
  kill(): void;
  /** How often it was killed. */
  readonly kills: number;
  /** Kills the last one, and waits until it is gone. */
  end(): Promise<void>;
}

interface Life {
  readonly child: ChildProcess;
  readonly port: Promise<number>;
  readonly gone: Promise<unknown>;
}

/** Starts the first one. `command`: what node is given. */
export function startKilledServer(command: readonly string[]): KilledServer {
  let life = Promise.resolve(begin(command));
  let kills = 0;
  return {
    port: async () => (await life).port,
    kill() {
      kills++;
      life = life.then(async ({ child, gone, port }) => {
        await port;
        child.kill("SIGKILL");
        await gone;
        return begin(command);
      });
    },
    get kills() {
      return kills;
    },
    async end() {
      const { child, gone } = await life;
      child.kill("SIGKILL");
      await gone;
    },
  };
}

function begin(command: readonly string[]): Life {
  const child = spawn(process.execPath, command, { stdio: ["ignore", "pipe", "inherit"] });
  const gone = once(child, "exit");
  const told = child.stdout === null ? Promise.reject(new Error("the server has no output")) : once(createInterface({ input: child.stdout }), "line");
  const port = Promise.race([told, gone.then(() => Promise.reject(new Error("the server ended before it listened")))]).then(([line]) => Number(line));
  // Told to whoever asks for it; nobody need.
  port.catch(() => undefined);
  return { child, port, gone };
}
