import assert from "node:assert/strict";
import { test } from "node:test";
import { dbosWorkflows, prepareDbos, type Dbos } from "../../../src/adapters/dbos/index.ts";
import { createMemoryStore } from "../../../src/adapters/memory/index.ts";
import { testWorkflowEngine, type EngineTime } from "../../../src/app/testing/contracts/workflow-engine.ts";
import { FakeDbos } from "./fake-dbos.ts";

const known = new Map<EngineTime, FakeDbos>();

function dbosOf(time: EngineTime): FakeDbos {
  const dbos = known.get(time) ?? new FakeDbos(time, "actionport");
  known.set(time, dbos);
  return dbos;
}

testWorkflowEngine({
  name: "on DBOS, as far as it is used",
  test,
  create: (time) => dbosWorkflows({ dbos: dbosOf(time), timer: time.timer, random: Math.random }),
  openStore: (time) => ({ store: dbosOf(time).onStore(createMemoryStore({ clock: time.clock })) }),
  durable: true,
});

const timer = () => () => undefined;
const dbos: Dbos = new FakeDbos({ clock: () => 0, timer }, "actionport");

test("What is no option of the engine on DBOS is a TypeError that says what is", async () => {
  const given = { dbos, timer, random: Math.random };
  // @ts-expect-error -- a program without types gives anything
  assert.throws(() => dbosWorkflows({ ...given, dbos: {} }), /^TypeError: dbos must be the class DBOS/);
  // @ts-expect-error -- the same
  assert.throws(() => dbosWorkflows({ ...given, timer: 1 }), /^TypeError: timer must be a function/);
  assert.throws(() => dbosWorkflows({ ...given, leaseMs: 999 }), /^TypeError: leaseMs must be a whole number from 1000 to 86400000, not 999$/);
  assert.throws(() => dbosWorkflows({ ...given, pollMs: Number.NaN }), /^TypeError: pollMs must be a whole number from 10 to 60000, not NaN$/);
  assert.throws(() => dbosWorkflows({ ...given, schema: 'a"; drop' }), /^TypeError: schema must be a name of 1 to 48 lower-case letters/);
  await assert.rejects(prepareDbos({ query: () => Promise.resolve(), dbosSchema: "Dbos" }), /^TypeError: dbosSchema must be a name/);
});

test("Workflows that are opened before DBOS is launched are refused with the remedy", async () => {
  const sleeping: Dbos = Object.assign(new FakeDbos({ clock: () => 0, timer }, "actionport"), { isInitialized: () => false });
  const { createActions, createCatalog } = await import("../../../src/domain/index.ts");
  const clock = () => 0;
  const actions = createActions({
    catalog: createCatalog({ subjects: [], actions: [] }),
    store: createMemoryStore({ clock }),
    clock,
    newId: () => "00000000-0000-4000-8000-000000000001",
    workflows: { engine: dbosWorkflows({ dbos: sleeping, timer, random: Math.random }) },
  });
  await assert.rejects(actions.workflows.open(), { name: "TypeError", message: "DBOS is not launched: await DBOS.launch() before workflows are opened" });
});
