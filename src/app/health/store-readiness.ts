import type { MaybePromise } from "../../domain/maybe-promise.ts";
import type { RecordStore } from "../../domain/ports.ts";
import type { ReadinessCheck } from "./readiness.ts";

/** A store that knows better than by being read whether it can work, for instance whether its schema is the right one. */
export interface ReadyStore extends RecordStore {
  /** Settles when it can; throws or rejects with the reason when it cannot. */
  ready?(): MaybePromise<void>;
}

/** Of the records that an application makes of itself, one; whether it is there does not matter. */
const COLLECTION = "actionport.loaded";

/** Asks a store whether it is ready; one that cannot be asked is, when it can be read and what it has written would survive a crash. */
export function checkStore(store: ReadyStore): ReadinessCheck {
  return async () => {
    if (store.ready !== undefined) await store.ready();
    else await store.read(COLLECTION, ["initial-records"]);
    await store.durable();
    return true;
  };
}
