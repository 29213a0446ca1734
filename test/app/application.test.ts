import assert from "node:assert/strict";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { createMemoryStore } from "../../src/adapters/memory/index.ts";
import type { Application } from "../../src/app/application/application.ts";
import { chooseName, toTitle } from "../../src/app/application/name.ts";
import { writeInvitation } from "../../src/app/invitation.ts";
import { startApplication } from "../../src/app/start.ts";
import { createCatalog, defineAction, everyone, type RecordStore } from "../../src/domain/index.ts";
import { callAction, makeDataDirectory } from "./served-northwind.ts";

const greet = defineAction({ key: "greetings/greet", label: "Greet", authorize: everyone, handle: () => "Hello." });
const catalog = createCatalog({ subjects: [], actions: [greet] });

test("A catalog is enough: it is served with OAuth, and who is named later can call", async (context) => {
  const { url, credentialsPath, authorization, stop } = await startApplication({ catalog }, { PORT: "0", DATA_DIR: makeDataDirectory(context) });
  assert.equal(credentialsPath, null);
  const { client_id } = await authorization.clients.create({ name: "app", permissions: ["*"] });
  const { access_token } = await authorization.issueToken({ client_id });
  assert.deepEqual(await callAction(url, access_token, "greetings/greet/execute"), { status: 200, body: { success: true, message: "Hello." } });
  await stop();
});

test("Of several processes that start on a new store at once one makes the first clients and writes their secrets down, and all know them", async (context) => {
  const store = { ...boundMethods(createMemoryStore({ clock: Date.now })), watch: () => () => {} };
  const started = await Promise.all([1, 2, 3].map(() => startApplication({ catalog, store, clients: { admin: ["*"] } }, { PORT: "0", DATA_DIR: makeDataDirectory(context) })));
  const paths = started.flatMap(({ credentialsPath }) => credentialsPath ?? []);
  assert.equal(paths.length, 1);
  const { client_id } = JSON.parse(readFileSync(paths[0] ?? "", "utf8")).clients.admin;
  for (const { authorization, stop } of started) {
    assert.deepEqual((await authorization.clients.list()).map((client) => client.client_id), [client_id]);
    await stop();
  }
});

/** A store that can be spread. */
function boundMethods(store: RecordStore): RecordStore {
  return {
    read: (...given) => store.read(...given), list: (...given) => store.list(...given), commit: (...given) => store.commit(...given),
    trail: (...given) => store.trail(...given), durable: () => store.durable(),
  };
}

