import assert from "node:assert/strict";
import { test } from "node:test";
import { describeAction } from "../../../../src/adapters/rest/openapi/actions/action-part.ts";
import { METHODS } from "../../../../src/adapters/rest/route.ts";
import { createMemoryStore } from "../../../../src/adapters/memory/index.ts";
import { createRest, type OpenApiOptions } from "../../../../src/adapters/rest/index.ts";
import { createActions, createCatalog, defineAction, everyone, FAILURE_CODES, text } from "../../../../src/domain/index.ts";
import { NO_TOKEN } from "../failures.ts";
import { check, TRANSPORTS, type Sent } from "../harness.ts";
import { authenticate, NOW, openShop } from "../shop.ts";
import { readDocument, operationsOf, type Document } from "./read-document.ts";

const ASKED: Sent = { method: "GET", path: "/api/v1/openapi.json" };

for (const [name, send] of TRANSPORTS) {
  test(`${name}: the document is OpenAPI 3.1 in JSON, and the same text each time`, async () => {
    const { handler } = openShop();
    const first = await send(handler, ASKED);
    assert.equal(first.status, 200);
    assert.equal(first.headers["content-type"], "application/json; charset=utf-8");
    assert.match(JSON.parse(first.text).openapi, /^3\.1\.\d+$/);
    assert.equal((await send(handler, ASKED)).text, first.text);
  });

  test(`${name}: it needs a token, as every route does`, async () => {
    const shop = openShop();
    const sent = { ...ASKED, token: null };
    check(await send(shop.handler, sent), NO_TOKEN, shop, sent);
  });
}

const document = await readDocument(openShop().handler);

test("every action has an operation for each kind of call", () => {
  const { actions } = openShop();
  const operations = new Set(operationsOf(document).map(({ method, path }) => `${method} ${path}`));
  for (const { key, subject } of actions.list()) {
    const id = subject === undefined ? "" : `/{${subject.param}}`;
    for (const kind of ["execute", "preview"]) assert.ok(operations.delete(`post /api/v1/actions/${key}/${kind}${id}`), `${kind} ${key}`);
    assert.equal(operations.delete(`post /api/v1/actions/${key}/bulk`), subject !== undefined, `bulk ${key}`);
    assert.ok(operations.delete(`get /api/v1/actions/${key}/schema`), `schema ${key}`);
  }
  assert.deepEqual([...operations].filter((operation) => operation.includes("/actions/")), []);
});

test("every kind of route has an operation", () => {
  const paths = Object.keys(document.paths).join("\n");
  const looks: Readonly<Record<keyof typeof METHODS, RegExp>> = {
    list: /^\/api\/v1\/actions$/m,
    schema: /\/schema$/m,
    bulk: /\/bulk$/m,
    execute: /\/execute$/m,
    preview: /\/preview$/m,
    audit: /^\/api\/v1\/audit$/m,
    openapi: /^\/api\/v1\/openapi\.json$/m,
    subject_classes: /^\/api\/v1\/subjects$/m,
    subject_list: /^\/api\/v1\/subjects\/shop\.Item$/m,
    subject: /^\/api\/v1\/subjects\/shop\.Item\/\{item\}$/m,
    workflows: /^\/api\/v1\/workflows$/m,
    workflow: /^\/api\/v1\/workflows\/\{id\}$/m,
    workflow_results: /\/results$/m,
    workflow_cancel: /\/cancel$/m,
    workflow_signal: /\/signal\/\{signal\}$/m,
  };
  for (const [kind, look] of Object.entries(looks)) assert.match(paths, look, kind);
});

test("every operation has an ID of its own that is an identifier", () => {
  const ids = operationsOf(document).map(({ operation }) => operation.operationId);
  assert.equal(new Set(ids).size, ids.length);
  for (const id of ids) assert.match(id, /^[a-z][A-Za-z0-9_]*$/);
  assert.ok(ids.includes("execute__items__rename"));
  assert.ok(ids.includes("preview__a__b__c__d_e"));
});

test("the operation of an action has the parameters that the schema has", async () => {
  const { actions } = openShop();
  for (const { key } of actions.list()) {
    const described = document.components.schemas[`params__${key.replaceAll("-", "_").replaceAll("/", "__")}`];
    assert.deepEqual(described, actions.describe(key)?.parameters);
  }
});

test("every code of the closed set is in it, and every operation has a status for each failure that it can meet", () => {
  const text = JSON.stringify(document);
  for (const code of FAILURE_CODES) assert.ok(text.includes(`"const":"${code}"`), code);
  for (const { operation, method } of operationsOf(document)) {
    const expected = ["200", "400", "401", "405", "429", "500", "503", "default", ...(method === "post" ? ["413", "415"] : [])];
    assert.deepEqual(expected.filter((status) => !(status in operation.responses)), [], operation.operationId);
  }
});

