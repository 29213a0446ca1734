import assert from "node:assert/strict";
import { test } from "node:test";
import { createMemoryStore } from "../../../src/adapters/memory/index.ts";
import { createIdentity, type Identity, type JsonObject, type ShownEntry, type TrailFeed } from "../../../src/domain/index.ts";
import { createTestTime } from "../../../src/app/testing/test-time.ts";
import { auditor, openCounters, stranger, worker, type Counters, type CountersOptions } from "../counters.ts";
import { withMethods } from "../lab.ts";
import { quiet } from "../timed-lab.ts";

const add = { key: "counters/add", identity: worker, subject: "1" };

async function follow({ actions }: Pick<Counters, "actions">, query = {}, identity: Identity = auditor): Promise<AsyncIterator<ShownEntry | null>> {
  const entries = await actions.followAudit(identity, query);
  if ("kind" in entries) assert.fail(entries.message);
  return entries[Symbol.asyncIterator]();
}

async function act({ actions }: Counters, requestId: string, more: object = {}): Promise<void> {
  const outcome = await actions.execute({ ...add, requestId, ...more });
  assert.equal(outcome.kind, "data");
}

function idOf(n: number): string {
  return String(n).padStart(16, "0");
}

async function requests(reader: AsyncIterator<ShownEntry | null>, count: number): Promise<readonly unknown[]> {
  const seen: unknown[] = [];
  while (seen.length < count) seen.push((await reader.next()).value?.["request_id"]);
  return seen;
}

function openTimed(options: CountersOptions = {}): { readonly counters: Counters; readonly time: ReturnType<typeof createTestTime> } {
  const time = createTestTime();
  return { time, counters: openCounters({ clock: time.clock, timer: time.timer, store: createMemoryStore({ clock: time.clock }), ...options }) };
}

test("a page of the trail comes in the order of the commits when that is asked for, and goes on behind any entry", async () => {
  const counters = openCounters();
  for (const id of ["a", "b", "c"]) await act(counters, id);
  const read = async (query: object): Promise<readonly JsonObject[]> => {
    const page = await counters.actions.audit(auditor, query);
    return page.kind === "page" ? page.data : assert.fail(page.message);
  };
  const all = await read({ order: "ascending" });
  assert.deepEqual(all.map((entry) => entry["request_id"]), ["a", "b", "c"]);
  assert.deepEqual((await read({ order: "descending" })).map((entry) => entry["request_id"]), ["c", "b", "a"]);
  assert.deepEqual((await read({ order: "ascending", after: String(all[0]?.["id"]) })).map((entry) => entry["request_id"]), ["b", "c"]);
  const wrong = await counters.actions.audit(auditor, { order: "newest" });
  assert.deepEqual([wrong.kind, "errors" in wrong && wrong.errors], ["failed", { order: ["order must be ascending or descending."] }]);
});

test("the trail is followed from the first entry on, or behind any, and what comes is told as soon as it is there", async () => {
  const counters = openCounters();
  for (const id of ["a", "b"]) await act(counters, id);
  const reader = await follow(counters);
  const first = (await reader.next()).value;
  assert.equal(first?.["request_id"], "a");
  assert.deepEqual(await requests(reader, 1), ["b"]);
  const coming = requests(reader, 2);
  await act(counters, "c");
  await act(counters, "d");
  assert.deepEqual(await coming, ["c", "d"]);
  assert.deepEqual(await requests(await follow(counters, { after: first?.id }), 3), ["b", "c", "d"]);
});

test("what is followed can be filtered as pages can", async () => {
  const counters = openCounters();
  const readers = [await follow(counters, { subject: "test.Counter:2" }), await follow(counters, { identity: "auditor" }), await follow(counters, { action: "counters/remove" })];
  const coming = readers.map((reader) => requests(reader, 1));
  await act(counters, "other");
  await act(counters, "subject", { subject: "2" });
  await act(counters, "identity", { identity: auditor });
  await counters.actions.execute({ key: "counters/remove", identity: worker, subject: "3", requestId: "action" });
  assert.deepEqual(await Promise.all(coming), [["subject"], ["identity"], ["action"]]);
});

test("what a filter leaves out is passed by: it is not looked at again, and nothing is lost once it is no more", async () => {
  const trail: unknown[] = [];
  const counters = openCounters({ maxTrailEntries: 3, wrapStore: (store) => withMethods(store, { trail: (query) => (trail.push(query), store.trail(query)) }) });
  await act(counters, "first", { subject: "2" });
  const feed = await counters.actions.followAudit(auditor, { subject: "test.Counter:2" });
  if ("kind" in feed) assert.fail(feed.message);
  const reader = feed[Symbol.asyncIterator]();
  assert.deepEqual([await requests(reader, 1), feed.position], [["first"], idOf(1)]);
  await passesByTen(counters, feed, reader);
  assert.deepEqual(trail.at(-1), { limit: 4, after: idOf(11), subject: "test.Counter:2", order: "ascending" });
});

