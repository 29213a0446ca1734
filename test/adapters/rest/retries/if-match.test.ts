import assert from "node:assert/strict";
import { test } from "node:test";
import { testCases, TRANSPORTS, type Case, type Sent } from "../harness.ts";
import { openShop } from "../shop.ts";

const RENAME = "/api/v1/actions/items/rename";
const SENT: Sent = { path: `${RENAME}/execute/1`, json: { name: "Oolong" } };
const CHANGED = { success: false, message: "What was seen has changed meanwhile, and nothing was done. Look again before you decide.", code: "precondition_failed" };
const OOLONG = { success: true, message: "Item renamed.", data: { id: 1, title: "Item #1", name: "Oolong", count: 5 } };
const malformed = { success: false, message: 'If-Match must be the ETag of a preview, in quotes as it came: neither "*" nor a list.', code: "malformed_request" };
const SOME = `"${"0".repeat(64)}"`;
const ifMatch = (value: string): Pick<Sent, "headers"> => ({ headers: [["If-Match", value]] });

const CASES: readonly Case[] = [
  ["an ETag of nothing that was seen", { ...SENT, ...ifMatch(SOME) }, { status: 412, headers: { etag: null }, body: CHANGED }],
  ["an empty tag is one", { ...SENT, ...ifMatch('""') }, { status: 412, body: CHANGED }],
  ["a weak tag matches nothing, whatever stands in it", { ...SENT, ...ifMatch(`W/${SOME}`) }, { status: 412, body: CHANGED }],
  ["a comma may stand in a tag", { ...SENT, ...ifMatch('"a,b"') }, { status: 412, body: CHANGED }],
  ["If-Match: * is malformed", { ...SENT, ...ifMatch("*") }, { status: 400, body: malformed }],
  ["so is a list", { ...SENT, ...ifMatch(`${SOME}, ${SOME}`) }, { status: 400, body: malformed }],
  ["and one in two headers", { ...SENT, headers: [["If-Match", SOME], ["If-Match", SOME]] }, { status: 400, body: malformed }],
  ["and a tag without quotes", { ...SENT, ...ifMatch("0".repeat(64)) }, { status: 400, body: malformed }],
  ["a body that is no JSON is told first", { path: SENT.path, body: "{", headers: [["Content-Type", "application/json"], ["If-Match", "*"]] }, { status: 400, body: { success: false, message: "The body must be JSON, with no name twice in one object and at most 32 levels deep.", code: "malformed_request" } }],
  ["who may not is told so", { path: `${RENAME}/execute/3`, json: { name: "Oolong" }, ...ifMatch(SOME) }, { status: 403, body: { success: false, message: "You may not do this.", code: "forbidden" } }],
  ["no such subject", { path: `${RENAME}/execute/7`, json: { name: "Oolong" }, ...ifMatch(SOME) }, { status: 404, body: { success: false, message: "There is no such subject.", code: "subject_not_found" } }],
  ["wrong parameters", { path: SENT.path, json: { name: "" }, ...ifMatch(SOME) }, { status: 422, body: { success: false, message: "name must not be empty.", code: "invalid_params", errors: { name: ["name must not be empty."] } } }],
  ["what the action would refuse is not what was seen", { path: `${RENAME}/execute/4`, json: { name: "Oolong" }, ...ifMatch(SOME) }, { status: 412, body: CHANGED }],
  ["an action that takes no subject", { path: "/api/v1/actions/create/execute", json: { name: "Oolong" }, ...ifMatch(SOME) }, { status: 412, body: CHANGED }],
  ["a bulk call takes none", { path: `${RENAME}/bulk`, json: { ids: [1], params: { name: "Oolong" } }, ...ifMatch(SOME) }, { status: 400, body: { success: false, message: "A bulk call takes no If-Match: a preview of many has no ETag.", code: "malformed_request" } }],
  ["not even to preview", { path: `${RENAME}/bulk`, json: { ids: [1], params: { name: "Oolong" }, preview: true }, ...ifMatch("*") }, { status: 400, body: { success: false, message: "A bulk call takes no If-Match: a preview of many has no ETag.", code: "malformed_request" } }],
  ["a preview that would be refused has no ETag", { path: `${RENAME}/preview/4`, json: { name: "Oolong" } }, { status: 422, headers: { etag: null }, body: { success: false, message: "Item #4 is locked.", code: "locked" } }],
  ["an execution has none", { ...SENT }, { status: 200, headers: { etag: null }, body: OOLONG }],
];

testCases(CASES);

for (const [name, send] of TRANSPORTS) {
  const call = async (shop: ReturnType<typeof openShop>, sent: Sent) => {
    const { status, headers, text } = await send(shop.handler, sent);
    return { status, headers, body: JSON.parse(text) };
  };

  test(`${name}: the ETag of a preview has just that done`, async () => {
    const shop = openShop();
    const preview: Sent = { ...SENT, path: `${RENAME}/preview/1` };
    const { status, headers, body } = await call(shop, preview);
    const etag = headers["etag"] ?? "";
    assert.equal(status, 200);
    assert.match(etag, /^"[0-9a-f]{64}"$/);
    assert.deepEqual(Object.keys(body), ["success", "message", "data", "changes"]);
    assert.equal((await call(shop, preview)).headers["etag"], etag, "it is the same as long as all is");
    const other = await call(shop, { ...SENT, json: { name: "Other" }, ...ifMatch(etag) });
    assert.deepEqual([other.status, other.body], [412, CHANGED]);
    const done = await call(shop, { ...SENT, ...ifMatch(etag) });
    assert.deepEqual([done.status, done.body], [200, OOLONG]);
    const again = await call(shop, { ...SENT, ...ifMatch(etag) });
    assert.deepEqual([again.status, again.body], [412, CHANGED]);
    assert.deepEqual(shop.failures, []);
  });

  test(`${name}: a repeat with its Idempotency-Key is answered as the first was, not with 412`, async () => {
    const shop = openShop();
    const { headers } = await call(shop, { ...SENT, path: `${RENAME}/preview/1` });
    const sent: Sent = { ...SENT, headers: [["If-Match", headers["etag"] ?? ""], ["Idempotency-Key", "k"]] };
    const [first, second] = [await call(shop, sent), await call(shop, sent)];
    assert.deepEqual([first.status, second.status], [200, 200]);
    assert.deepEqual(second.body, first.body);
    assert.equal(second.headers["idempotency-replayed"], "true");
  });
}
