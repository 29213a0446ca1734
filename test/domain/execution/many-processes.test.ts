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
