import { spawn, spawnSync } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { cpus } from "node:os";

export const SERVER_CORE = 0;
export const LOAD_CORE = 1;

/** Whether processes can be kept on a core each: where not, the report says so. */
export const CAN_PIN: boolean = cpus().length > 1 && spawnSync("taskset", ["--version"]).status === 0;

/** Lets a process have all cores from now on. */
export function unpin({ pid }: ChildProcess): void {
  if (CAN_PIN) spawnSync("taskset", ["--all-tasks", "--cpu-list", "--pid", `0-${cpus().length - 1}`, String(pid)]);
}

/** Runs a file in a process of its own, on this core alone if that can be had, with a channel for messages. */
export function startPinned(core: number, file: URL, args: readonly string[] = []): ChildProcess {
  const command = [process.execPath, file.pathname, ...args];
  const [program = "", ...rest] = CAN_PIN ? ["taskset", "-c", String(core), ...command] : command;
  return spawn(program, rest, { stdio: ["ignore", "inherit", "inherit", "ipc"], env: { ...process.env, NODE_ENV: "production" } });
}
