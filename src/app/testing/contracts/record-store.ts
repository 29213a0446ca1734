import type { MaybePromise } from "../../../domain/maybe-promise.ts";
import type { Clock, RecordStore } from "../../../domain/ports.ts";
import { COMMITTING } from "./record-store/committing.ts";
import { EXPIRING } from "./record-store/expiring.ts";
import { ISOLATING } from "./record-store/isolating.ts";
import { PAGING } from "./record-store/paging.ts";
import { READING } from "./record-store/reading.ts";
import { START } from "./record-store/scene.ts";
import { TRAIL } from "./record-store/trail.ts";

/** Declares a test: `test` of node:test, vitest or jest. */
export type DeclareTest = (sentence: string, run: () => Promise<void>) => unknown;

/** An empty store for one test, and how to be rid of it. */
export interface OpenedStore {
  readonly store: RecordStore;
  close?(): MaybePromise<void>;
}

/** Opens a new, empty store that lives by the given clock. */
export type OpenStore = (clock: Clock) => MaybePromise<OpenedStore>;

/** A store that the contract is to be shown of. */
export interface RecordStoreUnderTest {
  /** Stands before each sentence. */
  readonly name: string;
  readonly test: DeclareTest;
  /** Called once for each test. */
  readonly open: OpenStore;
}

/** Declares one test for each thing that every RecordStore has to do, whatever it keeps the records in. */
export function testRecordStore({ name, test, open }: RecordStoreUnderTest): void {
  for (const [sentence, scenario] of [...READING, ...COMMITTING, ...PAGING, ...EXPIRING, ...ISOLATING, ...TRAIL]) {
    test(`${name}: ${sentence}`, async () => {
      const time = { now: START };
      const { store, close } = await open(() => time.now);
      try {
        await scenario({ store, time });
        await store.durable();
      } finally {
        await close?.();
      }
    });
  }
}
