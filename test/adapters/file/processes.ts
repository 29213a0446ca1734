import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { openFileStore } from "../../../src/adapters/file/index.ts";
import type { FileStore } from "../../../src/adapters/file/index.ts";
import { compileScripts } from "../../compiled.ts";

/** A script as JavaScript, with all that it imports. */
export const compiledPath = compileScripts("test/adapters/file/child.ts", "test/crash/full-disk.ts");

/** A process that works on a store; see child.ts. */
export interface Worker {
  readonly process: ChildProcess;
  /** The first thing it says: `open`, or `failed` and why. */
  readonly first: Promise<string>;
  /** Waits for its end; answers the last count it told of, 0 when there was none. */
  finish(): Promise<number>;
}

/** Starts a process on a store. `command` is what comes before node, as `strace` would. */
export function startWorker(directory: string, task = "count", command: readonly string[] = [], environment: Readonly<Record<string, string>> = {}): Worker {
  const [program = process.execPath, ...rest] = [...command, process.execPath, compiledPath("test/adapters/file/child.ts"), directory, task];
  const child = spawn(program, rest, { stdio: ["ignore", "pipe", "inherit"], env: { ...process.env, ...environment } });
  const closed = once(child, "close");
  const lines = createInterface({ input: child.stdout });
  let last = 0;
  const first = new Promise<string>((resolve) => {
    lines.once("line", resolve);
    lines.once("close", () => resolve("nothing"));
  });
  lines.on("line", (line) => {
    last = Number(/^\d+$/.test(line) ? line : last);
  });
  return {
    process: child,
    first,
    async finish() {
      await closed;
      return last;
    },
  };
}

/**
 * Opens a store that workers were killed on, and holds it to what they were told: the count is there
 * that was answered, at most a few unanswered ones more, and each of the last 200 is there, whole; and
 * the trail has an entry for every count.
 */
export async function checkCounts(directory: string, answered: number, scene: string): Promise<number> {
  const store = await openFileStore({ directory, clock: () => 0 });
  const n = Number((await store.read("counts", ["last"]))[0]?.value["n"] ?? 0);
  assert.ok(n >= answered && n <= answered + 3, `${scene}: ${answered} was answered, and the store has ${n}`);
  const made = (await store.list("made", { limit: 1000 })).records;
  assert.equal(made.length, Math.min(n, 200), scene);
  for (const { id, value } of made) {
    assert.ok(Number(id) > n - 200 && Number(id) <= n, `${scene}: ${id} of ${n}`);
    assert.deepEqual(value, { n: Number(id), filler: "x".repeat(Number(id) % 300) }, scene);
  }
  await checkTrail(store, n, scene);
  await store.close();
  return n;
}

async function checkTrail(store: FileStore, last: number, scene: string): Promise<void> {
  let n = 0;
  for (let page = await store.trail({ limit: 1000 }); ; page = await store.trail({ limit: 1000, after: page.next })) {
    for (const { id, value } of page.entries) {
      n++;
      assert.deepEqual([Number(id), value], [n, { n }], scene);
    }
    if (page.next === null) break;
  }
  assert.equal(n, last, `${scene}: the trail ends early or late`);
}
