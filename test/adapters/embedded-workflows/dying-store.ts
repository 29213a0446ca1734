import type { RecordStore } from "../../../src/domain/index.ts";

/** A store on which a process works that dies. */
export interface DyingStore {
  readonly store: RecordStore;
  readonly died: Promise<void>;
}

/** The process dies at the commit of this number, before it or just behind it: from then on nothing answers it. */
export function diesAt(survivor: RecordStore, at: number, when: "before" | "behind"): DyingStore {
  let commits = 0;
  let dead = false;
  let tell = () => {};
  const died = new Promise<void>((resolve) => (tell = resolve));
  const never = new Promise<never>(() => {});
  const store: RecordStore = {
    read: (...given) => (dead ? never : survivor.read(...given)),
    list: (...given) => (dead ? never : survivor.list(...given)),
    trail: (...given) => (dead ? never : survivor.trail(...given)),
    durable: () => (dead ? never : survivor.durable()),
    commit(changes, entries) {
      if (dead) return never;
      if (++commits < at) return survivor.commit(changes, entries);
      dead = true;
      tell();
      if (when === "behind") void survivor.commit(changes, entries);
      return never;
    },
  };
  return { store, died };
}
