import assert from "node:assert/strict";
import { ABSENT } from "../../../../domain/ports.ts";
import { change, commitAll, conflict, listAll, put, putNew, readOne } from "./records.ts";
import { START, type Scenario } from "./scene.ts";

/** When a record is gone of itself. */
export const EXPIRING: readonly Scenario[] = [
  ["a record exists until the millisecond before it expires", async ({ store, time }) => {
    const version = await commitAll(store, [{ ...put("things", "one", ABSENT, { n: 1 }), expiresAt: START + 10 }]);
    time.now = START + 9;
    assert.deepEqual(await readOne(store, "one"), { collection: "things", id: "one", version, value: { n: 1 }, expiresAt: START + 10 });
    assert.deepEqual((await listAll(store)).length, 1);
    time.now = START + 10;
    assert.equal(await readOne(store, "one"), undefined);
    assert.deepEqual(await listAll(store), []);
  }],
  ["an expired record has no version: it conflicts with its old one and is made anew on ABSENT", async ({ store, time }) => {
    const old = await commitAll(store, [{ ...put("things", "one", ABSENT), expiresAt: START + 10 }]);
    time.now = START + 10;
    for (const kind of ["put", "delete", "check"] as const) assert.deepEqual(await store.commit([change(kind, "one", old)]), conflict("one"), kind);
    const anew = await putNew(store, "one", { life: 2 });
    assert.ok(anew > old);
    assert.deepEqual(await readOne(store, "one"), { collection: "things", id: "one", version: anew, value: { life: 2 } });
  }],
  ["a put without an expiry takes an earlier one away, and a later one replaces it", async ({ store, time }) => {
    const first = await commitAll(store, [{ ...put("things", "kept", ABSENT), expiresAt: START + 10 }, { ...put("things", "moved", ABSENT), expiresAt: START + 10 }]);
    await commitAll(store, [put("things", "kept", first), { ...put("things", "moved", first), expiresAt: START + 20 }]);
    time.now = START + 10;
    assert.deepEqual((await listAll(store)).map(({ id }) => id), ["kept", "moved"]);
    time.now = START + 20;
    assert.deepEqual((await listAll(store)).map(({ id }) => id), ["kept"]);
  }],
  ["expired records leave no gap in a page, nor a next page with nothing on it", async ({ store, time }) => {
    const changes = Array.from({ length: 20 }, (_, n) => put("things", String(n).padStart(2, "0"), ABSENT, { n }));
    await commitAll(store, changes.map((each, n) => (n % 2 === 0 && n < 14 ? each : { ...each, expiresAt: START + 10 })));
    time.now = START + 10;
    assert.deepEqual((await listAll(store, {}, 3)).map(({ id }) => id), ["00", "02", "04", "06", "08", "10", "12"]);
    assert.equal((await store.list("things", { limit: 7 })).next, null);
    assert.equal((await store.list("things", { limit: 3, order: "descending" })).next, "08");
  }],
  ["records that come and expire without end do not disturb those that stay", async ({ store, time }) => {
    await putNew(store, "stays", { n: 0 });
    for (let n = 0; n < 300; n++) {
      time.now = START + n;
      await commitAll(store, [{ ...put("things", `passes-${n}`, ABSENT), expiresAt: START + n + 5 }]);
      assert.equal((await listAll(store)).length, Math.min(n + 1, 5) + 1);
    }
    time.now = START + 1000;
    assert.deepEqual((await listAll(store)).map(({ id }) => id), ["stays"]);
  }],
];
