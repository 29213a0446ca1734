import assert from "node:assert/strict";
import { ABSENT, type Change, type Clock, type TrailEntry, type WholeStore } from "../../src/domain/ports.ts";
import type { MaybePromise } from "../../src/domain/maybe-promise.ts";

/** A store that hands over everything, to be shown of. */
export interface WholeStoreUnderTest {
  /** Stands before each sentence. */
  readonly name: string;
  readonly test: (sentence: string, run: () => Promise<void>) => unknown;
  /** Opens a new, empty store that lives by the given clock. */
  readonly open: (clock: Clock) => MaybePromise<{ readonly store: WholeStore; close?(): MaybePromise<void> }>;
}

const START = Date.UTC(2026, 0, 1);

function put(collection: string, id: string): Change {
  return { kind: "put", collection, id, basedOn: ABSENT, value: { id } };
}

function entryOf(number: number, more: Partial<TrailEntry> = {}): TrailEntry {
  return { at: START + number + 0.5, expiresAt: START + 1000 * number, action: "count", subject: { class: "shop.Örder", id: `a:${number}` }, identity: '["local","user","\ud800"]', value: { number, text: "\u0000ö" }, ...more };
}

/** Declares one test for each thing that a {@link WholeStore} has to do beside what every RecordStore does. */
export function testWholeStore({ name, test, open }: WholeStoreUnderTest): void {
  const scene = (sentence: string, run: (store: WholeStore, time: { now: number }) => Promise<void>) => test(`${name}: ${sentence}`, async () => {
    const time = { now: START };
    const { store, close } = await open(() => time.now);
    try {
      await run(store, time);
    } finally {
      await close?.();
    }
  });

  scene("the collections are those that have records, in order", async (store) => {
    assert.deepEqual(await store.collections(), []);
    await store.commit([put("b.Things", "1"), put("a", "1"), put("a", "2"), put("Ä\u0001", "1")]);
    assert.deepEqual(await store.collections(), ["a", "b.Things", "Ä\u0001"]);
    const [held] = await store.read("b.Things", ["1"]);
    await store.commit([{ kind: "delete", collection: "b.Things", id: "1", basedOn: held?.version ?? 0 }]);
    assert.deepEqual(await store.collections(), ["a", "Ä\u0001"]);
  });

  scene("the entries are as they were committed, in pages, from any of them on", async (store) => {
    const entries = Array.from({ length: 12 }, (_, at) => at + 1).map((number) => entryOf(number, number === 3 ? { subject: null } : {}));
    for (const entry of entries) await store.commit([], [entry]);
    await store.durable();
    const all = await store.entries({ limit: 100 });
    assert.deepEqual(all.map(({ entry }) => entry), entries);
    assert.deepEqual(all.map(({ id }) => id), (await store.trail({ limit: 100 })).entries.map(({ id }) => id));
    const first = await store.entries({ limit: 2 });
    const rest = await store.entries({ limit: 100, after: first[1]?.id ?? "" });
    assert.deepEqual([...first, ...rest], all);
    assert.deepEqual(await store.entries({ limit: 10, after: all.at(-1)?.id ?? "" }), []);
  });

  scene("what has expired is handed over no more", async (store, time) => {
    for (const number of [1, 2, 3]) await store.commit([], [entryOf(number)]);
    await store.durable();
    time.now = START + 2000;
    assert.deepEqual((await store.entries({ limit: 10 })).map(({ entry }) => entry.value["number"]), [3]);
  });
}
