import assert from "node:assert/strict";
import { test } from "node:test";
import { driverError, openFake, type Asked } from "../fake-database.ts";

/** Answers with a record for each ID that is wanted and begins with `there`. */
function answerThere({ values: [wanted = "[]"] }: Asked) {
  const names: readonly string[] = JSON.parse(wanted);
  return names.flatMap((id, at) => (at % 2 === 1 && id.startsWith("there") ? [{ place: String((at - 1) / 2), version: "7", value: `{"id":"${id}"}`, expires_at: null }] : []));
}

test("reads in one turn of the event loop are one round trip, and what several ask for is asked for once", async () => {
  const { store, asked } = openFake(answerThere);
  const reading = [store.read("things", ["there-1", "none", "there-2"]), store.read("others", ["there-1"]), store.read("things", ["there-2", "there-2"])];
  const ids = (await Promise.all(reading)).map((records) => records.map((record) => record && `${record.collection} ${record.id}`));
  assert.deepEqual(ids, [["things there-1", undefined, "things there-2"], ["others there-1"], ["things there-2", "things there-2"]]);
  assert.deepEqual(asked.map(({ values }) => values[0]), ['["things","there-1","things","none","things","there-2","others","there-1"]']);
  await store.read("things", ["there-1"]);
  assert.equal(asked.length, 2);
});

test("large reads are not put together, and all are told when one round trip fails", async () => {
  let fails = false;
  const { store, asked } = openFake((one) => {
    if (fails) throw driverError("ECONNRESET");
    return answerThere(one);
  });
  const many = Array.from({ length: 400 }, (_, n) => `there-${n}`);
  await Promise.all([store.read("things", many), store.read("others", many)]);
  assert.equal(asked.length, 2);
  fails = true;
  const results = await Promise.allSettled([store.read("things", ["a"]), store.read("things", ["b"])]);
  assert.deepEqual(results.map(({ status }) => status), ["rejected", "rejected"]);
});
