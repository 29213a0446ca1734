import assert from "node:assert/strict";
import { ABSENT, type RecordStore } from "../../../../domain/ports.ts";
import { change, commitAll, conflict, listAll, put, putNew, readOne, rejectsWith } from "./records.ts";
import type { Scenario } from "./scene.ts";

/** What a commit keeps, and when it is refused. */
export const COMMITTING: readonly Scenario[] = [
  ["all puts of one commit get its version, and later commits get higher ones", async ({ store }) => {
    const first = await commitAll(store, [put("things", "one", ABSENT), put("others", "two", ABSENT)]);
    const second = await commitAll(store, [put("things", "three", ABSENT)]);
    assert.deepEqual([(await readOne(store, "one"))?.version, (await readOne(store, "two", "others"))?.version], [first, first]);
    assert.ok(first > ABSENT && second > first, `${first} then ${second}`);
  }],
  ["a put, a delete or a check on an old version is a conflict, on the present one is not", async ({ store }) => {
    for (const kind of ["put", "delete", "check"] as const) {
      const old = await putNew(store, kind, { n: 1 });
      const present = await commitAll(store, [put("things", kind, old, { n: 2 })]);
      assert.deepEqual(await store.commit([change(kind, kind, old)]), conflict(kind), kind);
      assert.deepEqual((await readOne(store, kind))?.version, present);
      await commitAll(store, [change(kind, kind, present)]);
    }
  }],
  ["what is based on ABSENT conflicts with a record, and what is based on a version with its absence", async ({ store }) => {
    const version = await putNew(store, "there", {});
    for (const kind of ["put", "delete", "check"] as const) {
      assert.deepEqual(await store.commit([change(kind, "there", ABSENT)]), conflict("there"), kind);
      assert.deepEqual(await store.commit([change(kind, "none", version)]), conflict("none"), kind);
    }
    await commitAll(store, [change("check", "none", ABSENT), change("delete", "never", ABSENT)]);
    assert.deepEqual(await store.read("things", ["none", "never"]), [undefined, undefined]);
  }],
  ["a conflict names every record that conflicts, in the order given, and nothing of the commit is kept", async ({ store }) => {
    const version = await putNew(store, "one", { n: 1 });
    await putNew(store, "two", { n: 2 });
    const result = await store.commit([
      put("things", "two", ABSENT), put("things", "new", ABSENT), change("delete", "one", version), change("check", "one-more", version), change("delete", "three", 1),
    ]);
    assert.deepEqual(result, conflict("two", "one-more", "three"));
    assert.deepEqual((await store.read("things", ["one", "two", "new"])).map((record) => record?.value), [{ n: 1 }, { n: 2 }, undefined]);
  }],
  ["a commit may put, delete and check in one", async ({ store }) => {
    const version = await commitAll(store, [put("things", "keep", ABSENT), put("things", "drop", ABSENT)]);
    await commitAll(store, [change("check", "keep", version), change("delete", "drop", version), put("things", "new", ABSENT)]);
    assert.deepEqual((await listAll(store)).map(({ id }) => id), ["keep", "new"]);
  }],
  ["a check leaves the record and its version as they are", async ({ store }) => {
    const version = await putNew(store, "one", { n: 1 });
    await commitAll(store, [change("check", "one", version)]);
    assert.equal((await readOne(store, "one"))?.version, version);
    await commitAll(store, [put("things", "one", version)]);
  }],
  ["an empty commit is committed and changes nothing", async ({ store }) => {
    await putNew(store, "one", {});
    assert.equal((await store.commit([])).committed, true);
    assert.equal((await listAll(store)).length, 1);
  }],
  ["a record that is made anew has a version that nobody has seen before", async ({ store }) => {
    const first = await putNew(store, "one", { life: 1 });
    await commitAll(store, [change("delete", "one", first)]);
    assert.equal(await readOne(store, "one"), undefined);
    const second = await putNew(store, "one", { life: 2 });
    assert.ok(second > first);
    assert.deepEqual(await store.commit([put("things", "one", first)]), conflict("one"));
  }],
  ["a commit that names a record twice is a TypeError, and nothing of it is kept", async ({ store }) => {
    const many = Array.from({ length: 40 }, (_, n) => put("things", `many-${n}`, ABSENT));
    for (const changes of [
      [put("things", "one", ABSENT), change("check", "one", ABSENT)],
      [...many, put("things", "one", ABSENT), put("things", "one", ABSENT)],
    ]) {
      await rejectsWith(() => store.commit(changes), 'a commit names things "one" twice; merge the changes into one');
    }
    assert.deepEqual(await listAll(store), []);
  }],
  ["a value that is not JSON, and an expiry that is no time, are TypeErrors and keep nothing", async ({ store }) => {
    const notJson = put("things", "one", ABSENT, { ok: 1, bad: Number.NaN });
    await rejectsWith(() => store.commit([put("things", "two", ABSENT), notJson]), "value.bad is not JSON: NaN");
    const noTime = { ...put("things", "one", ABSENT), expiresAt: Number.NaN };
    await rejectsWith(() => store.commit([noTime]), 'expiresAt of things "one" must be epoch milliseconds, or absent');
    assert.deepEqual(await listAll(store), []);
  }],
  ["of 1,000 concurrent commits on one record exactly one wins each version", async ({ store }) => {
    let version = await putNew(store, "one", { n: 0 });
    for (let round = 1; round <= 3; round++) {
      const basedOn = version;
      const results = await Promise.all(Array.from({ length: 1000 }, async (_, n) => store.commit([put("things", "one", basedOn, { round, n })])));
      const winners = results.flatMap((result, n) => (result.committed ? [{ n, version: result.version }] : []));
      assert.equal(winners.length, 1);
      assert.deepEqual(await readOne(store, "one"), { collection: "things", id: "one", version: winners[0]?.version, value: { round, n: winners[0]?.n } });
      version = winners[0]?.version ?? version;
    }
  }],
  ["60 concurrent read-modify-write loops lose no update", async ({ store }) => {
    await putNew(store, "counter", { n: 0 });
    await Promise.all(Array.from({ length: 60 }, () => increment(store, "counter")));
    assert.deepEqual((await readOne(store, "counter"))?.value, { n: 60 });
  }],
];

/** Read, add one, try to commit; again from the start when somebody was faster. */
async function increment(store: RecordStore, id: string): Promise<void> {
  for (;;) {
    const record = await readOne(store, id);
    const n = Number(record?.value["n"]) + 1;
    if ((await store.commit([put("things", id, record?.version ?? ABSENT, { n })])).committed) return;
  }
}