test("so it is for a reader who writes the ID that he goes on behind without its zeros", async () => {
  const counters = openCounters({ maxTrailEntries: 3 });
  await act(counters, "first", { subject: "2" });
  const feed = await counters.actions.followAudit(auditor, { subject: "test.Counter:2", after: "1" });
  if ("kind" in feed) assert.fail(feed.message);
  await passesByTen(counters, feed, feed[Symbol.asyncIterator]());
});

/** Behind the first entry, what a filter for the second counter leaves out moves the feed on; then it brings what is asked for. */
async function passesByTen(counters: Counters, feed: TrailFeed, reader: AsyncIterator<ShownEntry | null>): Promise<void> {
  const coming = requests(reader, 1);
  for (let n = 0; n < 10; n++) {
    await act(counters, "other");
    await quiet();
  }
  assert.equal(feed.position, idOf(11));
  await act(counters, "second", { subject: "2" });
  assert.deepEqual([await coming, feed.position], [["second"], idOf(12)]);
}

test("signs of life come by the time, however many entries a filter leaves out meanwhile", async () => {
  const { counters, time } = openTimed();
  await counters.store.commit([{ kind: "put", collection: "test.Counter", id: "1", basedOn: 0, value: { id: 1, count: 0, note: "" } }]);
  const reader = await follow(counters, { subject: "test.Counter:2" });
  let signs = 0;
  const sign = reader.next().then(({ value }) => (assert.equal(value, null), signs++));
  for (let n = 0; n < 40; n++) {
    await act(counters, "other");
    await quiet();
  }
  assert.equal(signs, 0);
  time.pass(15_000);
  await sign;
  await reader.return?.();
});

test("an entry is told once it survives a crash, and not before", async () => {
  const wait = { isOver: true, ended: () => undefined as void };
  const durable = (): Promise<void> => (wait.isOver ? Promise.resolve() : new Promise((resolve) => (wait.ended = resolve)));
  const counters = openCounters({ wrapStore: (store) => withMethods(store, { durable }) });
  const reader = await follow(counters);
  const next = reader.next();
  await quiet();
  wait.isOver = false;
  void counters.actions.execute({ ...add, requestId: "a" });
  let told = false;
  void next.then(() => (told = true));
  await quiet();
  assert.equal(told, false);
  wait.isOver = true;
  wait.ended();
  await quiet();
  void counters.actions.execute({ ...add, requestId: "b" });
  assert.equal((await next).value?.["request_id"], "a");
});

test("of 500 entries by 16 at once every follower is told each once, in one order, whenever it began", async () => {
  const counters = openCounters();
  const everything = requests(await follow(counters), 500);
  const crowd = Array.from({ length: 16 }, async (_, of) => {
    for (let n = of; n < 500; n += 16) await act(counters, String(n), { subject: String(1 + (n % 9)) });
  });
  await Promise.all(crowd);
  const seen = await everything;
  assert.equal(new Set(seen).size, 500);
  assert.deepEqual(await requests(await follow(counters), 500), seen);
});

test("entries that another process adds are looked for, and between them come signs of life", async () => {
  const { counters, time } = openTimed();
  const reader = await follow(counters);
  const first = reader.next();
  await quiet();
  const elsewhere = { at: time.clock(), expiresAt: time.clock() + 1_000_000, action: "a", subject: null, identity: "i", value: { request_id: "elsewhere" } };
  await counters.store.commit([], [elsewhere]);
  time.pass(2_500);
  assert.equal((await first).value?.["request_id"], "elsewhere");
  const silent = reader.next();
  for (let look = 0; look < 6; look++) {
    await quiet();
    time.pass(2_500);
  }
  assert.equal((await silent).value, null);
  await reader.return?.();
  assert.equal(time.waiting, 0, "who has left leaves no timer behind");
});

test("whoever may not read the trail follows nothing, and a reader who leaves or a close of the workflows ends it", async () => {
  const counters = openCounters();
  const refused = await counters.actions.followAudit(stranger);
  assert.deepEqual("kind" in refused && [refused.code, refused.missing], ["forbidden", ["view_audit"]]);
  const [left, closed] = [await follow(counters), await follow(counters)];
  const waiting = [left.next(), closed.next()];
  await quiet();
  await left.return?.();
  await counters.actions.workflows.close();
  assert.deepEqual(await Promise.all(waiting), [{ done: true, value: undefined }, { done: true, value: undefined }]);
});

test("an entry says how the call came, and which app a user acted through", async () => {
  const counters = openCounters();
  const through = createIdentity({ kind: "user", id: "worker", permissions: ["count"], clientId: "app-7" });
  const itself = createIdentity({ kind: "client", id: "app-7", permissions: ["count"], clientId: "app-7" });
  for (const call of [{ via: "mcp", identity: through }, { via: "cli", identity: itself }, {}]) await act(counters, "r", call);
  await counters.actions.bulk({ key: "counters/add", identity: through, via: "till", input: { ids: ["2"] } });
  const page = await counters.actions.audit(auditor, { order: "ascending" });
  const said = (page.kind === "page" ? page.data : []).map((entry) => [entry["via"], entry["client_id"], "via" in entry, "client_id" in entry]);
  assert.deepEqual(said, [["mcp", "app-7", true, true], ["cli", undefined, true, false], [undefined, undefined, false, false], ["till", "app-7", true, true]]);
});
