import { readFileSync, readlinkSync } from "node:fs";

/** Which process owns a store, as its lock file says. A number alone may be another process by now. */
export interface ProcessIdentity {
  readonly pid: number;
  /** When the process started, in ticks since the machine did. Null where the system does not say. */
  readonly start_time: string | null;
  /** Changes whenever the machine starts. Null where the system does not say. */
  readonly boot_id: string | null;
  /** In which space the pid is meant: containers have their own. Null where the system does not say. */
  readonly pid_namespace: string | null;
}

/** This process. */
export function identifySelf(): ProcessIdentity {
  return {
    pid: process.pid,
    start_time: readStartTime(process.pid),
    boot_id: attempt(() => readFileSync("/proc/sys/kernel/random/boot_id", "latin1").trim()),
    pid_namespace: attempt(() => readlinkSync("/proc/self/ns/pid")),
  };
}

/** Does that very process still run? In another container it cannot be asked for, and counts as gone. */
export function isRunning(identity: ProcessIdentity): boolean {
  const self = identifySelf();
  if (identity.boot_id !== self.boot_id || identity.pid_namespace !== self.pid_namespace) return false;
  if (!existsProcess(identity.pid)) return false;
  return identity.start_time === null || readStartTime(identity.pid) === identity.start_time;
}

/** Is there a process with this number, whichever it be? */
export function existsProcess(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Somebody else's process: it runs, only not for us to signal.
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}

/** Field 22 of /proc/<pid>/stat; the second is the program's name in parentheses, which may hold anything. A dead process that nobody waited for has none. */
function readStartTime(pid: number): string | null {
  return attempt(() => {
    const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
    const [state, ...fields] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return state === "Z" || state === "X" ? null : (fields[18] ?? null);
  });
}

function attempt<T>(read: () => T): T | null {
  try {
    return read();
  } catch {
    return null;
  }
}
