import assert from "node:assert/strict";
import { test } from "node:test";
import type { RecordStore } from "../../../src/domain/index.ts";
import { openCounters, worker } from "../counters.ts";
import { withMethods } from "../lab.ts";

/** A store that lets another process do something just before it is asked for the time of this number. */
function interruptedAt(store: RecordStore, at: number, other: () => Promise<void>): { readonly store: RecordStore; readonly asked: () => number } {
  let asked = 0;
  const pause = async () => {
    if (++asked === at) await other();
  };
  const interrupted = withMethods(store, {
    read: async (...given) => (await pause(), store.read(...given)),
    list: async (...given) => (await pause(), store.list(...given)),
    commit: async (...given) => (await pause(), store.commit(...given)),
  });
  return { store: interrupted, asked: () => asked };
}

const CALLS = {
  "a call": { key: "counters/add", subject: "1" },
  "a bulk call, each by itself": { key: "counters/add", input: { ids: [1, 2], mode: "each" } },
  "a bulk call, all or none": { key: "counters/add", input: { ids: [1, 2], mode: "atomic" } },
} as const;

for (const [what, call] of Object.entries(CALLS)) {
  test(`${what} that comes to two processes under one key takes effect once, and both tell the same, wherever the one interrupts the other`, async () => {
    const given = { identity: worker, idempotencyKey: "once", ...call };
    let moments = 0;
    for (let at = 1; at === moments + 1; at++) {
      const second = openCounters();
      const answers: unknown[] = [];
      const ask = async ({ actions }: Pick<typeof second, "actions">) => void answers.push("input" in given ? await actions.bulk(given) : await actions.execute(given));
      const { store, asked } = interruptedAt(second.store, at, () => ask(second));
      await ask(openCounters({ store }));
      if (asked() < at) break;
      moments = at;
      const [one, other] = answers.map((answer) => ({ ...Object(answer), replayed: true }));
      assert.deepEqual(one, other, `at ${at}`);
      assert.deepEqual([await second.count(1), await second.count(2)], "input" in given ? [1, 1] : [1, 0], `at ${at}`);
    }
    assert.ok(moments >= 3, `${moments} moments`);
  });
}

const REMOVALS = {
  "a removal": { subject: "1" },
  "a bulk removal, each by itself": { input: { ids: [1, 2], mode: "each" } },
  "a bulk removal up to the first failure": { input: { ids: [1, 2], mode: "stop" } },
  "a bulk removal, all or none": { input: { ids: [1, 2], mode: "atomic" } },
} as const;

for (const [what, call] of Object.entries(REMOVALS)) {
  test(`${what} that comes to two processes under one key is told of by both, wherever the one interrupts the other`, async () => {
    const given = { key: "counters/remove", identity: worker, idempotencyKey: "once", ...call };
    let moments = 0;
    for (let at = 1; at === moments + 1; at++) {
      const second = openCounters();
      const ask = async ({ actions }: Pick<typeof second, "actions">) => ("input" in given ? actions.bulk(given) : actions.execute(given));
      let first: unknown;
      const { store, asked } = interruptedAt(second.store, at, async () => void (first = await ask(second)));
      const other = await ask(openCounters({ store }));
      if (asked() < at) break;
      moments = at;
      assert.deepEqual({ ...other, replayed: true }, { ...Object(first), replayed: true }, `at ${at}`);
      assert.deepEqual([await second.count(1), await second.count(2)], [undefined, "input" in given ? undefined : 0], `at ${at}`);
    }
    assert.ok(moments >= 3, `${moments} moments`);
  });
}

test("A call that takes effect in another process under the same key is no reason for its repeat to say that what was seen has changed", async () => {
  const call = { key: "counters/add", subject: "1", identity: worker };
  for (let at = 1; ; at++) {
    const second = openCounters();
    const { etag } = await second.actions.preview(call);
    assert.ok(etag !== undefined);
    const conditional = { ...call, ifMatch: etag, idempotencyKey: "once" };
    const { store, asked } = interruptedAt(second.store, at, async () => void (await second.actions.execute(conditional)));
    const answer = await openCounters({ store }).actions.execute(conditional);
    if (asked() < at) break;
    assert.equal(answer.kind, "data", `at ${at}`);
    assert.equal(await second.count(1), 1);
  }
});
