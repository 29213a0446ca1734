import { createClient, type Client, type ClientOptions } from "../../../src/adapters/client/index.ts";
import { toFetchHandler } from "../../../src/adapters/fetch/index.ts";
import type { HttpHandler } from "../../../src/adapters/http/message.ts";
import { createMemoryStore } from "../../../src/adapters/memory/index.ts";
import { createRest } from "../../../src/adapters/rest/index.ts";
import { createActions, createCatalog, createIdentity, defineAction, defineSubject, everyone, integer, integerId, text, type ApiOf, type RecordStore } from "../../../src/domain/index.ts";

interface CounterRecord {
  readonly id: number;
  readonly count: number;
}

export const Counter = defineSubject({ class: "lab.Counter", param: "counter", id: integerId(), title: (counter: CounterRecord) => `Counter ${counter.id}`, fields: ["count"], label: "Counter", read: () => true });

export const add = defineAction({
  key: "counters/add",
  label: "Add",
  subject: Counter,
  params: { by: integer().default(1) },
  errors: { too_many: { details: { count: integer() } } },
  returns: ["data"],
  authorize: everyone,
  handle({ subject, params, subjects, fail }) {
    if (params.by > 100) throw fail("too_many", "That is too many.", { count: subject.count });
    return subjects.put(Counter, { ...subject, count: subject.count + params.by });
  },
  message: "Added.",
});
const greet = defineAction({ key: "greet", label: "Greet", effect: "read", params: { name: text() }, returns: ["message"], authorize: everyone, handle: ({ params }) => `Hello ${params.name}.` });

const catalog = createCatalog({ subjects: [Counter], actions: [add, greet] });

/** What the lab can be called for. */
export type LabApi = ApiOf<typeof catalog>;

/** Counters 1 to 20 behind the API, all at 0. */
export interface Lab {
  readonly handler: HttpHandler;
  count(id: number): number;
}

/** Opens one; `token` is let in, and every other that begins with it. */
export function openLab(isGood?: (token: string) => boolean): Lab {
  const store = createMemoryStore({ clock: Date.now });
  void store.commit(NEW_COUNTERS);
  const { handler } = toLab(store, isGood);
  return {
    handler,
    count(id) {
      const found = store.read(Counter.class, [String(id)]);
      return Number(Array.isArray(found) ? found[0]?.value["count"] : Number.NaN);
    },
  };
}

/** The same on a store that may have its counters already. */
export async function openLabOn(store: RecordStore): Promise<Pick<Lab, "handler">> {
  await store.commit(NEW_COUNTERS);
  return toLab(store);
}

/** What counters 1 to 20 of a store have come to. */
export async function countsIn(store: RecordStore): Promise<readonly unknown[]> {
  const found = await store.read(Counter.class, Array.from({ length: 20 }, (_, at) => String(at + 1)));
  return found.map((record) => record?.value["count"]);
}

/** A commit of these is refused by a store that has them. */
const NEW_COUNTERS = Array.from({ length: 20 }, (_, at) => ({ kind: "put", collection: Counter.class, id: String(at + 1), basedOn: 0, value: { id: at + 1, count: 0 } }) as const);

function toLab(store: RecordStore, isGood: (token: string) => boolean = (token) => token === "token"): Pick<Lab, "handler"> {
  const clock = Date.now;
  const identity = createIdentity({ kind: "client", id: "tester", permissions: ["*"] });
  const newId = () => crypto.randomUUID();
  const actions = createActions({ catalog, store, clock, newId });
  const handler = createRest({ actions, clock, newId, observe: () => {}, authenticate: (token) => (isGood(token) ? { authenticated: true, identity } : { authenticated: false, reason: "invalid_token" }) });
  return { handler };
}

/** A `fetch` that reaches the handler in process. */
export function fetchOf(handler: HttpHandler): typeof fetch {
  const answer = toFetchHandler(handler);
  return (url, init) => answer(new Request(url, init));
}

/** A client that pauses for no time. */
export function clientOf(options: Partial<ClientOptions>): Client<LabApi> {
  return createClient<LabApi>({ baseUrl: "http://lab.example", auth: "token", firstPauseMs: 0, maxPauseMs: 0, ...options });
}
