import { createHash } from "node:crypto";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { makeDirectory } from "../../make-directory.ts";

/** A bulk call that was begun and whose answer is not known. */
export interface KeptCall {
  readonly idempotencyKey: string;
  /** Epoch milliseconds. */
  readonly begunAt: number;
}

/** Where calls are kept until they are answered, so that the same command goes on with one that was cut off. */
export interface KeptCalls {
  /** The one that was begun by the same command, not longer ago than its answer is remembered. */
  find(call: unknown, retentionSeconds: number): KeptCall | undefined;
  /** Answers false where nothing can be written. */
  keep(call: unknown, kept: KeptCall): boolean;
  forget(call: unknown): void;
}

/** In the user's own directory for such things (XDG Base Directory Specification), which nobody else can read. */
export function openKeptCalls(variables: Readonly<Record<string, string | undefined>>, clock: () => number): KeptCalls {
  const { XDG_STATE_HOME: state = "", HOME: home = homedir() } = variables;
  const directory = join(state === "" ? join(home, ".local", "state") : state, "actionport", "bulk");
  const pathOf = (call: unknown) => join(directory, `${createHash("sha256").update(JSON.stringify(call)).digest("hex")}.json`);
  return {
    find(call, retentionSeconds) {
      const kept = readKept(pathOf(call));
      if (kept === undefined || clock() < kept.begunAt + 1000 * retentionSeconds) return kept;
      rmSync(pathOf(call), { force: true });
      return undefined;
    },
    keep(call, kept) {
      try {
        makeDirectory(directory, 0o700);
        writeFileSync(pathOf(call), `${JSON.stringify(kept)}\n`, { mode: 0o600 });
        return true;
      } catch {
        // A home that nobody can write to: the command says so, and names the key.
        return false;
      }
    },
    forget: (call) => rmSync(pathOf(call), { force: true }),
  };
}

function readKept(path: string): KeptCall | undefined {
  try {
    const kept: Partial<KeptCall> = JSON.parse(readFileSync(path, "utf8"));
    return typeof kept.idempotencyKey === "string" && typeof kept.begunAt === "number" ? { idempotencyKey: kept.idempotencyKey, begunAt: kept.begunAt } : undefined;
  } catch {
    return undefined;
  }
}
