import assert from "node:assert/strict";
import { test } from "node:test";
import { failure, NOT_FOUND, NO_TOKEN, UNKNOWN_ACTION } from "./failures.ts";
import { checkFailures, testCases, TRANSPORTS, type Case, type Expected, type Sent } from "./harness.ts";
import { openShop } from "./shop.ts";

const BASE = "/api/v1/actions";
const TEXT = `${BASE}/results/text/execute`;
const WELL: Expected = { status: 200, body: { success: true, message: "All is well." } };

const TEXT_PATTERN = "^(?:[^\\uD800-\\uDFFF]|[\\uD800-\\uDBFF][\\uDC00-\\uDFFF])*$";
const SAFE = { minimum: -9007199254740991, maximum: 9007199254740991 } as const;

function schemaOf(key: string): Sent {
  return { method: "GET", path: `${BASE}/${key}/schema` };
}

const SCHEMAS: readonly Case[] = [
  [
    "the schema of an action on a subject has all that a client must know",
    schemaOf("show/item"),
    {
      status: 200,
      headers: { vary: "Authorization" },
      body: {
        key: "show/item",
        label: "Show",
        description: "",
        effect: "read",
        subject: { required: true, param: "item", class: "shop.Item", url_pattern: "/api/v1/actions/show/item/execute/{id}" },
        parameters: { type: "object", properties: {}, additionalProperties: false },
        returns: ["message", "data", "workflow", "nothing", "error"],
        bulk: { url: "/api/v1/actions/show/item/bulk", max_ids: 5, modes: ["each", "stop", "atomic"] },
        idempotency: { retention_seconds: 86400 },
      },
    },
  ],
  [
    "the schema of an action without a subject has no subject",
    schemaOf("create"),
    {
      status: 200,
      body: {
        key: "create",
        label: "Create",
        description: "",
        effect: "write",
        parameters: { type: "object", properties: { name: { type: "string", pattern: TEXT_PATTERN } }, required: ["name"], additionalProperties: false },
        returns: ["message", "data", "workflow", "nothing", "error"],
        bulk: null,
        idempotency: { retention_seconds: 86400 },
      },
    },
  ],
  ["an action says with what it can answer", schemaOf("results/text"), bodyOf("results/text", { returns: ["message", "error"] })],
  ["the schema of an unknown action is none", schemaOf("no/such"), UNKNOWN_ACTION],
  ["the schema of a key of two readings is none", schemaOf("results/text/schema"), UNKNOWN_ACTION],
  ["a schema takes no subject", { method: "GET", path: `${BASE}/show/item/schema/42` }, NOT_FOUND],
  ["a schema needs a token before it says that there is none", { ...schemaOf("no/such"), token: null }, NO_TOKEN],
];

/** What stands in the schema of an action that declares nothing but its key and label. */
function bodyOf(key: string, more: object): Expected {
  const parameters = { type: "object", properties: {}, additionalProperties: false };
  return { status: 200, body: { key, label: "Text", description: "", effect: "write", parameters, ...more, bulk: null, idempotency: { retention_seconds: 86400 } } };
}

const ALLOWED = { acting: "POST, OPTIONS", reading: "GET, HEAD, OPTIONS" } as const;

function noMethod(allow: string): Expected {
  return failure(405, "method_not_allowed", `Use one of ${allow} here.`, { allow });
}

function options(path: string): Sent {
  return { method: "OPTIONS", path, token: null };
}

function allows(allow: string): Expected {
  return { status: 204, headers: { allow, "content-type": null, "access-control-allow-origin": null }, body: null };
}

