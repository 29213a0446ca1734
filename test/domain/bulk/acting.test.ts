import assert from "node:assert/strict";
import { test } from "node:test";
import { createIdentity, defineAction, everyone, type BulkMode, type Identity, type MaybePromise } from "../../../src/domain/index.ts";
import { Counter, openLab, turn, type Lab } from "../lab.ts";
import { never, openTimedLab, quiet } from "../timed-lab.ts";

const ANN = createIdentity({ kind: "user", id: "ann", permissions: ["count"] });
const IDS = Array.from({ length: 300 }, (_, index) => index + 1);

/** Whoever counts up the counter `last` loses the permission to count. */
function openCounters(last: number, handlesAll = false): Lab & { readonly now: () => Identity } {
  let who = ANN;
  const countUp = (counter: { readonly id: number; readonly count: number }) => {
    if (counter.id === last) who = createIdentity({ kind: "user", id: "ann", permissions: [] });
    return { ...counter, count: counter.count + 1 };
  };
  const definition = defineAction({
    key: "count",
    label: "Count",
    subject: Counter,
    authorize: ({ identity }) => identity.can("count"),
    handle: ({ subject, subjects }) => subjects.put(Counter, countUp(subject)),
    bulk: handlesAll ? { handleAll: ({ all, subjects }) => all.map((counter) => subjects.put(Counter, countUp(counter))) } : {},
  });
  return { ...openLab([definition], { counters: Object.fromEntries(IDS.map((id) => [id, 0])) }), now: () => who };
}

async function count(lab: Lab, identityNow: () => MaybePromise<Identity>, mode: BulkMode, preview = false): Promise<readonly [succeeded: number, forbidden: number, skipped: number, counted: number]> {
  const outcome = await lab.actions.bulk({ key: "count", identity: ANN, identityNow, input: { ids: IDS, mode, preview } });
  if (outcome.kind !== "bulk") assert.fail(JSON.stringify(outcome));
  const forbidden = outcome.items.filter((item) => item.outcome !== "skipped" && item.outcome.kind === "failed" && item.outcome.code === "forbidden");
  const counts = await Promise.all(IDS.map((id) => lab.count(id)));
  return [outcome.succeeded, forbidden.length, outcome.skipped, counts.filter((each) => each === 1).length];
}

test("A permission that goes away during a bulk call counts from the next item on, in every mode", async () => {
  const open = () => openCounters(7);
  for (const [mode, expected] of [["each", [7, 293, 0, 7]], ["stop", [7, 1, 292, 7]], ["atomic", [0, 293, 7, 0]]] as const) {
    const lab = open();
    assert.deepEqual(await count(lab, lab.now, mode), expected, mode);
    const other = open();
    assert.deepEqual(await count(other, async () => other.now(), mode), expected, `${mode}, told by a promise`);
  }
  const lab = open();
  assert.deepEqual(await count(lab, lab.now, "each", true), [7, 293, 0, 0], "a preview");
});

test("It counts too where one handler does it for all: what it did for those who may not any more is not kept", async () => {
  const lab = openCounters(7, true);
  assert.deepEqual(await count(lab, lab.now, "each"), [0, 300, 0, 0]);
});

test("Where it takes its time to find out who acts, that is asked for some items at once", async () => {
  for (const [mode, expected] of [["each", [128, 172, 0, 128]], ["stop", [128, 1, 171, 128]], ["atomic", [0, 44, 256, 0]]] as const) {
    const lab = openCounters(7);
    let asked = 0;
    const identityNow = async () => (asked++, await turn(), lab.now());
    assert.deepEqual(await count(lab, identityNow, mode), expected, mode);
    assert.ok(asked < 6, `${mode}: asked ${asked} times`);
  }
});

const plain = defineAction({ key: "count", label: "Count", subject: Counter, authorize: everyone, handle: ({ subject, subjects }) => subjects.put(Counter, { ...subject, count: subject.count + 1 }) });
const COUNTERS = { 1: 0, 2: 0, 3: 0, 4: 0 };

function bulkOf({ actions }: Lab, ids: readonly number[], more: object = {}) {
  return actions.bulk({ key: "count", identity: ANN, input: { ids, ...more } });
}

/** What became of each item. */
function outcomesOf(answer: Awaited<ReturnType<typeof bulkOf>>): readonly unknown[] {
  if (answer.kind !== "bulk") assert.fail(JSON.stringify(answer));
  return answer.items.map(({ outcome }) => (outcome === "skipped" ? outcome : outcome.kind === "failed" ? outcome.code : outcome.kind));
}

for (const [asked, expected] of [[1, ["unavailable", "unavailable"]], [2, ["unavailable", "unavailable"]], [3, ["data", "unavailable"]], [4, ["data", "data"]]] as const) {
  test(`Who is never told who acts, at question ${asked}, holds up nobody else, and what is left is unavailable when the time of a function is over`, async () => {
    const lab = openTimedLab([plain], { counters: COUNTERS });
    let questions = 0;
    const identityNow = (): Promise<Identity> => (++questions === asked ? never() : Promise.resolve(ANN));
    const held = lab.actions.bulk({ key: "count", identity: ANN, identityNow, input: { ids: [1, 2] } });
    await quiet();
    assert.deepEqual(outcomesOf(await bulkOf(lab, [3, 4])), ["data", "data"]);
    lab.time.pass(30_000);
    assert.deepEqual(outcomesOf(await held), expected);
    assert.deepEqual(lab.observed.map(({ event, error }) => [event, String(error)]), asked > 3 ? [] : [["store_unavailable", "TimedOut: What tells who acts did not answer within 30000 ms."]]);
  });
}

for (const more of [{ mode: "atomic" }, { preview: true }]) {
  test(`The same in ${JSON.stringify(more)}, whose subjects are free again then`, async () => {
    const lab = openTimedLab([plain], { counters: COUNTERS });
    const held = lab.actions.bulk({ key: "count", identity: ANN, identityNow: () => never(), input: { ids: [1, 2], ...more } });
    await quiet();
    lab.time.pass(30_000);
    assert.deepEqual(outcomesOf(await held), ["unavailable", "unavailable"]);
    assert.deepEqual(outcomesOf(await bulkOf(lab, [1, 2])), ["data", "data"]);
  });
}

test("An identity that is nobody any more fails every further item", async () => {
  const lab = openCounters(0);
  let asked = 0;
  const identityNow = () => (++asked > 5 ? ({ kind: "failed", code: "forbidden", message: "You may not do this." } as const) : ANN);
  const outcome = await lab.actions.bulk({ key: "count", identity: ANN, identityNow, input: { ids: IDS, mode: "atomic" } });
  assert.deepEqual(outcome.kind === "bulk" && [outcome.succeeded, outcome.failed, outcome.skipped], [0, 295, 5]);
});
