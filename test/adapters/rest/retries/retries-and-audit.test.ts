import assert from "node:assert/strict";
import { test } from "node:test";
import { failure, invalid, NO_SUBJECT, SUBJECT_REQUIRED, UNKNOWN_ACTION } from "../failures.ts";
import { checkFailures, testCases, TRANSPORTS, type Case, type Expected, type Sent } from "../harness.ts";
import { Item, openShop } from "../shop.ts";

const BASE = "/api/v1/actions";
const SELL: Sent = { path: `${BASE}/items/sell/execute/1` };
const SELL_MANY: Sent = { path: `${BASE}/items/sell/bulk`, json: { ids: [1, 2, 42] } };
const IN_LINES: Sent = { ...SELL_MANY, headers: [["Accept", "application/x-ndjson"]] };
const REFUSED: Sent = { path: `${BASE}/items/sell/execute/2` };
const BAD_KEY = failure(400, "malformed_request", "The Idempotency-Key must be 1 to 255 printable ASCII characters.");
const SOLD: Expected = { status: 200, headers: { "idempotency-replayed": null }, body: { success: true, message: "Sold one of item #1." } };

function withKey(sent: Sent, key: string): Sent {
  return { ...sent, headers: [...(sent.headers ?? []), ["Idempotency-Key", key]] };
}

const KEYS: readonly Case[] = [
  ["a key may be bare", withKey(SELL, "order 7/a"), SOLD],
  ["a key may be quoted", withKey(SELL, '"order \\"7\\""'), SOLD],
  ["a key of 255 characters is one", withKey(SELL, "k".repeat(255)), SOLD],
  ["a key of 256 characters is none", withKey(SELL, "k".repeat(256)), BAD_KEY],
  ["an empty key is none", withKey(SELL, ""), BAD_KEY],
  ["a key that is empty in its quotes is none", withKey(SELL, '""'), BAD_KEY],
  ["a key that is not ASCII is none", withKey(SELL, "caf\u00e9"), BAD_KEY],
  ["a key is looked at once the body is understood", withKey({ ...SELL, headers: [["Content-Type", "application/json"]], body: "{" }, ""), failure(400, "malformed_request", "The body must be JSON, with no name twice in one object and at most 32 levels deep.")],
];

const PREVIEW = `${BASE}/items/sell/preview/1`;
const BEFORE = { id: 1, title: "Item #1", name: "Chai", count: 5 };

const PREVIEWS: readonly Case[] = [
  [
    "a preview answers what execute would, and what would change",
    { path: PREVIEW },
    { status: 200, body: { success: true, message: "Sold one of item #1.", changes: [{ class: "shop.Item", id: 1, change: "update", before: BEFORE, after: { ...BEFORE, count: 4 } }] } },
  ],
  ["a preview that would be refused is", { path: `${BASE}/items/sell/preview/2` }, { status: 422, body: { success: false, message: "None of item #2 is left." } }],
  ["a preview passes every check", { path: `${BASE}/items/rename/preview/4`, json: { name: 1 } }, invalid({ name: ["name must be text."] })],
  ["a preview of nothing that is there is none", { path: `${BASE}/items/sell/preview/77` }, NO_SUBJECT],
  ["a preview needs its subject", { path: `${BASE}/items/sell/preview` }, SUBJECT_REQUIRED],
  ["a preview of an unknown action is none", { path: `${BASE}/no/such/preview/1` }, UNKNOWN_ACTION],
  ["a preview is no GET", { method: "GET", path: PREVIEW }, failure(405, "method_not_allowed", "Use one of POST, OPTIONS here.", { allow: "POST, OPTIONS" })],
];

const AUDIT: readonly Case[] = [
  ["the audit trail is empty at first", { method: "GET", path: "/api/v1/audit", token: "root-token" }, { status: 200, body: { success: true, data: [], next: null } }],
  [
    "the audit trail is for view_audit",
    { method: "GET", path: "/api/v1/audit" },
    failure(403, "forbidden", "You may not do this.", { "www-authenticate": 'Bearer realm="actionport", error="insufficient_scope", scope="view_audit"' }),
  ],
  ["the audit trail is not written to", { path: "/api/v1/audit", token: "root-token" }, failure(405, "method_not_allowed", "Use one of GET, HEAD, OPTIONS here.", { allow: "GET, HEAD, OPTIONS" })],
];

