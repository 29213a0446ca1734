import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { randomUUID } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import { promisify } from "node:util";
import { openFileStore, type FileStore } from "../../src/adapters/file/index.ts";
import { readBlocks } from "../readme-blocks.ts";
import { getToken, makeDataDirectory, serveNorthwind } from "./served-northwind.ts";

const SCRIPT = readBlocks("docs/operations.md").find(({ text }) => text.startsWith("# backup.sh"))?.text ?? "";

/** Runs the script of docs/operations.md as it stands there. Answers the new directory. */
async function backUp(context: TestContext, dataDirectory: string): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), "actionport-backup-"));
  context.after(() => rmSync(folder, { recursive: true, force: true }));
  writeFileSync(join(folder, "backup.sh"), SCRIPT);
  const copy = join(folder, "copy");
  await promisify(execFile)("sh", [join(folder, "backup.sh"), dataDirectory, copy]);
  return copy;
}

interface Answer {
  readonly status: number;
  readonly replayed: boolean;
  readonly text: string;
}

async function restock(url: string, token: string, key: string): Promise<Answer> {
  const headers = { authorization: `Bearer ${token}`, "content-type": "application/json", "idempotency-key": key };
  const response = await fetch(`${url}/api/v1/actions/products/restock/execute/1`, { method: "POST", headers, body: '{"quantity":1}' });
  return { status: response.status, replayed: response.headers.get("idempotency-replayed") === "true", text: await response.text() };
}

test("A backup that is taken while clients write has every call that was answered before it, and a server starts on it", async (context) => {
  const directory = makeDataDirectory(context);
  const server = await serveNorthwind(directory);
  const token = await getToken(server.url, directory, "admin");
  const answered = new Map<string, string>();
  const writing = { goesOn: true };
  context.after(() => (writing.goesOn = false));
  const write = async (): Promise<void> => {
    while (writing.goesOn) {
      const key = randomUUID();
      const { status, text } = await restock(server.url, token, key);
      assert.equal(status, 200, text);
      answered.set(key, text);
    }
  };
  for (let call = 0; call < 20; call++) answered.set(String(call), (await restock(server.url, token, String(call))).text);
  const writers = [write(), write(), write()];
  const before = new Map(answered);
  const copy = await backUp(context, directory);
  writing.goesOn = false;
  await Promise.all(writers);
  await server.stop();
  const restored = await serveNorthwind(copy, { PORT: new URL(server.url).port });
  for (const [key, text] of before) assert.deepEqual(await restock(restored.url, token, key), { status: 200, replayed: true, text });
  assert.equal(await restored.stop(), 0);
});

test("A backup that compactions come between is whole all the same: each record has its entry, up to some commit", async (context) => {
  const directory = makeDataDirectory(context);
  mkdirSync(directory, { recursive: true });
  const store = await openFileStore({ directory: join(directory, "store"), clock: Date.now, minLogBytes: 65_536, maxLogMultiple: 2 });
  const writing = { goesOn: true, done: 0 };
  context.after(() => (writing.goesOn = false));
  const writer = writeOn(store, writing);
  for (let round = 0; round < 3; round++) {
    const before = writing.done;
    const copy = await backUp(context, directory);
    const restored = await openFileStore({ directory: join(copy, "store"), clock: Date.now });
    const { records } = await restored.list("numbers", { limit: 1_000_000 });
    const { entries } = await restored.trail({ limit: 1_000_000 });
    assert.ok(records.length >= before);
    assert.deepEqual(entries.map(({ value }) => value["number"]), Array.from({ length: records.length }, (_, number) => number));
    await restored.close();
  }
  writing.goesOn = false;
  await writer;
  await store.close();
});

async function writeOn(store: FileStore, writing: { goesOn: boolean; done: number }): Promise<void> {
  const at = Date.now();
  for (let number = 0; writing.goesOn; number++) {
    const entry = { at, expiresAt: at + 3_600_000, action: "count", subject: null, identity: "counter", value: { number } };
    await store.commit([{ kind: "put", collection: "numbers", id: String(number).padStart(9, "0"), basedOn: 0, value: { number, text: "x".repeat(100) } }], [entry]);
    await store.durable();
    writing.done = number + 1;
  }
}
