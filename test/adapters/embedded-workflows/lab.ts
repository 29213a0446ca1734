import { createMemoryStore } from "../../../src/adapters/memory/index.ts";
import type { TestTime } from "../../../src/app/testing/test-time.ts";
import { defineWorkflow, type Flow, type RecordStore, type Workflow } from "../../../src/domain/index.ts";
import { late } from "../../domain/lab.ts";

export {
  addOne, CLERK, countedId, Counter, MANAGER, openLab, OTHER, quiet, turn, VIEWER, type CounterRecord, type Lab, type LabOptions, type Shown,
} from "../../../src/app/testing/contracts/workflow-lab.ts";

/** The stores that runs are tried on. */
export const STORES: readonly (readonly [where: string, open: (time: TestTime) => RecordStore])[] = [
  ["in memory", ({ clock }) => createMemoryStore({ clock })],
  ["on a store whose every answer comes later", ({ clock }) => late(createMemoryStore({ clock }))],
];

/** A workflow without input. */
export function flowOf(name: string, run: (flow: Flow) => Promise<unknown>): Workflow {
  return defineWorkflow({ name, run });
}
