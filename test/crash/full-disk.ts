import assert from "node:assert/strict";
import { rmSync, writeFileSync } from "node:fs";
import { openFileStore } from "../../src/adapters/file/index.ts";

/*
 * Runs on a small file system of its own, mounted at argv[2]: fills it, sees the store refuse, makes
 * room, and sees it go on.
 */

const [root = ""] = process.argv.slice(2);
const directory = `${root}/store`;
const clock = () => 0;

const store = await openFileStore({ directory, clock, minFreeDiskBytes: 0 });
writeFileSync(`${root}/filler`, Buffer.alloc(24 * 1024));
let answered = 0;
let applied = 0;
const failure = await fillUp();
assert.equal(failure, "store_unavailable");
assert.ok(answered > 5, `only ${answered} commits fitted`);
await assert.rejects(async () => store.durable(), { code: "store_unavailable" });

rmSync(`${root}/filler`);
await store.durable();
assert.equal((await store.list("fillers", { limit: 1000 })).records.length, applied);
await store.commit([{ kind: "put", collection: "fillers", id: "after", basedOn: 0, value: {} }]);
await store.durable();
await store.close();

const again = await openFileStore({ directory, clock, minFreeDiskBytes: 0 });
assert.equal((await again.list("fillers", { limit: 1000 })).records.length, applied + 1);
await again.close();
process.stdout.write("ok\n");

/** Commits until one is refused; answers with which code. */
async function fillUp(): Promise<unknown> {
  try {
    for (let n = 0; ; n++) {
      await store.commit([{ kind: "put", collection: "fillers", id: String(n), basedOn: 0, value: { filler: "x".repeat(1500) } }]);
      applied++;
      await store.durable();
      answered++;
    }
  } catch (error) {
    return error instanceof Error && "code" in error ? error.code : error;
  }
}
