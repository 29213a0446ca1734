import assert from "node:assert/strict";
import { readdirSync, readlinkSync, rmSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { openFileStore } from "../../../src/adapters/file/index.ts";

/** How many files in this directory the process has open (Linux). */
function countOpen(directory: string): number {
  return readdirSync("/proc/self/fd").filter((descriptor) => {
    try {
      return readlinkSync(`/proc/self/fd/${descriptor}`).startsWith(directory);
    } catch {
      // The one that listed them is closed by now.
      return false;
    }
  }).length;
}

test("A filtered question to the trail leaves no file open, in however many places its answer stands", { skip: process.platform === "linux" ? false : "only Linux tells which files are open" }, async (context) => {
  const directory = mkdtempSync(join(tmpdir(), "trail-files-"));
  context.after(() => rmSync(directory, { recursive: true, force: true }));
  const options = { directory, clock: () => 0 };
  const filled = await openFileStore(options);
  for (let n = 0; n < 200; n++) {
    await filled.commit([], [{ at: 0, expiresAt: 1_000_000, action: n % 2 === 0 ? "even" : "odd", subject: null, identity: "alice", value: { n, text: "x".repeat(9000) } }]);
  }
  await filled.close();
  // Opened again, as the trail is written beside the commits: now all of it is in its file.
  const store = await openFileStore(options);
  const before = countOpen(directory);
  for (let times = 0; times < 3; times++) assert.equal((await store.trail({ action: "even", limit: 60 })).entries.length, 60);
  assert.equal(countOpen(directory), before);
  await store.close();
});
