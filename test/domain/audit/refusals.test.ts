import assert from "node:assert/strict";
import { test } from "node:test";
import { Refusals } from "../../../src/domain/audit/refusals.ts";
import { ActionError, createIdentity, defineAction, everyone, integer, type JsonObject, type Observation } from "../../../src/domain/index.ts";
import { createMemoryStore } from "../../../src/adapters/memory/index.ts";
import { auditor, NOW, openCounters, stranger, worker, type Counters, type CountersOptions } from "../counters.ts";
import { openLab, withMethods } from "../lab.ts";

const add = { key: "counters/add", identity: worker, subject: "1" };
const HOUR = 3_600_000;
const STRANGER = { kind: "user", id: "stranger", name: "stranger", issuer: "local" } as const;

/** What was observed beside the failures that the tests cause. */
function told({ observed }: Pick<Counters, "observed">): readonly Observation[] {
  return observed.filter(({ event }) => event !== "internal_error");
}

async function refuse({ actions }: Counters, times: number, identity = stranger): Promise<void> {
  for (let n = 0; n < times; n++) await actions.execute({ ...add, identity });
}

async function entries({ actions }: Counters): Promise<readonly JsonObject[]> {
  const page = await actions.audit(auditor, { limit: 200 });
  assert.equal(page.kind, "page");
  return page.kind === "page" ? page.data : [];
}

test("of refusals beyond the budget of an identity the trail says how many once the hour has ended, and the log as well", async () => {
  const counters = openCounters({ maxRefusalsPerHour: 3 });
  await refuse(counters, 3);
  assert.deepEqual(told(counters), []);
  counters.time.now += 1000;
  await refuse(counters, 5);
  assert.deepEqual(told(counters), [{ event: "refusal_budget_spent", identity: '["local","user","stranger"]', max: 3 }]);
  counters.time.now += 60_000;
  await refuse(counters, 1);
  assert.equal((await entries(counters)).length, 3);
  counters.time.now = NOW + HOUR;
  const [entry, ...listed] = await entries(counters);
  assert.equal(listed.length, 3);
  assert.deepEqual(entry, {
    id: entry?.["id"],
    when: "2026-11-23T11:00:00.000Z",
    request_id: null,
    identity: STRANGER,
    action: "actionport.refusals",
    subject: null,
    params: null,
    outcome: {
      success: false,
      message: "6 more calls were refused from 2026-11-23T10:00:01.000Z to 2026-11-23T10:01:01.000Z and not listed.",
      count: 6,
      since: "2026-11-23T10:00:01.000Z",
      until: "2026-11-23T10:01:01.000Z",
    },
    changes: [],
  });
  assert.deepEqual(told(counters).slice(1), [{ event: "refusals_not_listed", kind: "user", issuer: "local", identity: "stranger", count: 6 }]);
  assert.equal((await entries(counters)).length, 4, "it is told once");
});

test("each identity has a budget of its own, every hour, for whatever it is refused", async () => {
  const counters = openCounters({ maxRefusalsPerHour: 2 });
  await refuse(counters, 3);
  for (const fail of ["refuse", "break", "refuse"]) await counters.actions.execute({ ...add, params: { fail } });
  await refuse(counters, 1, createIdentity({ kind: "client", id: "stranger", permissions: [] }));
  assert.equal((await entries(counters)).length, 5);
  await counters.actions.execute(add);
  assert.equal((await entries(counters)).length, 6, "what succeeds is always listed");
  counters.time.now += HOUR;
  await refuse(counters, 3);
  const messages = (await entries(counters)).map(({ outcome }) => (typeof outcome === "object" && outcome !== null && "message" in outcome ? outcome.message : null));
  assert.deepEqual(messages.slice(0, -6), [
    "You may not do this.",
    "You may not do this.",
    "1 more call was refused from 2026-11-23T10:00:00.000Z to 2026-11-23T10:00:00.000Z and not listed.",
    "1 more call was refused from 2026-11-23T10:00:00.000Z to 2026-11-23T10:00:00.000Z and not listed.",
  ]);
});

test("an atomic bulk call that nobody may make lists no more than the budget either", async () => {
  const counters = openCounters({ maxRefusalsPerHour: 4 });
  for (const mode of ["each", "atomic"]) await counters.actions.bulk({ key: add.key, identity: stranger, input: { ids: [1, 2, 3, 4, 5, 6], mode } });
  counters.time.now += HOUR;
  const [entry, ...listed] = await entries(counters);
  assert.equal(listed.length, 4);
  assert.equal(typeof entry?.["outcome"] === "object" && entry["outcome"] !== null && "count" in entry["outcome"] ? entry["outcome"].count : null, 8);
});

