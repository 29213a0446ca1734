import assert from "node:assert/strict";
import { test } from "node:test";
import type { JsonObject, Page, Failed } from "../../../src/domain/index.ts";
import { auditor, openCounters, stranger, worker, type Counters } from "../counters.ts";

const add = { key: "counters/add", identity: worker, subject: "1" };
const ADDED = { class: "test.Counter", id: 1, change: "update", before: { id: 1, title: "Counter #1", count: 0 }, after: { id: 1, title: "Counter #1", count: 1 } };

test("a preview answers what execute would, with the public fields that would change, and keeps nothing", async () => {
  const { actions, count, store } = openCounters();
  const { etag, ...previewed } = await actions.preview(add);
  assert.match(etag ?? "", /^[0-9a-f]{64}$/);
  assert.deepEqual(previewed, { kind: "data", message: "Counted.", data: ADDED.after, changes: [ADDED] });
  assert.equal(await count(1), 0);
  assert.deepEqual(await store.trail({ limit: 10 }), { entries: [], next: null });
  assert.deepEqual({ ...(await actions.execute(add)), changes: [ADDED] }, previewed);
});

test("a preview lists creations and deletions, and only what the identity may see", async () => {
  const { actions } = openCounters();
  const { etag: _, ...removed } = await actions.preview({ key: "counters/remove", identity: worker, subject: "1" });
  assert.deepEqual(removed, { kind: "nothing", changes: [{ class: "test.Counter", id: 1, change: "delete", before: ADDED.before }] });
  const created = await actions.preview({ key: "counters/create", identity: worker });
  assert.deepEqual("changes" in created && created.changes, [{ class: "test.Counter", id: 91, change: "create", after: { id: 91, title: "Counter #91", count: 0 } }]);
});

test("a failure that execute would give, preview gives", async () => {
  for (const call of [
    { ...add, key: "counters/none" },
    { key: add.key, identity: worker },
    { ...add, subject: "77" },
    { ...add, identity: stranger },
    { ...add, params: { by: 0 } },
    { ...add, params: { fail: "refuse" } },
    { ...add, params: { fail: "break" } },
  ]) {
    const { actions } = openCounters();
    assert.deepEqual(await actions.preview(call), await actions.execute(call));
  }
});

test("a bulk preview runs each item on top of those before it and keeps nothing", async () => {
  const { actions, count } = openCounters();
  const done = await actions.bulk({ key: "counters/add", identity: worker, input: { ids: [1, 77, 2], preview: true, mode: "stop" } });
  assert.equal(done.kind, "bulk");
  if (done.kind !== "bulk") return;
  assert.deepEqual(done.items.map(({ outcome }) => (outcome === "skipped" ? outcome : outcome.kind)), ["data", "failed", "skipped"]);
  const [first] = done.items;
  assert.deepEqual(first?.outcome !== "skipped" && first !== undefined && "changes" in first.outcome && first.outcome.changes, [ADDED]);
  assert.equal(await count(1), 0);
});

test("an execution that changed something leaves one entry in the same commit, secrets masked", async () => {
  const commits: number[][] = [];
  const counters = openCounters({
    wrapStore: (store) => ({ ...bound(store), commit: (changes, entries) => (commits.push([changes.length, entries?.length ?? 0]), store.commit(changes, entries)) }),
  });
  await counters.actions.execute({ ...add, requestId: "r-1", params: { by: 1, secret: "hunter2" } });
  assert.deepEqual(commits, [[1, 1]]);
  const [entry] = await entries(counters);
  assert.deepEqual(entry, {
    id: entry?.["id"],
    when: "2026-11-23T10:00:00.000Z",
    request_id: "r-1",
    identity: { kind: "user", id: "worker", name: "Willa", issuer: "local" },
    action: "counters/add",
    subject: { class: "test.Counter", id: "1" },
    params: { by: 1, secret: "[masked]" },
    outcome: { success: true, message: "Counted." },
    changes: [ADDED],
  });
});

