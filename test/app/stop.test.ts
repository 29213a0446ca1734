import assert from "node:assert/strict";
import { test } from "node:test";
import { levelOf } from "../../src/app/log/level.ts";
import { startApplication } from "../../src/app/start.ts";
import { recordsOf } from "../../src/app/testing/index.ts";
import { createCatalog, defineAction, defineSubject, integerId, type Observation } from "../../src/domain/index.ts";
import { getToken, makeDataDirectory } from "./served-northwind.ts";

/** Something to wait for, and what makes it happen. */
function signal(): { readonly happened: Promise<void>; happen(): void } {
  const signalled: { happen?: () => void } = {};
  const happened = new Promise<void>((resolve) => (signalled.happen = resolve));
  return { happened, happen: () => signalled.happen?.() };
}

test("A bulk call whose client is gone, and that a stop cuts off, is no fault of the store", async (context) => {
  const [begun, ended, cut] = [signal(), signal(), signal()];
  const Lamp = defineSubject({ class: "lab.Lamp", param: "lamp", id: integerId(), title: ({ id }: { readonly id: number; readonly on?: boolean }) => `Lamp ${id}` });
  const turnOn = defineAction({
    key: "lamps/turn-on",
    label: "Turn on",
    subject: Lamp,
    authorize: ({ identity }) => identity.can("switch"),
    async handle({ subject, subjects }) {
      begun.happen();
      await ended.happened;
      subjects.put(Lamp, { ...subject, on: true });
    },
  });
  const told: Observation[] = [];
  const observe = (observation: Observation) => {
    told.push(observation);
    if (["cut_off", "store_unavailable", "internal_error"].includes(observation.event)) cut.happen();
  };
  const directory = makeDataDirectory(context);
  const catalog = createCatalog({ subjects: [Lamp], actions: [turnOn] });
  const initialRecords = () => [recordsOf(Lamp, [{ id: 1 }, { id: 2 }])];
  const { url, stop } = await startApplication({ catalog, clients: { desk: ["switch"] }, initialRecords, observe, server: { drainTimeoutMs: 0 } }, { PORT: "0", DATA_DIR: directory });
  const token = await getToken(url, directory, "desk");
  const caller = new AbortController();
  const call = fetch(`${url}/api/v1/actions/lamps/turn-on/bulk`, { method: "POST", signal: caller.signal, headers: { authorization: `Bearer ${token}`, "content-type": "application/json" }, body: '{"ids":[1,2]}' });
  await begun.happened;
  caller.abort();
  await assert.rejects(call, { name: "AbortError" });
  await stop();
  ended.happen();
  await cut.happened;
  const { error, ...about } = told.at(-1) ?? { event: "none" };
  assert.deepEqual([about.event, about["action"], error], ["cut_off", "lamps/turn-on", undefined]);
  assert.deepEqual(told.filter(({ event }) => levelOf(event) === "error"), []);
});
