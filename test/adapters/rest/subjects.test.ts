import assert from "node:assert/strict";
import { test } from "node:test";
import { testCases, TRANSPORTS, type Case, type Sent } from "./harness.ts";
import { openShop } from "./shop.ts";

const GET: Pick<Sent, "method"> = { method: "GET" };
const SUBJECTS = "/api/v1/subjects";
const ITEMS = `${SUBJECTS}/shop.Item`;
const NOT_FOUND = { success: false, message: "There is nothing here.", code: "not_found" };
const NO_SUBJECT = { success: false, message: "There is no such subject.", code: "subject_not_found" };
const item = (id: number, name: string, count: number) => ({ id, title: `Item #${id}`, name, count });
const BELOW = item(-7, "Below", 1);
const ZERO = item(0, "Zero", 1);
const CHAI = item(1, "Chai", 5);
const CHANG = item(2, "Chang", 0);
const THREE = item(3, "Three", 9);
const LOCKED = item(4, "Locked", 9);
const ANSWER = item(42, "Answer", 42);
const HIDDEN = item(5, "Hidden", 9);
const GREATEST = item(9007199254740991, "Greatest", 1);
const ALL = [BELOW, ZERO, CHAI, CHANG, THREE, LOCKED, ANSWER, GREATEST];
const page = (data: readonly object[], next: string | null = null) => ({ success: true, data, next });
const invalid = (field: string, sentence: string) => ({ success: false, message: sentence, code: "invalid_params", errors: { [field]: [sentence] } });

const RENAME = { key: "items/rename", label: "Rename item", effect: "write" };
const SELL = { key: "items/sell", label: "Sell item", effect: "destructive", allowed: true };
const WAIT = { key: "items/wait", label: "Wait for item", effect: "write", allowed: true };
const SHOW = { key: "show/item", label: "Show", effect: "read", allowed: true };
const checked = (data: object, rename: object) => ({ success: true, data, actions: [{ ...RENAME, ...rename }, SELL, WAIT, SHOW] });
const noField = (name: string) => invalid(name, `${name} is not a public field with a plain value of Item. Use one of: name, count.`);


