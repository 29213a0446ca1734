import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after } from "node:test";
import { openFileStore, type FileStore } from "../../../src/adapters/file/index.ts";
import { createMemoryStore } from "../../../src/adapters/memory/index.ts";
import { embeddedWorkflows } from "../../../src/adapters/embedded-workflows/index.ts";
import { workflowEngineContract } from "../../../src/app/testing/contracts/workflow-engine.ts";
import { late } from "../../domain/lab.ts";
import { createInstantEngine } from "../../examples/instant-engine.ts";
import type { TestTime } from "../../../src/app/testing/test-time.ts";

const embedded = ({ timer }: TestTime) => embeddedWorkflows({ timer, random: Math.random });
const inMemory = ({ clock }: TestTime) => createMemoryStore({ clock });

const directory = mkdtempSync(join(tmpdir(), "workflows-"));
const stores: FileStore[] = [];
after(async () => {
  for (const store of stores) await store.close();
  rmSync(directory, { recursive: true });
});

workflowEngineContract("embedded, in memory", { create: embedded, openStore: inMemory, durable: true });
workflowEngineContract("embedded, on a store whose every answer comes later", { create: embedded, openStore: (time) => late(inMemory(time)), durable: true });
workflowEngineContract("embedded, in files", {
  create: embedded,
  async openStore({ clock }) {
    const store = await openFileStore({ directory: join(directory, String(stores.length)), clock });
    stores.push(store);
    return store;
  },
  durable: true,
});
workflowEngineContract("the smallest there can be", { create: ({ timer }) => createInstantEngine(timer), openStore: inMemory, durable: false });