const METHODS: readonly Case[] = [
  ["H20: HEAD is GET without its body", { method: "HEAD", path: BASE }, { status: 200, headers: { "content-type": "application/json; charset=utf-8" }, body: null }],
  ["H20: HEAD of a schema too", { method: "HEAD", path: `${BASE}/results/text/schema` }, { status: 200, body: null }],
  ["H20: HEAD needs a token", { method: "HEAD", path: BASE, token: null }, { status: 401, headers: { "www-authenticate": 'Bearer realm="actionport"' }, body: null }],
  ["H20: HEAD never runs an action", { method: "HEAD", path: TEXT }, { status: 405, headers: { allow: ALLOWED.acting }, body: null }],
  ["H20: GET never runs an action", { method: "GET", path: TEXT }, noMethod(ALLOWED.acting)],
  ["H20: nor does PUT", { method: "PUT", path: TEXT }, noMethod(ALLOWED.acting)],
  ["H20: nor does DELETE", { method: "DELETE", path: TEXT }, noMethod(ALLOWED.acting)],
  ["H20: nor does PATCH", { method: "PATCH", path: TEXT }, noMethod(ALLOWED.acting)],
  ["H20: nor does TRACE", { method: "TRACE", path: TEXT }, noMethod(ALLOWED.acting)],
  ["H20: X-HTTP-Method-Override is ignored", { method: "GET", path: TEXT, headers: [["X-HTTP-Method-Override", "POST"]] }, noMethod(ALLOWED.acting)],
  ["H20: _method is ignored", { method: "GET", path: `${TEXT}?_method=POST` }, noMethod(ALLOWED.acting)],
  ["POST does not read the list", { path: BASE }, noMethod(ALLOWED.reading)],
  ["POST does not read a schema", { path: `${BASE}/results/text/schema` }, noMethod(ALLOWED.reading)],
  ["OPTIONS tells what a list allows, to anybody", options(BASE), allows(ALLOWED.reading)],
  ["OPTIONS tells what a schema allows", options(`${BASE}/results/text/schema`), allows(ALLOWED.reading)],
  ["OPTIONS tells what an action allows", options(TEXT), allows(ALLOWED.acting)],
  ["OPTIONS tells what an action on a subject allows", options(`${BASE}/show/item/execute/42`), allows(ALLOWED.acting)],
  ["OPTIONS tells what a bulk call allows", options(`${BASE}/show/item/bulk`), allows(ALLOWED.acting)],
  ["OPTIONS does not tell which actions there are", options(`${BASE}/no/such/execute`), allows(ALLOWED.acting)],
  ["OPTIONS finds no route where there is none", options("/nowhere"), NOT_FOUND],
];

function asking(id: string): Sent {
  return { path: TEXT, headers: [["X-Request-Id", id]] };
}

function kept(id: string): Expected {
  return { ...WELL, headers: { "x-request-id": id } };
}

const FRESH = "fresh-2";
const PAGE = ["Origin", "https://page.example"] as const;
const ASKS = ["Access-Control-Request-Method", "POST"] as const;
const NO_CORS = { "access-control-allow-origin": null, "access-control-allow-headers": null, "access-control-allow-methods": null } as const;

const HEADERS: readonly Case[] = [
  ["a well-formed request id is kept", asking("Trace.1_a~b-c"), kept("Trace.1_a~b-c")],
  ["one of 128 characters is kept", asking("x".repeat(128)), kept("x".repeat(128))],
  ["one of 129 characters is replaced", asking("x".repeat(129)), kept(FRESH)],
  ["one with a space is replaced", asking("a b"), kept(FRESH)],
  ["one that could break a log is replaced", asking('a","level":"fatal'), kept(FRESH)],
  ["an empty one is replaced", asking(""), kept(FRESH)],
  ["of two none is kept", { path: TEXT, headers: [["X-Request-Id", "a"], ["X-Request-Id", "b"]] }, kept(FRESH)],
  ["a refusal has a request id as well", { path: "/nowhere", headers: [["X-Request-Id", "abc"]] }, { ...NOT_FOUND, headers: { "x-request-id": "abc" } }],
  ["the answer is JSON whatever Accept says", { path: TEXT, headers: [["Accept", "text/html"]] }, WELL],
  ["even where lines could be asked for on another route", { path: TEXT, headers: [["Accept", "application/x-ndjson"]] }, WELL],
  ["a refusal is JSON whatever Accept says", { path: "/nowhere", headers: [["Accept", "text/html"]] }, NOT_FOUND],
  ["H7: two Content-Type headers are refused", { path: TEXT, json: {}, headers: [["content-type", "text/plain"]] }, failure(400, "malformed_request", "The Content-Type header was sent more than once; send it once.")],
  ["H7: two Idempotency-Key headers are refused", { path: TEXT, headers: [["Idempotency-Key", "a"], ["Idempotency-Key", "b"]] }, failure(400, "malformed_request", "The Idempotency-Key header was sent more than once; send it once.")],
  ["H12: a header called __proto__ is a header like any other", { path: TEXT, headers: [["__proto__", "x"], ["constructor", "y"]] }, WELL],
  ["H31: without configuration no page of another origin may call", { path: TEXT, headers: [PAGE] }, { ...WELL, headers: NO_CORS }],
  ["H31: and a preflight is an OPTIONS like any other", { ...options(TEXT), headers: [PAGE, ASKS] }, { status: 204, headers: { allow: ALLOWED.acting, ...NO_CORS }, body: null }],
];