const CASES: readonly Case[] = [
  ["a subject comes with its public fields, and with what could be done with it now", { ...GET, path: `${ITEMS}/1` }, { status: 200, body: checked(CHAI, { allowed: true }) }],
  ["what authorize() refuses is forbidden", { ...GET, path: `${ITEMS}/3` }, { status: 200, body: checked(THREE, { allowed: false, code: "forbidden", message: "You may not do this." }) }],
  ["what preconditions() refuse is refused, in the action's own words", { ...GET, path: `${ITEMS}/4` }, { status: 200, body: checked(LOCKED, { allowed: false, code: "refused", message: "Item #4 is locked." }) }],
  ["an ID is percent-decoded once", { ...GET, path: `${SUBJECTS}/shop.Tag/a%252Fb`, token: "root-token" }, { status: 200, body: { success: true, data: { id: "a%2Fb", title: "Tag a%2Fb" }, actions: [{ key: "execute-all/executed", label: "Words", effect: "write", allowed: true }, { key: "show/tag", label: "Show", effect: "read", allowed: true }] } }],
  ["an ID may hold a slash", { ...GET, path: `${SUBJECTS}/shop.Tag/x/execute/y`, token: "root-token" }, { status: 200, body: { success: true, data: { id: "x/execute/y", title: "Tag x/execute/y" }, actions: [{ key: "execute-all/executed", label: "Words", effect: "write", allowed: true }, { key: "show/tag", label: "Show", effect: "read", allowed: true }] } }],
  ["HEAD is answered as GET, without a body", { method: "HEAD", path: `${ITEMS}/1` }, { status: 200, body: checked(CHAI, { allowed: true }) }],
  ["there is no such subject", { ...GET, path: `${ITEMS}/7` }, { status: 404, body: NO_SUBJECT }],
  ["one that is not visible is not there", { ...GET, path: `${ITEMS}/5` }, { status: 404, body: NO_SUBJECT }],
  ["but for whoever sees it", { ...GET, path: `${ITEMS}/5`, token: "root-token" }, { status: 200, body: checked(HIDDEN, { allowed: true }) }],
  ["an ID that is none", { ...GET, path: `${ITEMS}/042` }, { status: 404, body: NO_SUBJECT }],
  ["an empty ID", { ...GET, path: `${ITEMS}/` }, { status: 404, body: NO_SUBJECT }],
  ["an ID that is no UTF-8", { ...GET, path: `${ITEMS}/%FF` }, { status: 404, body: NO_SUBJECT }],
  ["without the right to read, a class is as if it did not exist: one of it", { ...GET, path: `${ITEMS}/1`, token: "nobody-token" }, { status: 404, body: NOT_FOUND }],
  ["nor its list", { ...GET, path: ITEMS, token: "nobody-token" }, { status: 404, body: NOT_FOUND }],
  ["nor anything about a wrong question to it", { ...GET, path: `${ITEMS}?limit=0&nothing=1&name=a&name=b`, token: "nobody-token" }, { status: 404, body: NOT_FOUND }],
  ["a class that says nothing of reading is read by nobody", { ...GET, path: `${SUBJECTS}/shop.Device`, token: "root-token" }, { status: 404, body: NOT_FOUND }],
  ["a class that there is not", { ...GET, path: `${SUBJECTS}/shop.Nothing/1` }, { status: 404, body: NOT_FOUND }],
  ["a class is compared as it came", { ...GET, path: `${SUBJECTS}/shop%2EItem/1` }, { status: 404, body: NOT_FOUND }],
  ["an empty class", { ...GET, path: `${SUBJECTS}/` }, { status: 404, body: NOT_FOUND }],
  ["a list has those that are visible, in the order of their IDs as texts", { ...GET, path: ITEMS }, { status: 200, body: page(ALL) }],
  ["who sees more has more", { ...GET, path: ITEMS, token: "root-token" }, { status: 200, body: page([...ALL.slice(0, 7), HIDDEN, GREATEST]) }],
  ["a page of it", { ...GET, path: `${ITEMS}?limit=3` }, { status: 200, body: page([BELOW, ZERO, CHAI], "1") }],
  ["the page behind it", { ...GET, path: `${ITEMS}?limit=3&after=1` }, { status: 200, body: page([CHANG, THREE, LOCKED], "4") }],
  ["the last page", { ...GET, path: `${ITEMS}?limit=3&after=4` }, { status: 200, body: page([ANSWER, GREATEST]) }],
  ["a page that ends where all ends", { ...GET, path: `${ITEMS}?limit=2&after=4` }, { status: 200, body: page([ANSWER, GREATEST]) }],
  ["a page before what is hidden goes on", { ...GET, path: `${ITEMS}?limit=1&after=4` }, { status: 200, body: page([ANSWER], "42") }],
  ["text in the title", { ...GET, path: `${ITEMS}?q=%234` }, { status: 200, body: page([LOCKED, ANSWER]) }],
  ["in letters of any case", { ...GET, path: `${ITEMS}?q=iTEM%20%234` }, { status: 200, body: page([LOCKED, ANSWER]) }],
  ["a page of what is wanted", { ...GET, path: `${ITEMS}?q=item&limit=1` }, { status: 200, body: page([BELOW], "-7") }],
  ["empty text is in every title", { ...GET, path: `${ITEMS}?q=` }, { status: 200, body: page(ALL) }],
  ["text that is nowhere", { ...GET, path: `${ITEMS}?q=nowhere` }, { status: 200, body: page([]) }],
  ["what is hidden is not found", { ...GET, path: `${ITEMS}?name=Hidden` }, { status: 200, body: page([]) }],
  ["a field that is text", { ...GET, path: `${ITEMS}?name=Chai` }, { status: 200, body: page([CHAI]) }],
  ["is compared exactly", { ...GET, path: `${ITEMS}?name=chai` }, { status: 200, body: page([]) }],
  ["a field that is a number", { ...GET, path: `${ITEMS}?count=9` }, { status: 200, body: page([THREE, LOCKED]) }],
  ["in the one form that JSON has for it", { ...GET, path: `${ITEMS}?count=9.0` }, { status: 200, body: page([]) }],
  ["all that is asked for must be so", { ...GET, path: `${ITEMS}?count=9&q=%234&name=Locked` }, { status: 200, body: page([LOCKED]) }],
  ["another name is no field", { ...GET, path: `${ITEMS}?size=9` }, { status: 422, body: noField("size") }],
  ["nor is a field that is not public", { ...GET, path: `${ITEMS}?cost=1` }, { status: 422, body: noField("cost") }],
  ["nor a name of the language's", { ...GET, path: `${ITEMS}?__proto__=1` }, { status: 422, body: JSON.parse(JSON.stringify(noField("x")).replaceAll('"x', '"__proto__')) }],
  ["a field has one value", { ...GET, path: `${ITEMS}?name=Chai&name=Chang` }, { status: 422, body: invalid("name", "name was asked for twice; ask for one value.") }],
  ["a limit is 1 to 200", { ...GET, path: `${ITEMS}?limit=201` }, { status: 422, body: invalid("limit", "limit must be a whole number from 1 to 200.") }],
  ["what is no next of a page", { ...GET, path: `${ITEMS}?after=%00` }, { status: 422, body: invalid("after", "after must be the next of the page before.") }],
  ["all that is wrong is told at once", { ...GET, path: `${ITEMS}?limit=x&size=1` }, { status: 422, body: { ...noField("size"), message: `${noField("size").message} (and 1 more error)`, errors: { ...noField("size").errors, limit: ["limit must be a whole number from 1 to 200."] } } }],
  ["a list is read only", { method: "POST", path: ITEMS }, { status: 405, headers: { allow: "GET, HEAD, OPTIONS" }, body: { success: false, message: "Use one of GET, HEAD, OPTIONS here.", code: "method_not_allowed" } }],
  ["a subject is read only", { method: "DELETE", path: `${ITEMS}/1` }, { status: 405, headers: { allow: "GET, HEAD, OPTIONS" }, body: { success: false, message: "Use one of GET, HEAD, OPTIONS here.", code: "method_not_allowed" } }],
  ["OPTIONS says so", { method: "OPTIONS", path: SUBJECTS }, { status: 204, headers: { allow: "GET, HEAD, OPTIONS" }, body: null }],
  ["nothing is told without a token", { ...GET, path: SUBJECTS, token: null }, { status: 401, headers: { "www-authenticate": 'Bearer realm="actionport"' }, body: { success: false, message: "Unauthenticated.", code: "unauthenticated" } }],
  ["whoever may read nothing has no classes", { ...GET, path: SUBJECTS, token: "nobody-token" }, { status: 200, body: { success: true, data: [] } }],
];

