import assert from "node:assert/strict";
import { readdirSync, readFileSync, realpathSync, symlinkSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { test } from "node:test";
import { openFileStore } from "../../../src/adapters/file/index.ts";
import { createMemoryStore } from "../../../src/adapters/memory/index.ts";
import { findDifference } from "../../../src/app/cli/store/compare-stores.ts";
import { copyStore, endCopy } from "../../../src/app/cli/store/copy-store.ts";
import type { TrailEntry, WholeStore } from "../../../src/domain/index.ts";
import { APPLICATION, makeDirectory, serve, type, typeHere } from "./typing.ts";

const clock = Date.now;
const NOW = Date.now();
const LATER = NOW + 3_600_000;

/** Fills a store with records of two collections, one of them with an end, and a trail. */
async function fill(store: WholeStore, count: number): Promise<void> {
  for (let number = 0; number < count; number++) {
    const id = String(number).padStart(6, "0");
    const entry: TrailEntry = { at: NOW, expiresAt: LATER, action: "count", subject: { class: "numbers", id }, identity: "counter", value: { number } };
    await store.commit([
      { kind: "put", collection: "numbers", id, basedOn: 0, value: { number, text: "ö".repeat(number % 50) } },
      ...(number % 3 === 0 ? [{ kind: "put", collection: "a.short", id, basedOn: 0, value: { number }, expiresAt: LATER } as const] : []),
    ], [entry]);
  }
  await store.durable();
}

function toMemory(from: WholeStore, to: WholeStore, stopAfter = Infinity) {
  const controller = new AbortController();
  return copyStore({ from, to, source: "one", signal: controller.signal, onProgress: ({ records, entries }) => records + entries >= stopAfter && controller.abort() });
}

test("A copy has every record and every entry, however often it was cut off", async () => {
  const [from, to] = [createMemoryStore({ clock }), createMemoryStore({ clock })];
  await fill(from, 1200);
  for (const stopAfter of [100, 700, 1500, 1700, 2300]) await assert.rejects(toMemory(from, to, stopAfter), { ending: "interrupted" });
  const { records, entries } = await toMemory(from, to);
  assert.deepEqual([records, entries], [1600, 1200]);
  await endCopy(to);
  assert.equal(await findDifference(from, to, clock, () => undefined), undefined);
  assert.deepEqual(await to.collections(), ["a.short", "numbers"]);
});

test("A copy that is not the same is found, in a record and in an entry", async () => {
  const [from, to, other] = [createMemoryStore({ clock }), createMemoryStore({ clock }), createMemoryStore({ clock })];
  await fill(from, 10);
  await fill(to, 10);
  const [held] = await to.read("numbers", ["000003"]);
  await to.commit([{ kind: "put", collection: "numbers", id: "000003", basedOn: held?.version ?? 0, value: { number: 4 } }]);
  assert.equal(await findDifference(from, to, clock, () => undefined), "the record 000003 of numbers");
  await fill(other, 11);
  assert.equal(await findDifference(from, other, clock, () => undefined), "the record 000010 of numbers");
});

test("Nothing is copied into a store that has data already", async () => {
  const [from, to] = [createMemoryStore({ clock }), createMemoryStore({ clock })];
  await fill(from, 3);
  await fill(to, 1);
  await assert.rejects(toMemory(from, to), { ending: "refused", message: "The destination has data already; copy into an empty one." });
});

test("The commands copy, check, export and find what is damaged", async (context) => {
  const directory = makeDirectory(context);
  const [one, other] = [join(directory, "one"), join(directory, "other")];
  const store = await openFileStore({ directory: join(one, "store"), clock });
  await fill(store, 300);
  await store.commit([{ kind: "put", collection: "oauth.users", id: "x", basedOn: 0, value: { hash: "h" } }]);
  const busy = await typeHere(["store", "check", one]);
  await store.close();
  assert.equal(busy.code, 4);
  const copied = await type(["store", "copy", "--from", one, "--to", other, "--json"]);
  assert.deepEqual([copied.code, copied.out], [0, '{"success":true,"records":401,"entries":300}\n']);
  const checked = await typeHere(["store", "check", other, "--json"]);
  assert.deepEqual(JSON.parse(checked.out), { success: true, collections: { "a.short": 100, numbers: 300, "oauth.users": 1 }, entries: 300 });
  const exported = await typeHere(["store", "export", other, "--trail"]);
  const lines = exported.out.trim().split("\n").map((line) => JSON.parse(line));
  assert.deepEqual([lines.length, lines.at(-1).value, exported.out.includes("oauth")], [700, { number: 299 }, false]);
  spoil(join(other, "store"));
  const damaged = await typeHere(["store", "check", other]);
  assert.deepEqual([damaged.code, damaged.out], [6, ""]);
  assert.match(damaged.err, /\.log/);
});

test("A directory is one store however it is written: a copy goes on from it, and is not into itself", async (context) => {
  const directory = makeDirectory(context);
  const [one, other, link] = [join(directory, "one"), join(directory, "other"), join(directory, "link")];
  const [from, to] = await Promise.all([one, other].map((path) => openFileStore({ directory: join(path, "store"), clock })));
  assert.ok(from !== undefined && to !== undefined);
  await fill(from, 300);
  const controller = new AbortController();
  const source = realpathSync(join(one, "store"));
  await assert.rejects(copyStore({ from, to, source, signal: controller.signal, onProgress: () => controller.abort() }), { ending: "interrupted" });
  await Promise.all([from.close(), to.close()]);
  symlinkSync(one, link);
  for (const same of [`${one}/`, relative(process.cwd(), one), join(one, "store"), link]) {
    const into = await typeHere(["store", "copy", "--from", one, "--to", same]);
    assert.deepEqual([into.code, into.err.split("\n")[0]], [2, "--from and --to are the same store."], same);
  }
  const copied = await typeHere(["store", "copy", "--from", relative(process.cwd(), link), "--to", other, "--json"]);
  assert.deepEqual([copied.code, copied.out], [0, '{"success":true,"records":400,"entries":300}\n'], copied.err);
});

/** Changes a byte in the middle of the log. */
function spoil(directory: string): void {
  const log = join(directory, readdirSync(directory).filter((name) => name.endsWith(".log")).sort().at(-1) ?? "");
  const bytes = readFileSync(log);
  bytes.writeUInt8((bytes[bytes.length >> 1] ?? 0) ^ 1, bytes.length >> 1);
  writeFileSync(log, bytes);
}

test("A backup that is taken while clients write has every call that was answered before, and can be served", async (context) => {
  const directory = makeDirectory(context);
  const { data, url, variables, stop } = await serve(context, directory);
  const ids = Array.from({ length: 60 }, (_, at) => String(at + 1));
  const around = { variables: variables("agent") };
  const done = await typeHere(["bulk", "tickets/close-ticket", "--ids-file", "-", "--client", "agent"], { ...around, stdin: ids.join("\n") });
  assert.equal(done.code, 0);
  const writing = typeHere(["bulk", "tickets/close-ticket", "--ids-file", "-", "--client", "agent"], { ...around, stdin: Array.from({ length: 200 }, (_, at) => String(at + 61)).join("\n") });
  const backup = join(directory, "restored", "data");
  const { code, out, err } = await type(["store", "backup", data, backup]);
  assert.deepEqual([code, err], [0, ""]);
  assert.match(out, /records and \d+ entries, all read again\.\n$/);
  await writing;
  assert.equal(await stop(), 0);
  const restored = await serve(context, join(directory, "restored"));
  assert.notEqual(restored.url, url);
  const closed = await typeHere(["subjects", "desk.Ticket", "--closed", "true", "--all", "--json", "--client", "agent"], { variables: restored.variables("agent") });
  const found = new Set(closed.out.trim().split("\n").map((line) => String(JSON.parse(line).id)));
  assert.deepEqual(ids.filter((id) => !found.has(id)), []);
});

test("What cannot be backed up, and where to nothing can, is told before anything is made", async (context) => {
  const directory = makeDirectory(context);
  const [data, file] = [join(directory, "data"), join(directory, "file")];
  writeFileSync(file, "");
  const made = await typeHere(["run", "tickets/close-ticket", "1", "--app", APPLICATION, "--can", "close_tickets,see_tickets", "--data", data]);
  assert.equal(made.code, 0, made.err);
  const cases: readonly (readonly [from: string, to: string, message: string])[] = [
    [data, join(data, "copy"), `${join(data, "copy")} is inside ${data}, so it would be in its own copy; give a directory elsewhere.`],
    [join(data, "store"), join(directory, "copy"), `${join(data, "store")} is a store; give the data directory that it is in.`],
    [file, join(directory, "copy"), `There is no store in ${file}; give a data directory, such as .data/shop.`],
    [data, file, `${file} is no directory; give a new one.`],
  ];
  const before = [readdirSync(directory), readdirSync(data)];
  for (const [from, to, message] of cases) {
    const { code, err } = await typeHere(["store", "backup", from, to]);
    assert.deepEqual([code, err], [2, `${message}\n`]);
  }
  assert.deepEqual([readdirSync(directory), readdirSync(data)], before);
  const { code, err } = await typeHere(["store", "check", file]);
  assert.deepEqual([code, err], [2, `There is no store in ${file}; give a data directory, such as .data/shop.\n`]);
});