test("what authorize refused and what failed inside handle leaves an entry, with parameters once they were checked; the rest does not", async () => {
  const counters = openCounters();
  const { actions } = counters;
  await actions.execute({ ...add, identity: stranger, params: { unknown: "x", by: 5 } });
  await actions.execute({ ...add, params: { fail: "refuse" } });
  await actions.execute({ ...add, params: { fail: "break" } });
  for (const silent of [{ ...add, params: { by: 0 } }, { ...add, subject: "77" }, { ...add, key: "counters/look" }]) await actions.execute(silent);
  await actions.preview(add);
  assert.deepEqual(
    (await entries(counters)).map(({ outcome, params, changes }) => ({ outcome, params, changes })),
    [
      { outcome: { success: false, message: "Server error.", code: "internal_error" }, params: { fail: "break" }, changes: [] },
      { outcome: { success: false, message: "Counter #1 is full.", code: "full" }, params: { fail: "refuse" }, changes: [] },
      { outcome: { success: false, message: "You may not do this.", code: "forbidden" }, params: null, changes: [] },
    ],
  );
});

test("bulk leaves one entry for each item that acted; an atomic call that failed only those of its failures", async () => {
  for (const [mode, expected] of [["each", ["2", "1"]], ["atomic", []]] as const) {
    const counters = openCounters({ bulkConcurrency: 1 });
    await counters.actions.bulk({ key: "counters/add", identity: worker, input: { ids: [1, 2, 77], mode } });
    assert.deepEqual((await entries(counters)).map(({ subject }) => (typeof subject === "object" && subject !== null && "id" in subject ? subject["id"] : null)), expected);
  }
});

test("the trail is for view_audit, filtered and paged", async () => {
  const counters = openCounters();
  const { actions } = counters;
  for (const subject of ["1", "2", "1"]) await actions.execute({ ...add, subject });
  await actions.execute({ ...add, identity: auditor, subject: "3" });
  await actions.execute({ key: "counters/remove", identity: worker, subject: "2" });
  assert.deepEqual(await actions.audit(worker), { kind: "failed", code: "forbidden", message: "You may not do this.", missing: ["view_audit"] });
  const about = async (query: object) => pageOf(await actions.audit(auditor, query)).data.map(({ action, subject }) => `${action} ${JSON.stringify(subject)}`);
  assert.equal((await about({})).length, 5);
  assert.equal((await about({ subject: "1" })).length, 2);
  assert.equal((await about({ subject: "test.Counter:2" })).length, 2);
  assert.equal((await about({ identity: "auditor" })).length, 1);
  assert.equal((await about({ action: "counters/remove", subject: "2" })).length, 1);
  assert.equal((await about({ action: "counters" })).length, 0);
  const first = pageOf(await actions.audit(auditor, { limit: 2 }));
  const rest = pageOf(await actions.audit(auditor, { limit: "200", after: first.next ?? "" }));
  assert.equal(first.data.length, 2);
  assert.equal(rest.data.length, 3);
  assert.equal(rest.next, null);
  for (const limit of [0, 201, "1e1", "-1", "x", 1.5]) {
    const refused = await actions.audit(auditor, { limit });
    assert.equal(refused.kind === "failed" && refused.code, "invalid_params");
  }
});

test("entries go when their time is over, and none are made where auditing is switched off", async () => {
  const counters = openCounters({ auditRetentionSeconds: 10 });
  await counters.actions.execute(add);
  counters.time.now += 10_000;
  assert.equal((await entries(counters)).length, 0);
  const off = openCounters({ auditRetentionSeconds: null });
  await off.actions.execute(add);
  assert.equal((await entries(off)).length, 0);
});

test("the audit trail agrees with the data after many concurrent writers", async () => {
  const counters = openCounters();
  await Promise.all(Array.from({ length: 120 }, (_, index) => counters.actions.execute({ ...add, subject: String((index % 3) + 1), params: { by: (index % 7) + 1 } })));
  const sums = new Map<unknown, number>();
  for (const { changes } of await entries(counters, 200)) {
    for (const change of Array.isArray(changes) ? changes : []) sums.set(change.id, (sums.get(change.id) ?? 0) + change.after.count - change.before.count);
  }
  for (const id of [1, 2, 3]) assert.equal(sums.get(id), await counters.count(id));
});

function bound(store: Counters["store"]): Counters["store"] {
  return { read: (c, ids) => store.read(c, ids), list: (c, page) => store.list(c, page), trail: (query) => store.trail(query), commit: (changes, entries) => store.commit(changes, entries), durable: () => store.durable() };
}

async function entries({ actions }: Counters, limit = 50): Promise<readonly JsonObject[]> {
  return pageOf(await actions.audit(auditor, { limit })).data;
}

function pageOf(page: Page | Failed): Page {
  if (page.kind === "failed") assert.fail(page.message);
  return page;
}