test("refusals leave the trail after 7 days, and what was done stays for 90", async () => {
  const DAY = 86_400_000;
  for (const [options, refusedMs, doneMs] of [
    [{}, 7 * DAY, 90 * DAY],
    [{ refusalRetentionSeconds: 60 }, 60_000, 90 * DAY],
    [{ auditRetentionSeconds: 3600 }, 3_600_000, 3_600_000],
    [{ auditRetentionSeconds: 10, refusalRetentionSeconds: 20 }, 20_000, 10_000],
  ] satisfies readonly (readonly [CountersOptions, number, number])[]) {
    const counters = openCounters(options);
    await refuse(counters, 1);
    await counters.actions.execute(add);
    const kept = async () => (await entries(counters)).map(({ identity }) => (typeof identity === "object" && identity !== null && "id" in identity ? identity.id : null));
    counters.time.now = NOW + Math.min(refusedMs, doneMs) - 1;
    assert.deepEqual(await kept(), ["worker", "stranger"]);
    counters.time.now++;
    assert.deepEqual(await kept(), refusedMs < doneMs ? ["worker"] : refusedMs > doneMs ? ["stranger"] : []);
    counters.time.now = NOW + Math.max(refusedMs, doneMs);
    assert.deepEqual(await kept(), []);
  }
});

test("the parameters of a refusal are kept when they had passed every check, and else nothing of what was sent", async () => {
  const define = (key: string, rest: Partial<Parameters<typeof defineAction>[0]>) => defineAction({ key, label: key, params: { by: integer() }, authorize: everyone, handle: () => "done", ...rest });
  const no = () => {
    throw new ActionError("Not today.");
  };
  const broken = () => {
    throw new Error("out of luck");
  };
  const { actions } = openLab([
    define("a/forbidden", { authorize: () => false }),
    define("b/refused-by-authorize", { authorize: no }),
    define("c/broken-authorize", { authorize: broken }),
    define("d/refused-by-preconditions", { preconditions: no }),
    define("e/broken-handler", { handle: broken }),
    define("f/broken-validation", { validate: broken }),
  ]);
  for (const { key } of actions.list()) await actions.execute({ key, params: { by: 5, stranger: "x".repeat(60_000) }, identity: worker });
  for (const { key } of actions.list()) await actions.execute({ key, params: { by: 5 }, identity: worker });
  const page = await actions.audit(auditor);
  assert.deepEqual(page.kind === "page" && page.data.map(({ action, params }) => [action, params]).reverse(), [
    ["a/forbidden", null], ["b/refused-by-authorize", null], ["c/broken-authorize", null],
    ["a/forbidden", null], ["b/refused-by-authorize", null], ["c/broken-authorize", null],
    ["d/refused-by-preconditions", { by: 5 }], ["e/broken-handler", { by: 5 }], ["f/broken-validation", null],
  ]);
});

test("that the store does not take the count is told to the log, and to no caller", async () => {
  let isDown = false;
  const counters = openCounters({
    maxRefusalsPerHour: 1,
    wrapStore: (store) => withMethods(store, {
      commit: (changes, entries) => {
        if (isDown && changes.length === 0) throw new Error("the disk is gone");
        return store.commit(changes, entries);
      },
    }),
  });
  await refuse(counters, 3);
  counters.time.now += HOUR;
  isDown = true;
  assert.equal((await entries(counters)).length, 1);
  assert.deepEqual(told(counters).slice(1).map(({ event, count, error }) => ({ event, count, error: error instanceof Error ? error.message : null })), [
    { event: "refusals_not_listed", count: 2, error: null },
    { event: "store_unavailable", count: undefined, error: "the disk is gone" },
  ]);
});

test("of more than 10,000 identities in an hour the oldest is closed early, with what was counted of it", () => {
  const refusals = new Refusals(60, 1, () => undefined);
  const name = (n: number) => ({ kind: "user", issuer: "local", id: String(n), name: "x" }) as const;
  for (let n = 0; n < 10_000; n++) for (let time = 0; time < 2; time++) refusals.admit(name(n), n);
  assert.equal(refusals.isDue(10_000), false);
  for (const n of [10_000, 10_001]) refusals.admit(name(n), n);
  assert.equal(refusals.isDue(10_001), true);
  assert.deepEqual(refusals.takeDue(10_001), [0, 1].map((n) => ({ identity: name(n), count: 1, since: n, until: n })));
  assert.equal(refusals.isDue(10_001), false);
  assert.equal(refusals.takeDue(HOUR + 5000).length, 4999);
});

test("when the clock goes back an hour begins anew, and what was counted is told", () => {
  const refusals = new Refusals(60, 1, () => undefined);
  const identity = STRANGER;
  assert.deepEqual([refusals.admit(identity, 10 * HOUR), refusals.admit(identity, 10 * HOUR)], [true, false]);
  assert.equal(refusals.admit(identity, 9 * HOUR + 1), false);
  assert.equal(refusals.admit(identity, 9 * HOUR), true);
  assert.deepEqual(refusals.takeDue(9 * HOUR), [{ identity, count: 2, since: 10 * HOUR, until: 9 * HOUR + 1 }]);
});

test("limits that are none are a TypeError", () => {
  const options = { store: createMemoryStore({ clock: () => NOW }) };
  for (const [wrong, message] of [
    [{ refusalRetentionSeconds: 0 }, "refusalRetentionSeconds must be a whole number from 1 to 3162240000, not 0"],
    [{ maxRefusalsPerHour: 1.5 }, "maxRefusalsPerHour must be a whole number from 1 to 1000000, not 1.5"],
  ] as const) assert.throws(() => openCounters({ ...options, ...wrong }), new TypeError(message));
});