testCases([...SCHEMAS, ...METHODS, ...HEADERS]);

const CORS: readonly Case[] = [
  ["H31: a configured origin may call", { path: TEXT, headers: [PAGE] }, { ...WELL, headers: { "access-control-allow-origin": "https://page.example", vary: "Authorization, Origin", "access-control-allow-credentials": null } }],
  ["H31: its preflight is answered without a token", { ...options(TEXT), headers: [PAGE, ASKS] }, { status: 204, headers: { "access-control-allow-origin": "https://page.example" }, body: null }],
  ["H31: another origin may not", { path: TEXT, headers: [["Origin", "https://page.example.evil"]] }, { ...WELL, headers: { ...NO_CORS, vary: "Authorization, Origin" } }],
  ["H31: nor may the origin null", { path: TEXT, headers: [["Origin", "null"]] }, { ...WELL, headers: NO_CORS }],
  ["H31: a page can read why it was refused", { path: TEXT, token: null, headers: [PAGE] }, { ...NO_TOKEN, headers: { "access-control-expose-headers": "X-Request-Id, ETag, Idempotency-Replayed, Retry-After, WWW-Authenticate" } }],
];

testCases(CORS, { rest: { cors: { origins: ["https://page.example"] } } });

for (const [name, send] of TRANSPORTS) {
  test(`${name}: the list has all actions in key order, each with its summary and no more`, async () => {
    const shop = openShop();
    const received = await send(shop.handler, { method: "GET", path: BASE, token: "nobody-token" });
    const list = JSON.parse(received.text);
    assert.equal(received.status, 200);
    assert.deepEqual(Object.keys(list), ["success", "data"]);
    assert.equal(list.success, true);
    const keys = list.data.map((entry: { readonly key: string }) => entry.key);
    assert.equal(keys.length, 27);
    assert.deepEqual(keys, [...keys].sort());
    assert.equal(
      JSON.stringify(list.data.find((entry: { readonly key: string }) => entry.key === "items/rename")),
      JSON.stringify({
        key: "items/rename",
        label: "Rename item",
        description: "Gives an item another name.",
        effect: "write",
        subject: { required: true, param: "item", class: "shop.Item", url_pattern: "/api/v1/actions/items/rename/execute/{id}" },
      }),
    );
    assert.equal(
      JSON.stringify(list.data.find((entry: { readonly key: string }) => entry.key === "create")),
      JSON.stringify({ key: "create", label: "Create", description: "", effect: "write" }),
    );
    checkFailures(shop, 0);
  });

  test(`${name}: the URL that the schema gives is the one that works`, async () => {
    const shop = openShop();
    const schema = JSON.parse((await send(shop.handler, schemaOf("show/tag"))).text);
    const single = await send(shop.handler, { path: schema.subject.url_pattern.replace("{id}", encodeURIComponent("a/b")) });
    assert.equal(single.text, '{"success":true,"message":"string a/b"}');
    const bulk = await send(shop.handler, { path: schema.bulk.url, json: { ids: ["a/b"] } });
    assert.equal(bulk.status, 200);
  });

  test(`${name}: the schema of the parameters is JSON Schema 2020-12 of what is enforced`, async () => {
    const shop = openShop();
    const { parameters } = JSON.parse((await send(shop.handler, schemaOf("items/rename"))).text);
    assert.deepEqual(parameters, {
      type: "object",
      properties: {
        name: { type: "string", minLength: 1, maxLength: 20, pattern: TEXT_PATTERN },
        lines: { type: "array", items: { type: "object", properties: { quantity: { type: "integer", minimum: 1, maximum: SAFE.maximum } }, required: ["quantity"], additionalProperties: false } },
        mood: { type: "string", enum: ["good", "bad"], default: "good" },
        like: parameters.properties.like,
      },
      required: ["name"],
      additionalProperties: false,
    });
    assert.deepEqual(parameters.properties.like.anyOf[0], { type: "integer", ...SAFE });
  });
}
