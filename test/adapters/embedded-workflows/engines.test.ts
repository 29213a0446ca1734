import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { openFileStore } from "../../../src/adapters/file/index.ts";
import { createMemoryStore } from "../../../src/adapters/memory/index.ts";
import { embeddedWorkflows } from "../../../src/adapters/embedded-workflows/index.ts";
import { testWorkflowEngine, type EngineTime } from "../../../src/app/testing/contracts/workflow-engine.ts";
import { late } from "../../domain/lab.ts";
import { createInstantEngine } from "../../examples/instant-engine.ts";

const embedded = ({ timer }: EngineTime) => embeddedWorkflows({ timer, random: Math.random });
const inMemory = ({ clock }: EngineTime) => ({ store: createMemoryStore({ clock }) });

const directory = mkdtempSync(join(tmpdir(), "workflows-"));
let stores = 0;
after(() => rmSync(directory, { recursive: true }));

testWorkflowEngine({ name: "embedded, in memory", test, create: embedded, openStore: inMemory, durable: true });
testWorkflowEngine({ name: "embedded, on a store whose every answer comes later", test, create: embedded, openStore: (time) => ({ store: late(inMemory(time).store) }), durable: true });
testWorkflowEngine({
  name: "embedded, in files",
  test,
  create: embedded,
  async openStore({ clock }) {
    const store = await openFileStore({ directory: join(directory, String(++stores)), clock });
    return { store, close: () => store.close() };
  },
  durable: true,
});
testWorkflowEngine({ name: "the smallest there can be", test, create: ({ timer }) => createInstantEngine(timer), openStore: inMemory, durable: false });

test("The contract can be shown of an engine whose clock nobody drives: all rows at once take no longer than the longest wait", async () => {
  const rows: (() => Promise<void>)[] = [];
  testWorkflowEngine({ name: "embedded", test: (_, run) => rows.push(run), create: embedded, openStore: inMemory, durable: true, realTime: true });
  assert.equal(rows.length, 15);
  await Promise.all(rows.map((run) => run()));
});
