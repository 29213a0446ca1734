import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { randomUUID } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import { promisify } from "node:util";
import { Product } from "../../examples/northwind/products/product.ts";
import { readInitialRecords } from "../../examples/northwind/initial-records.ts";
import { createClient } from "../../src/adapters/client/index.ts";
import { openFileStore, type FileStore } from "../../src/adapters/file/index.ts";
import { argumentsToRun } from "../compiled.ts";
import { readBlocks } from "../readme-blocks.ts";
import { getToken, makeDataDirectory, serveNorthwind } from "../app/served-northwind.ts";

const SCRIPT = readBlocks("docs/backup-and-restore.md").find(({ text }) => text.startsWith("# backup.sh"))?.text ?? "";

/** Makes a backup of one directory in another. */
type BackUp = (from: string, to: string) => Promise<unknown>;

/** The script of the documentation as it stands there. */
async function runScript(from: string, to: string): Promise<void> {
  const script = `${to}.sh`;
  writeFileSync(script, SCRIPT);
  await promisify(execFile)("sh", [script, from, to]);
}

/** What people type. */
const runCommand: BackUp = (from, to) => promisify(execFile)(process.execPath, [...argumentsToRun("src/app/cli/main.ts"), "store", "backup", from, to]);

/** Answers the new directory, which is gone at the end of the test. */
async function backUp(context: TestContext, how: BackUp, dataDirectory: string): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), "actionport-backup-"));
  context.after(() => rmSync(folder, { recursive: true, force: true }));
  const copy = join(folder, "copy");
  await how(dataDirectory, copy);
  return copy;
}

/** How many write at once. */
const CLIENTS = 64;
/** Two of them on each. */
const PRODUCTS = CLIENTS / 2;
/** So many calls are answered before the backup begins. */
const CALLS_BEFORE = 500;

interface Answer {
  readonly status: number;
  readonly replayed: boolean;
  readonly text: string;
}

/** One call under a key, by which its entry in the trail is known as well. */
async function restock(url: string, token: string, product: number, key: string): Promise<Answer> {
  const headers = { authorization: `Bearer ${token}`, "content-type": "application/json", "idempotency-key": key, "x-request-id": key };
  const response = await fetch(`${url}/api/v1/actions/products/restock/execute/${product}`, { method: "POST", headers, body: '{"quantity":1}' });
  return { status: response.status, replayed: response.headers.get("idempotency-replayed") === "true", text: await response.text() };
}

interface Answered {
  readonly product: number;
  readonly text: string;
}

/** Clients that write as fast as they are answered, and remember each answer. */
class Writers {
  readonly answered = new Map<string, Answered>();
  readonly #writers: readonly Promise<void>[];
  readonly #enough: Promise<void>;
  #sayEnough = () => {};
  #goesOn = true;

  constructor(url: string, token: string) {
    this.#enough = new Promise((resolve) => (this.#sayEnough = resolve));
    this.#writers = Array.from({ length: CLIENTS }, (_, client) => this.#write(url, token, 1 + (client % PRODUCTS)));
  }

  /** Settles when so many calls were answered, or one failed. */
  async haveWritten(): Promise<void> {
    await Promise.race([this.#enough, Promise.all(this.#writers)]);
  }

  async stop(): Promise<void> {
    this.#goesOn = false;
    await Promise.all(this.#writers);
  }

  async #write(url: string, token: string, product: number): Promise<void> {
    while (this.#goesOn) {
      const key = randomUUID();
      const { status, text } = await restock(url, token, product, key);
      assert.equal(status, 200, text);
      this.answered.set(key, { product, text });
      if (this.answered.size >= CALLS_BEFORE) this.#sayEnough();
    }
  }
}

for (const [name, how] of Object.entries({ "By actionport store backup": runCommand, "By the script of the documentation": runScript })) {
  test(`${name}: what is copied while 64 clients write has every call that was answered before, its trail and its data agree, and a server starts on it`, async (context) => {
    const directory = makeDataDirectory(context);
    const server = await serveNorthwind(directory);
    const token = await getToken(server.url, directory, "admin");
    const writers = new Writers(server.url, token);
    context.after(() => writers.stop().catch(() => server.stop()));
    await writers.haveWritten();
    const before = new Map(writers.answered);
    const copy = await backUp(context, how, directory);
    await writers.stop();
    context.diagnostic(`${before.size} calls were answered before the backup, ${writers.answered.size - before.size} until it was there`);
    await server.stop();
    const restored = await serveNorthwind(copy, { PORT: new URL(server.url).port });
    const told = await checkTrail(createClient({ baseUrl: restored.url, auth: token }));
    for (const key of before.keys()) assert.ok(told.delete(key), `the entry of ${key} is missing`);
    for (const key of told) assert.ok(writers.answered.has(key), `nobody was answered ${key}`);
    const answers = await Promise.all([...before].slice(-CLIENTS).map(async ([key, { product, text }]) => ({ text, answer: await restock(restored.url, token, product, key) })));
    for (const { text, answer } of answers) assert.deepEqual(answer, { status: 200, replayed: true, text });
    assert.equal(await restored.stop(), 0);
  });
}

/** Goes through the trail: each entry begins where the one before it ended, and the last is what the product says now. Answers whose calls they tell of. */
async function checkTrail(client: ReturnType<typeof createClient>): Promise<Set<string>> {
  const products = readInitialRecords().find(({ subject }) => subject === Product)?.records ?? [];
  const stocks = new Map<string, unknown>(products.map((record) => [String(record.id), Object(record).units_in_stock]));
  const told = new Set<string>();
  for await (const { request_id, subject, changes } of client.audit.list({ action: "products/restock", order: "ascending", limit: 200 })) {
    const [change] = changes;
    assert.equal(Object(change?.before).units_in_stock, stocks.get(subject?.id ?? ""));
    stocks.set(subject?.id ?? "", Object(change?.after).units_in_stock);
    assert.ok(request_id !== null && !told.has(request_id));
    told.add(request_id);
  }
  for await (const { id, units_in_stock } of client.subjects("northwind.Product").list({ limit: 200 })) assert.equal(units_in_stock, stocks.get(String(id)));
  return told;
}

test("A backup that compactions come between is whole all the same: each record has its entry, up to some commit", async (context) => {
  const directory = makeDataDirectory(context);
  mkdirSync(directory, { recursive: true });
  const store = await openFileStore({ directory: join(directory, "store"), clock: Date.now, minLogBytes: 65_536, maxLogMultiple: 2 });
  const writing = { goesOn: true, done: 0 };
  context.after(() => (writing.goesOn = false));
  const writer = writeOn(store, writing);
  for (let round = 0; round < 3; round++) {
    const before = writing.done;
    const copy = await backUp(context, runScript, directory);
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