testCases([...KEYS, ...PREVIEWS, ...AUDIT]);

for (const [name, send] of TRANSPORTS) {
  for (const [what, sent, handled] of [["a call", SELL, 1], ["a refusal", REFUSED, 1], ["a bulk call", SELL_MANY, 3], ["a bulk call that is answered in lines", IN_LINES, 3]] as const) {
    test(`${name}: a repeat of ${what} gets the same bytes, says so, and runs nothing`, async () => {
      const shop = openShop();
      const first = await send(shop.handler, withKey(sent, "k"));
      const repeats = [await send(shop.handler, withKey(sent, "k")), await send(shop.handler, withKey(sent, '"k"'))];
      for (const repeat of repeats) {
        assert.deepEqual([repeat.status, repeat.text], [first.status, first.text]);
        assert.deepEqual([first.headers["idempotency-replayed"], repeat.headers["idempotency-replayed"]], [undefined, "true"]);
      }
      assert.equal(shop.handled.length, handled);
      checkFailures(shop, 0);
    });
  }

  test(`${name}: a key that was used for another request is refused`, async () => {
    const shop = openShop();
    await send(shop.handler, withKey(SELL, "k"));
    for (const other of [{ ...SELL, path: `${BASE}/items/sell/execute/42` }, { ...SELL, json: { break: "x" } }, SELL_MANY, { path: `${BASE}/results/text/execute` }]) {
      const received = await send(shop.handler, withKey(other, "k"));
      assert.equal(received.status, 422);
      assert.equal(received.text, '{"success":false,"message":"This Idempotency-Key was used for another request. Use a new one.","code":"idempotency_key_reused"}');
    }
    assert.equal(shop.handled.length, 1);
  });

  test(`${name}: H30: a key belongs to the identity that used it`, async () => {
    const shop = openShop();
    await send(shop.handler, withKey(SELL, "k"));
    const other = await send(shop.handler, withKey({ ...SELL, token: "root-token" }, "k"));
    assert.equal(other.headers["idempotency-replayed"], undefined);
    assert.equal(shop.handled.length, 2);
  });

  test(`${name}: a preview keeps nothing`, async () => {
    const shop = openShop();
    await send(shop.handler, { path: PREVIEW });
    const [item] = await shop.store.read(Item.class, ["1"]);
    assert.equal(item?.value["count"], 5);
    assert.equal((await send(shop.handler, { method: "GET", path: "/api/v1/audit", token: "root-token" })).text, '{"success":true,"data":[],"next":null}');
  });

  test(`${name}: the audit trail comes newest first, filtered, a page at a time`, async () => {
    const shop = openShop();
    for (const id of [1, 2, 42]) await send(shop.handler, { path: `${BASE}/items/sell/execute/${id}`, headers: [["X-Request-Id", `request-${id}`]] });
    const read = async (query: string) => {
      const received = await send(shop.handler, { method: "GET", path: `/api/v1/audit?${query}`, token: "root-token" });
      assert.equal(received.status, 200, received.text);
      return JSON.parse(received.text);
    };
    const requests = (page: { readonly data: readonly { readonly request_id: string }[] }) => page.data.map(({ request_id }) => request_id);
    assert.deepEqual(requests(await read("")), ["request-42", "request-2", "request-1"]);
    assert.deepEqual(requests(await read("subject=shop.Item%3A2")), ["request-2"]);
    assert.deepEqual(requests(await read("action=items/rename")), []);
    const first = await read("limit=2");
    assert.deepEqual(Object.keys(first), ["success", "data", "next"]);
    assert.deepEqual(requests(first), ["request-42", "request-2"]);
    const last = await read(`limit=2&after=${encodeURIComponent(first.next)}`);
    assert.deepEqual([requests(last), last.next], [["request-1"], null]);
    for (const limit of ["0", "201", "-1", "1.5", "x", ""]) {
      const received = await send(shop.handler, { method: "GET", path: `/api/v1/audit?limit=${limit}`, token: "root-token" });
      assert.deepEqual([received.status, Object.keys(JSON.parse(received.text).errors)], [422, ["limit"]], limit);
    }
  });
}
