import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startApplication, type RunningApplication } from "../../src/app/index.ts";
import { createPostgresStore, type PostgresStoreOptions, type Query } from "../../src/adapters/postgres/index.ts";
import { createCatalog, defineAction, defineSubject, integerId, type Observation } from "../../src/domain/index.ts";

interface CounterRecord {
  readonly id: number;
  readonly count: number;
}

export const Counter = defineSubject({ class: "shop.Counter", param: "counter", id: integerId(), title: ({ id }: CounterRecord) => `Counter #${id}`, read: ({ identity }) => identity.can("count") });

const count = defineAction({
  key: "count", label: "Count", subject: Counter, authorize: ({ identity }) => identity.can("count"),
  handle: ({ subject, subjects }) => subjects.put(Counter, { ...subject, count: subject.count + 1 }),
});

const look = defineAction({ key: "look", label: "Look", subject: Counter, effect: "read", authorize: ({ identity }) => identity.can("count"), handle: ({ subject }) => `${subject.count}` });

/** What counts, and looks how far it is. */
export const counting = createCatalog({ actions: [count, look], subjects: [Counter] });

/** An application on PostgreSQL that counts. */
export interface Served {
  readonly application: RunningApplication;
  readonly observed: readonly Observation[];
  /** The access token of its one client. */
  readonly token: string;
  /** Calls the API as its one client. */
  call(method: string, path: string, headers?: Readonly<Record<string, string>>): Promise<{ readonly status: number; readonly retryAfter: string | null; readonly body: unknown }>;
  stop(): Promise<void>;
}

/** A process among others: what all of them are told, and a token that one of them has given. */
export interface Among {
  readonly variables: Readonly<Record<string, string>>;
  readonly token?: string;
}

/** Serves it through a query, in a schema that is made. */
export async function serveCounters(query: Query, options: Partial<PostgresStoreOptions> = {}, { variables, token: given }: Among = { variables: {} }): Promise<Served> {
  const observed: Observation[] = [];
  const dataDirectory = mkdtempSync(join(tmpdir(), "actionport-counters-"));
  const application = await startApplication({
    name: "counters",
    catalog: counting,
    clients: { shop: ["count", "view_audit"] },
    initialRecords: () => [{ subject: Counter, records: [1, 2, 3].map((id) => ({ id, count: 0 })) }],
    observe: (observation) => void observed.push(observation),
    store: async ({ observe }) => {
      const store = createPostgresStore({ query, observe, ...options });
      await store.migrate();
      await store.open();
      return store;
    },
  }, { ...variables, PORT: "0", DATA_DIR: dataDirectory });
  const token = given ?? (await getToken(application.url, dataDirectory));
  return {
    application,
    observed,
    token,
    async call(method, path, headers = {}) {
      const answer = await fetch(`${application.url}/api/v1/${path}`, { method, headers: { authorization: `Bearer ${token}`, ...headers } });
      const body: unknown = await answer.json();
      return { status: answer.status, retryAfter: answer.headers.get("retry-after"), body };
    },
    async stop() {
      await application.stop();
      rmSync(dataDirectory, { recursive: true, force: true });
    },
  };
}

async function getToken(url: string, dataDirectory: string): Promise<string> {
  const { clients } = JSON.parse(readFileSync(join(dataDirectory, "credentials.json"), "utf8"));
  const form = new URLSearchParams({ grant_type: "client_credentials", client_id: clients.shop.client_id, client_secret: clients.shop.client_secret });
  const answer: unknown = await (await fetch(`${url}/oauth/token`, { method: "POST", body: form })).json();
  if (typeof answer === "object" && answer !== null && "access_token" in answer) return String(answer.access_token);
  throw new Error("there is no token");
}
