import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { test } from "node:test";
import { createDisk } from "../../file/simulated-disk.ts";
import { idle, openOn } from "../../file/workload.ts";
import { createRest } from "../../../../src/adapters/rest/index.ts";
import { createActions, createCatalog, createIdentity, defineAction, everyone, type Observation } from "../../../../src/domain/index.ts";
import { Counter, NOW } from "../../../domain/lab.ts";
import { toRequest } from "../harness.ts";

const count = defineAction({ key: "count", label: "Count", subject: Counter, authorize: everyone, handle: ({ subject, subjects }) => subjects.put(Counter, { ...subject, count: subject.count + 1 }), message: "Counted." });
const look = defineAction({ key: "look", label: "Look", subject: Counter, effect: "read", authorize: everyone, handle: ({ subject }) => `${subject.count}` });
const identity = createIdentity({ kind: "client", id: "reader", permissions: ["view_audit"] });

test("while the store is full writes are 503 with Retry-After and reads go on, and the log says so once", async () => {
  const observed: Observation[] = [];
  const observe = (observation: Observation) => void observed.push(observation);
  const heap = { bytes: 500 };
  let keepUp = (): void => undefined;
  const disk = createDisk();
  const store = await openOn(disk, { heapBytes: () => heap.bytes, minLogBytes: 1e6, observe, repeat: (work) => ((keepUp = work), () => undefined) });
  await store.commit([{ kind: "put", collection: Counter.class, id: "1", basedOn: 0, value: { id: 1, count: 0 } }]);
  const catalog = createCatalog({ subjects: [Counter], actions: [count, look] });
  const actions = createActions({ catalog, store, clock: () => NOW, newId: randomUUID, observe });
  const handler = createRest({ actions, clock: () => NOW, newId: randomUUID, observe: () => undefined, authenticate: () => ({ authenticated: true, identity }) });
  const call = async (path: string, method = "POST") => handler(toRequest({ method, path }));
  const set = async (bytes: number) => {
    heap.bytes = bytes;
    for (let turn = 0; turn < 2; turn++) {
      keepUp();
      await idle(disk);
    }
  };
  assert.equal((await call("/api/v1/actions/count/execute/1")).status, 200);
  await set(1001);
  for (let n = 0; n < 5; n++) {
    const refused = await call("/api/v1/actions/count/execute/1");
    assert.deepEqual([refused.status, refused.headers["retry-after"], refused.body],
      [503, "1", JSON.stringify({ success: false, message: "The service is not available right now. Try again later.", code: "unavailable" })]);
    assert.equal((await call("/api/v1/actions/look/execute/1")).body, JSON.stringify({ success: true, message: "1" }));
    assert.equal((await call("/api/v1/audit", "GET")).status, 200);
  }
  await set(500);
  assert.equal((await call("/api/v1/actions/count/execute/1")).status, 200);
  await set(1002);
  assert.equal((await call("/api/v1/actions/count/execute/1")).status, 503);
  assert.deepEqual(observed.map(({ event }) => event), ["store_opened", "store_full", "store_unavailable", "store_has_room", "store_full", "store_unavailable"]);
  await store.close();
});