test("answers have their headers, and calls have theirs", () => {
  const { responses } = document.components;
  const headersOf = (name: string) => Object.keys(responses[name]?.headers ?? {});
  assert.deepEqual(headersOf("Unavailable"), ["X-Request-Id", "Retry-After"]);
  assert.deepEqual(headersOf("TooManyRequests"), ["X-Request-Id", "Retry-After"]);
  assert.deepEqual(headersOf("Unauthenticated"), ["X-Request-Id", "WWW-Authenticate"]);
  assert.deepEqual(headersOf("MethodNotAllowed"), ["X-Request-Id", "Allow"]);
  assert.deepEqual(headersOf("BulkAnswer"), ["X-Request-Id", "Idempotency-Replayed"]);
  const named = (id: string) => operationsOf(document).find(({ operation }) => operation.operationId === id)?.operation.parameters?.map(({ $ref }) => $ref?.split("/").at(-1));
  assert.deepEqual(named("execute__items__rename"), ["id__shop.Item", "IdempotencyKey", "IfMatch", "XRequestId"]);
  assert.deepEqual(headersOf("SaidPreview"), ["X-Request-Id", "ETag"]);
  assert.deepEqual(named("bulk__items__rename"), ["IdempotencyKey", "XRequestId"]);
});

test("every pointer leads somewhere, and nothing is there that none leads to", () => {
  const pointers = new Set([...JSON.stringify(document).matchAll(/"\$ref":"#\/components\/(\w+)\/([\w.-]+)/g)].map(([, section, name]) => `${section}/${name}`));
  const { securitySchemes: _schemes, ...sections } = document.components;
  const there = Object.entries(sections).flatMap(([section, members]) => Object.keys(members).map((name) => `${section}/${name}`));
  assert.deepEqual([...pointers].sort(), there.sort());
});

test("both OAuth flows are in it when it is told where tokens are got, and only the bearer token otherwise", async () => {
  assert.deepEqual(Object.keys(document.components.securitySchemes), ["bearer"]);
  const openapi: OpenApiOptions = { title: "Shop", tokenUrl: "https://a.example/token", authorizationUrl: "https://a.example/authorize", scopes: { manage_items: "Manage items" } };
  const told = await readDocument(openShop({ rest: { openapi } }).handler);
  assert.equal(told.info.title, "Shop");
  assert.deepEqual(told.security, [{ oauth2: [] }, { bearer: [] }]);
  assert.deepEqual(told.components.securitySchemes["oauth2"]?.flows, {
    clientCredentials: { tokenUrl: "https://a.example/token", scopes: { manage_items: "Manage items" } },
    authorizationCode: { authorizationUrl: "https://a.example/authorize", tokenUrl: "https://a.example/token", refreshUrl: "https://a.example/token", scopes: { manage_items: "Manage items" } },
  });
});

test("a wrong option is a TypeError that names it", () => {
  const rows: readonly (readonly [OpenApiOptions, RegExp])[] = [
    [{ title: " " }, /^openapi\.title must be text/],
    [{ servers: [{ url: "https://a.example/" }] }, /no slash at its end/],
    [{ servers: [] }, /^openapi\.servers must be a list/],
    [{ tokenUrl: "/oauth/token" }, /^openapi\.tokenUrl: "\/oauth\/token" must be an absolute/],
    [{ authorizationUrl: "https://a.example/authorize" }, /^openapi\.authorizationUrl needs openapi\.tokenUrl/],
    [{ license: { name: "MIT", identifier: "MIT", url: "https://a.example" } }, /an identifier or a url, not both/],
  ];
  for (const [openapi, message] of rows) assert.throws(() => openShop({ rest: { openapi } }), { name: "TypeError", message });
});

test("a thousand actions make a document of bounded size, in slices, once", async () => {
  const count = (actions: number) => Array.from({ length: actions }, (_, at) => defineAction({ key: `many/action-${at}`, label: "Many", params: { name: text() }, authorize: everyone, handle: () => "Done." }));
  const open = (many: number) => {
    const clock = () => NOW;
    const newId = () => "id";
    const actions = createActions({ catalog: createCatalog({ actions: count(many), subjects: [] }), store: createMemoryStore({ clock }), clock, newId });
    const asked = { breaths: 0, described: 0 };
    const counted = { ...actions, breathe: () => void asked.breaths++, describe: (key: string) => (asked.described++, actions.describe(key)) };
    return { asked, handler: createRest({ actions: counted, authenticate, clock, newId }) };
  };
  const many = open(1000);
  const [first, second]: readonly Document[] = await Promise.all([readDocument(many.handler), readDocument(many.handler)]);
  await readDocument(many.handler);
  assert.deepEqual(first, second);
  assert.equal(many.asked.described, 1000);
  assert.ok(many.asked.breaths > 1000);
  const [hundred, thousand] = [JSON.stringify(await readDocument(open(100).handler)).length, JSON.stringify(first).length];
  assert.ok((thousand - hundred) / 900 < 6000, "an action adds less than 6,000 characters");
});

test("a bulk call can be asynchronous where an engine runs, and nowhere else", () => {
  const description = openShop().actions.describe("items/sell");
  assert.ok(description !== undefined);
  const operationFor = (maxAsyncIds: number | null) => describeAction(description, {}, maxAsyncIds).paths["/api/v1/actions/items/sell/bulk"];
  const some = JSON.stringify(operationFor(100));
  assert.match(some, /up to 5, or 100 with `async` in another mode/);
  assert.match(some, /"maxItems":100\b.*"async":\{"type":"boolean"/);
  const none = JSON.stringify(operationFor(null));
  assert.match(none, /up to 5\./);
  assert.match(none, /"maxItems":5\b.*"async":\{"const":false/);
  assert.deepEqual(document.paths["/api/v1/actions/items/sell/bulk"], operationFor(null), "no engine runs here");
});

test("what an action declares of its data and its errors stands in its answers", () => {
  const description = {
    key: "a/b",
    label: "B",
    description: "",
    effect: "write",
    parameters: { $schema: "https://json-schema.org/draft/2020-12/schema", type: "object", properties: { tree: { $ref: "#/$defs/tree" } }, additionalProperties: false, $defs: { tree: { type: "object", properties: { $ref: { const: "#/$defs/tree" }, next: { $ref: "#/$defs/tree" } } } } },
    returns: ["data", "error"],
    result: { type: "object", properties: { total: { type: "integer" } }, required: ["total"] },
    errors: [{ code: "too_late", details: { type: "object" }, retry: false }, { code: "busy", details: null, retry: true }],
    examples: [{ label: "A small tree", params: { tree: {} } }],
    bulk: null,
    idempotency: { retention_seconds: 1 },
  } as const;
  const { components, paths } = describeAction(description, {}, 10);
  const text = JSON.stringify(paths);
  assert.match(text, /"data":\{"\$ref":"#\/components\/schemas\/data__a__b"\}/);
  assert.match(text, /"examples":\{"example-1":\{"summary":"A small tree","value":\{"tree":\{\}\}\}\}/);
  assert.match(text, /"422":\{"\$ref":"#\/components\/responses\/refused__a__b"\}/);
  assert.deepEqual(Object.keys(components?.schemas ?? {}), ["params__a__b", "data__a__b", "details__too_late__a__b"]);
  const refused = JSON.stringify(components?.responses);
  assert.match(refused, /"code":\{"type":"string","const":"too_late"\},"details":\{"\$ref":"#\/components\/schemas\/details__too_late__a__b"\}/);
  assert.match(refused, /"const":"busy"\}\}/);
  const tree = { $ref: "#/components/schemas/params__a__b/$defs/tree" };
  assert.deepEqual(components?.schemas?.["params__a__b"], {
    type: "object",
    properties: { tree },
    additionalProperties: false,
    $defs: { tree: { type: "object", properties: { $ref: { const: "#/$defs/tree" }, next: tree } } },
  });
});

test("a class of subjects is described to those who may read it, and to nobody else", async () => {
  const { handler, actions } = openShop();
  const pathsFor = async (token: string) => Object.keys((await readDocument(handler, token)).paths).filter((path) => path.startsWith("/api/v1/subjects/"));
  assert.deepEqual(await pathsFor("nobody-token"), []);
  assert.deepEqual(await pathsFor("manager-token"), ["/api/v1/subjects/shop.Item", "/api/v1/subjects/shop.Item/{item}"]);
  const all = await readDocument(handler, "root-token");
  assert.ok("/api/v1/subjects/shop.Tag/{tag}" in all.paths);
  const item = all.components.schemas["subject__shop.Item"];
  const known = actions.describeSubject("shop.Item");
  assert.ok(item !== undefined && "properties" in item && known !== undefined);
  assert.deepEqual(item.properties, { id: known.id, title: { type: "string", description: "What people call it." }, ...known.fields });
  assert.deepEqual(all.paths["/api/v1/subjects/shop.Item"]?.["get"]?.operationId, "list__shop_Item");
});

test("the ID of an action's subject looks as the class says, whoever may read that", async () => {
  const { components } = await readDocument(openShop().handler, "nobody-token");
  for (const name of ["shop.Item", "shop.Tag", "shop.Device", "shop.Customer"]) {
    assert.deepEqual(components.parameters[`id__${name}`]?.schema, openShop().actions.describeSubject(name)?.id);
  }
});