/** What a caller without types may write. */
const WRONG: readonly (readonly [Readonly<Record<string, unknown>>, RegExp])[] = [
  [{ limits: {} }, /^the application has no option "limits"; it has actions, catalog, clients, firstCall, .*, workflows$/],
  [{ catalog: undefined }, /^catalog is missing: give what createCatalog\(\{ … \}\) answers/],
  [{ name: "My Shop" }, /^name: "My Shop" must be lower-case letters, digits, dots, dashes and underscores, 64 at most, such as "order-desk"$/],
  [{ server: { maxInflight: 3 } }, /^server has no option "maxInflight"; it has connectionsCheckingIntervalMs, .*, maxInFlight, /],
  [{ server: 3000 }, /^server must be an object of options, not a number$/],
  [{ server: { maxInFlight: 0 } }, /^maxInFlight: 0 is out of range; give a whole number from 1 to 100000$/],
  [{ rest: { timer: null } }, /^rest has no option "timer"; it has cors, maxBodyBytes, maxStreamsPerIdentity, problemTypeBase, realm$/],
  [{ rest: { cors: { origin: "*" } } }, /^rest\.cors has no option "origin"; it has maxAgeSeconds, origins, requestHeaders$/],
  [{ rest: { cors: {} } }, /^rest\.cors\.origins must be a list of origins, such as \["https:\/\/console\.example"\]$/],
  [{ oauth: { store: {} } }, /^oauth has no option "store"; it has accessTokenSeconds, /],
  [{ oauth: { accessTokenSeconds: 1 } }, /^accessTokenSeconds: 1 must be a whole number from 60 to 86400$/],
  [{ actions: { maxRememberedBytes: 1 } }, /^maxRememberedBytes must be a whole number from 1048576 to 1125899906842624, not 1$/],
  [{ store: { maxHeapBytes: 1 } }, /^maxHeapBytes must be between 16777216 and 9007199254740991$/],
  [{ store: { read: () => [] } }, /^store must be an object with the method list, not an object: give a RecordStore/],
  [{ store: () => ({}) }, /^what store answers must be an object with the method read, not an object: give a RecordStore/],
  [{ workflows: { stepTimeoutMs: 0 } }, /^stepTimeoutMs must be a whole number from 1 to 86400000, not 0$/],
  [{ workflows: { exclusive: "false" } }, /^exclusive must be true or false, not a string: does no other process use the store\?$/],
  [{ workflows: { timer: null } }, /^workflows has no option "timer"; it has exclusive, leaseMs, /],
  [{ clients: null }, /^clients must be an object of lists by name, such as \{ desk: \["greet"\] \}, not null$/],
  [{ clients: { desk: "manage_orders" } }, /^clients\.desk must be a list of texts, such as \["greet"\]$/],
  [{ users: { nancy: [5] } }, /^users\.nancy must be a list of texts, such as \["greet"\]$/],
  [{ publicClients: { portal: "https://a.example/" } }, /^publicClients\.portal must be a list of texts, such as \["https:\/\/portal\.example\/callback"\]$/],
  [{ permissions: { greet: 5 } }, /^permissions\.greet must be a sentence, such as "Greet people"$/],
  [{ permissions: "greet" }, /^permissions must be an object of sentences by permission, such as \{ greet: "Greet people" \}, not a string$/],
  [{ initialRecords: [] }, /^initialRecords must be a function, not an Array: it answers a list of what recordsOf\(\) answers$/],
  [{ observe: 5 }, /^observe must be a function, not a number: it is told of everything that happens$/],
  [{ readiness: null }, /^readiness must be an object of functions by part, not null$/],
  [{ store: new Map() }, /^store must be an object of options, not a Map$/],
  [{ oauth: { pages: null } }, /^pages must be an object of options, not null$/],
  [{ oauth: { pages: { lang: 5 } } }, /^pages\.lang: 5 is no language tag; give one such as "en", "de" or "pt-BR"$/],
  [{ signals: true }, /^signals must be an object of options, not a boolean$/],
  [{ firstCall: { client: "app", key: "greetings/greet" } }, /^firstCall\.client is "app", which is not one of clients; name one of them$/],
  [{ clients: { app: [] }, firstCall: { client: "app", key: "greetings/greed" } }, /^firstCall\.key is "greetings\/greed", which is no action of the catalog; name one of its keys, such as "greetings\/greet"$/],
  [{ catalog: async () => catalog, clients: { app: [] }, firstCall: { client: "app", key: "" } }, /^firstCall\.key is "", which is no action/],
  [{ routes: { hooks: () => null } }, /^routes: "hooks" is no path; write it with a slash before it and none behind, such as "\/hooks"$/],
  [{ routes: { "/hooks": "here" } }, /^routes: "\/hooks" must have a function that gets a request and answers a response$/],
  [{ routes: { "/api": () => null } }, /^routes: "\/api" would take \/api\/v1, which is served already; choose another path$/],
  [{ routes: { "/oauth/mine": () => null } }, /^routes: "\/oauth\/mine" would take \/oauth, which is served already/],
  [{ routes: { "/.well-known": () => null } }, /^routes: "\/\.well-known" would take \/\.well-known/],
  [{ routes: { "/healthz": () => null } }, /^routes: "\/healthz" would take \/healthz/],
];

test("An option that is wrong or that there is not is a TypeError that names it, and what is there", async (context) => {
  const directory = makeDataDirectory(context);
  for (const [wrong, message] of WRONG) {
    // A cast, since these are the mistakes that the types prevent.
    const application = { catalog, ...wrong } as Application;
    await assert.rejects(startApplication(application, { PORT: "0", DATA_DIR: directory }), (error: Error) => {
      assert.equal(error.name, "TypeError", error.stack);
      assert.match(error.message, message);
      return true;
    });
  }
  // Casts, likewise.
  await assert.rejects(startApplication({ catalog, initialRecords: () => 5 } as unknown as Application, { PORT: "0", DATA_DIR: makeDataDirectory(context) }), { name: "TypeError", message: "what initialRecords answers must be a list of what recordsOf() answers" });
  await assert.rejects(startApplication(undefined as unknown as Application, { PORT: "0", DATA_DIR: directory }), { name: "TypeError", message: "the application must be an object of options, not undefined" });
  await assert.rejects(startApplication({ catalog, server: { port: 65_536 } }, { DATA_DIR: directory }), { name: "TypeError", message: /^port: 65536 is out of range/ });
});

