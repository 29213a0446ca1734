import { createMemoryStore } from "../../src/adapters/memory/index.ts";
import type { Action } from "../../src/domain/catalog/action.ts";
import {
  createActions,
  createCatalog,
  createIdentity,
  defineAction,
  defineSubject,
  everyone,
  integerId,
  type Actions,
  type ActionsOptions,
  type Identity,
  type JsonObject,
  type Observation,
  type RecordStore,
  type SubjectClass,
} from "../../src/domain/index.ts";

export interface CounterRecord {
  readonly id: number;
  readonly count: number;
}

export const Counter = defineSubject({ class: "lab.Counter", param: "counter", id: integerId(), title: (counter: CounterRecord) => `Counter #${counter.id}` });

/** Adds one to a counter. */
export const count = defineAction({
  key: "lab/count",
  label: "Count",
  subject: Counter,
  authorize: everyone,
  handle: ({ subject, subjects }) => subjects.put(Counter, { ...subject, count: subject.count + 1 }),
});

export const NOW = Date.UTC(2026, 10, 23, 10);

export const NOBODY: Identity = createIdentity({ kind: "user", id: "nobody", permissions: [] });

/** Actions on a store in memory, with all that was observed. */
export interface Lab {
  readonly actions: Actions;
  /** What lies behind whatever `wrap` put in front of it. */
  readonly store: RecordStore;
  readonly observed: Observation[];
  /** The value of a counter, as it is kept. */
  count(id: number): Promise<unknown>;
}

/** What may differ from lab to lab. */
export interface LabOptions extends Partial<Omit<ActionsOptions, "catalog" | "store">> {
  readonly subjects?: readonly SubjectClass[];
  /** Their counts by ID. */
  readonly counters?: Readonly<Record<number, number>>;
  readonly wrap?: (store: RecordStore) => RecordStore;
}

/** Opens a lab with these actions. */
export function openLab(actions: readonly Action[], { subjects = [Counter], counters = { 1: 0, 2: 0 }, wrap = (store) => store, ...engine }: LabOptions = {}): Lab {
  const store = createMemoryStore({ clock: () => NOW });
  void store.commit(Object.entries(counters).map(([id, count]) => ({ kind: "put", collection: Counter.class, id, basedOn: 0, value: { id: Number(id), count } })));
  const observed: Observation[] = [];
  let ids = 0;
  const observe = (observation: Observation) => void observed.push(observation);
  const newId = () => `00000000-0000-4000-8000-${String(++ids).padStart(12, "0")}`;
  return {
    actions: createActions({ catalog: createCatalog({ actions, subjects }), store: wrap(asAsked(store)), clock: () => NOW, newId, observe, ...engine }),
    store,
    observed,
    async count(id) {
      const [record] = await store.read(Counter.class, [String(id)]);
      return record?.value["count"];
    },
  };
}

/** The store with some of its methods replaced. */
export function withMethods(store: RecordStore, methods: Partial<RecordStore>): RecordStore {
  return {
    read: (collection, ids) => store.read(collection, ids),
    list: (collection, page) => store.list(collection, page),
    trail: (query) => store.trail(query),
    commit: (changes, entries) => store.commit(changes, entries),
    durable: () => store.durable(),
    ...methods,
  };
}

/** The store with every answer a turn of the event loop away. */
export function late(store: RecordStore): RecordStore {
  return {
    read: async (collection, ids) => (await turn(), store.read(collection, ids)),
    list: async (collection, page) => (await turn(), store.list(collection, page)),
    trail: async (query) => (await turn(), store.trail(query)),
    commit: async (changes, entries) => (await turn(), store.commit(changes, entries)),
    durable: async () => (await turn(), store.durable()),
  };
}

/** The store that these tests run on: the whole suite runs once more on one whose every answer comes later (late-store.test.ts). */
export function asAsked(store: RecordStore): RecordStore {
  return process.env["ACTIONPORT_TEST_STORE"] === "late" ? late(store) : store;
}

/** One turn of the event loop. */
export function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** Writes a value as another process would, past everything that guards this one. */
export async function overwrite(store: RecordStore, collection: string, id: string, value: JsonObject | null): Promise<void> {
  const [record] = await store.read(collection, [id]);
  const target = { collection, id, basedOn: record?.version ?? 0 };
  await store.commit([value === null ? { ...target, kind: "delete" } : { ...target, kind: "put", value }]);
}

/** Numbers from 0 to 1 that are the same in every run (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** A function that somebody without a compiler might pass, whatever it answers. */
export function untyped(answer: () => unknown) {
  return Object(answer);
}
