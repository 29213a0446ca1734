import { randomUUID } from "node:crypto";
import { createMemoryStore } from "../../src/adapters/memory/index.ts";
import {
  ActionError,
  createActions,
  createCatalog,
  createIdentity,
  defineAction,
  everyone,
  defineSubject,
  integer,
  integerId,
  text,
  type Actions,
  type ActionsOptions,
  type Identity,
  type Observation,
  type RecordStore,
} from "../../src/domain/index.ts";
import { asAsked } from "./lab.ts";

export interface CounterRecord {
  readonly id: number;
  readonly count: number;
  readonly note?: string;
}

export const NOW = Date.UTC(2026, 10, 23, 10);

export const Counter = defineSubject({
  class: "test.Counter",
  param: "counter",
  id: integerId(),
  title: (counter: CounterRecord) => `Counter #${counter.id}`,
  fields: ["count"],
  visible: ({ identity, record }) => record.id !== 90 || identity.can("see_all"),
});

/** How often `handle()` ran, whatever came of it. */
export interface Runs {
  handled: number;
}

function counterActions(runs: Runs) {
  return [
    defineAction({
      key: "counters/add",
      label: "Add",
      subject: Counter,
      params: { by: integer({ min: 1, max: 100 }).default(1), secret: text().optional().secret(), fail: text().optional() },
      authorize: ({ identity }) => identity.can("count"),
      async handle({ subject, params, subjects }) {
        runs.handled++;
        await Promise.resolve();
        const next = subjects.put(Counter, { ...subject, count: subject.count + params.by });
        if (params.fail === "refuse") throw new ActionError(`Counter #${subject.id} is full.`, { code: "full", details: { at: subject.count } });
        if (params.fail === "break") throw new Error("out of luck");
        return next;
      },
      message: "Counted.",
    }),
    defineAction({
      key: "counters/remove",
      label: "Remove",
      subject: Counter,
      effect: "destructive",
      authorize: everyone,
      handle({ subject, subjects }) {
        runs.handled++;
        subjects.delete(Counter, subject.id);
      },
    }),
    defineAction({
      key: "counters/create",
      label: "Create",
      authorize: everyone,
      async handle({ subjects }) {
        runs.handled++;
        const all = await subjects.get(Counter, 90);
        if (all !== undefined) subjects.put(Counter, { ...all, count: all.count + 1 });
        return subjects.put(Counter, { id: await subjects.nextId(Counter), count: 0 });
      },
      message: "Created.",
    }),
    defineAction({
      key: "counters/look",
      label: "Look",
      subject: Counter,
      effect: "read",
      authorize: everyone,
      handle({ subject }) {
        runs.handled++;
        return `${subject.count}`;
      },
    }),
  ];
}

export const worker: Identity = createIdentity({ kind: "user", id: "worker", name: "Willa", permissions: ["count"] });
export const auditor: Identity = createIdentity({ kind: "client", id: "auditor", permissions: ["view_audit", "count"] });
export const stranger: Identity = createIdentity({ kind: "user", id: "stranger", permissions: [] });

/** Ten counters (1 to 9 and the hidden 90) and the actions on them. */
export interface Counters {
  readonly actions: Actions;
  readonly store: RecordStore;
  readonly runs: Runs;
  readonly observed: Observation[];
  readonly time: { now: number };
  count(id: number): Promise<unknown>;
}

export interface CountersOptions extends Partial<ActionsOptions> {
  readonly wrapStore?: (store: RecordStore) => RecordStore;
  readonly maxTrailEntries?: number;
}

/** Opens fresh counters, or more actions on a store that others use as well. */
export function openCounters({ wrapStore = (store) => store, store: shared, maxTrailEntries, ...options }: CountersOptions = {}): Counters {
  const time = { now: NOW };
  const clock = () => time.now;
  const store = shared ?? createMemoryStore({ clock, ...(maxTrailEntries !== undefined && { maxTrailEntries }) });
  if (shared === undefined) {
    const ids = [1, 2, 3, 4, 5, 6, 7, 8, 9, 90];
    void store.commit(ids.map((id) => ({ kind: "put", collection: Counter.class, id: String(id), basedOn: 0, value: { id, count: 0, note: "not public" } })));
  }
  const runs: Runs = { handled: 0 };
  const observed: Observation[] = [];
  const actions = createActions({
    catalog: createCatalog({ subjects: [Counter], actions: counterActions(runs) }),
    store: wrapStore(asAsked(store)),
    clock,
    newId: randomUUID,
    observe: (observation) => observed.push(observation),
    ...options,
  });
  const count = async (id: number) => (await store.read(Counter.class, [String(id)]))[0]?.value["count"];
  return { actions, store, runs, observed, time, count };
}
