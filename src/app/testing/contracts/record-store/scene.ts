import type { RecordStore } from "../../../../domain/ports.ts";

/** What a test is given: the store, and the time that it lives by. */
export interface Scene {
  readonly store: RecordStore;
  readonly time: { now: number };
}

/** One thing that every store has to do. */
export type Scenario = readonly [sentence: string, run: (scene: Scene) => Promise<void>];

/** When each test begins. */
export const START = Date.UTC(2026, 0, 1);