test("Handlers of one's own are served beside the API, each with what is below its path, and with what every answer has", async (context) => {
  const told: string[] = [];
  const { url, stop } = await startApplication({
    catalog,
    observe: ({ event }) => void told.push(event),
    routes: ({ actions }) => ({
      "/hooks": ({ target }) => ({ status: 200, headers: { "content-type": "text/plain" }, body: `hooks ${target}` }),
      "/hooks/count": () => ({ status: 200, headers: {}, body: String(actions.list().length) }),
      "/broken": () => {
        throw new Error("inside");
      },
      "/": () => ({ status: 404, headers: {}, body: "nobody's" }),
    }),
  }, { PORT: "0", DATA_DIR: makeDataDirectory(context) });
  const ask = async (path: string) => {
    const answer = await fetch(`${url}${path}`);
    assert.match(answer.headers.get("x-request-id") ?? "", /^[\w-]{36}$/);
    return [answer.status, await answer.text()] as const;
  };
  assert.deepEqual(await ask("/hooks/payment?id=1"), [200, "hooks /hooks/payment?id=1"]);
  assert.deepEqual(await ask("/hooks"), [200, "hooks /hooks"]);
  assert.deepEqual(await ask("/hooks/count?"), [200, "1"]);
  assert.deepEqual(await ask("/hookshot"), [404, "nobody's"]);
  assert.deepEqual(await ask("/broken"), [500, '{"success":false,"message":"Server error.","code":"internal_error"}']);
  assert.equal((await ask("/api/v1/actions"))[0], 401);
  assert.equal((await ask("/.well-known/oauth-authorization-server"))[0], 200);
  assert.equal(told.filter((event) => event === "request").length, 7);
  assert.equal(told.filter((event) => event === "internal_error").length, 1);
  await stop();
});

test("A store of one's own is used, and closed by whoever has opened it", async (context) => {
  const closed: string[] = [];
  const open = (name: string): RecordStore & { close(): void } => ({ ...toPlain(createMemoryStore({ clock: Date.now })), close: () => void closed.push(name) });
  const variables = { PORT: "0", DATA_DIR: makeDataDirectory(context) };
  const given = open("given");
  const first = await startApplication({ catalog, store: given, clients: { app: ["*"] } }, variables);
  assert.equal((await given.list("actionport.loaded", { limit: 10 })).records.length, 2);
  await first.stop();
  const second = await startApplication({ catalog, store: async ({ name, dataDirectory }) => open(`${name} in ${dataDirectory}`), name: "shop" }, variables);
  await second.stop();
  assert.deepEqual(closed, [`shop in ${variables.DATA_DIR}`]);
});

/** Its methods by themselves. */
function toPlain(store: RecordStore): RecordStore {
  return { read: store.read.bind(store), list: store.list.bind(store), commit: store.commit.bind(store), trail: store.trail.bind(store), durable: store.durable.bind(store) };
}

test("What the application says of itself reaches the authorization server and the documents", async (context) => {
  const { url, stop } = await startApplication({
    catalog,
    name: "order-desk",
    permissions: { greet: "Greet people" },
    rest: { cors: { origins: ["https://console.example"] }, problemTypeBase: "https://docs.example/errors#" },
    server: { port: 0 },
    oauth: { accessTokenSeconds: 60 },
  }, { DATA_DIR: makeDataDirectory(context) });
  const metadata = await fetch(`${url}/.well-known/oauth-authorization-server`, { headers: { origin: "https://console.example" } });
  assert.equal(metadata.headers.get("access-control-allow-origin"), "https://console.example");
  assert.deepEqual((await metadata.json() as { readonly scopes_supported: unknown }).scopes_supported, ["greet"]);
  const problem = await fetch(`${url}/api/v1/actions`, { headers: { accept: "application/problem+json" } });
  assert.equal((await problem.json() as { readonly type: unknown }).type, "https://docs.example/errors#unauthenticated");
  await stop();
});

test("An application without a name has that of its package, or is called application", (context) => {
  const directory = makeDataDirectory(context);
  assert.equal(chooseName(undefined, directory), "application");
  for (const [text, name] of [['{"name":"@team/order-desk"}', "order-desk"], ['{"name":"Ünfit"}', "application"], ["{", "application"], ["[]", "application"]] as const) {
    mkdirSync(directory, { recursive: true });
    writeFileSync(join(directory, "package.json"), text);
    assert.equal(chooseName(undefined, directory), name);
  }
  assert.equal(chooseName("shop", directory), "shop");
  assert.equal(toTitle("order-desk"), "Order desk");
});

test("Who starts it is invited to the first call, or to list the actions, or told where the passwords are", () => {
  const parts = { url: "http://127.0.0.1:1", credentialsPath: "/data/credentials.json" };
  const lines = (clients: readonly string[]) => writeInvitation({ ...parts, clients, firstCall: undefined }).trimEnd().split("\n");
  assert.deepEqual(lines([]), ["The secrets of the first start are in /data/credentials.json."]);
  assert.equal(lines(["app", "other"]).at(-1), `  curl -sS -w '\\n' http://127.0.0.1:1/api/v1/actions -H "Authorization: Bearer $TOKEN"`);
});