testCases(CASES);

for (const [name, send] of TRANSPORTS) {
  test(`${name}: the classes come with what there is to know of them`, async () => {
    const { handler } = openShop();
    const received = await send(handler, { ...GET, path: SUBJECTS, token: "root-token" });
    assert.equal(received.status, 200);
    const { success, data } = JSON.parse(received.text);
    assert.equal(success, true);
    assert.deepEqual(data.map((each: { class: string }) => each.class), ["shop.Item", "shop.Tag"]);
    const [item, tag] = data;
    assert.deepEqual(Object.keys(item), ["class", "label", "param", "id", "fields", "actions"]);
    assert.deepEqual([item.label, item.param, item.id.anyOf[0].type], ["Item", "item", "integer"]);
    assert.deepEqual(item.fields.count, { type: "integer", minimum: Number.MIN_SAFE_INTEGER, maximum: Number.MAX_SAFE_INTEGER });
    assert.deepEqual(item.fields.name.type, "string");
    assert.deepEqual(Object.keys(item.fields), ["name", "count"]);
    assert.deepEqual(item.actions, ["items/rename", "items/sell", "items/wait", "show/item"]);
    assert.deepEqual([tag.label, tag.fields, tag.id.type], ["Mark", {}, "string"]);
  });

  test(`${name}: handle() is never called to find out what could be done`, async () => {
    const { handler, handled } = openShop();
    await send(handler, { ...GET, path: `${ITEMS}/1` });
    assert.deepEqual(handled, []);
  });
}
