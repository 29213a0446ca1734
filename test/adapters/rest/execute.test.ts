import assert from "node:assert/strict";
import { test } from "node:test";
import {
  BAD_TOKEN,
  ENCODED,
  failure,
  FORBIDDEN,
  INTERNAL_ERROR,
  invalid,
  MEDIA_TYPE,
  NO_SUBJECT,
  NO_TOKEN,
  NOT_FOUND,
  NOT_JSON,
  NOT_OBJECT,
  NOT_UTF8,
  SUBJECT_NOT_ACCEPTED,
  SUBJECT_REQUIRED,
  UNKNOWN_ACTION,
} from "./failures.ts";
import { check, testCases, toRequest, TRANSPORTS, type Case, type Expected, type Sent } from "./harness.ts";
import { Item, openShop } from "./shop.ts";
import type { RecordStore } from "../../../src/domain/index.ts";

const BASE = "/api/v1/actions";
const RENAME = `${BASE}/items/rename/execute/1`;
const RENAMED: Expected = { status: 200, body: { success: true, message: "Item renamed.", data: { id: 1, title: "Item #1", name: "x", count: 5 } } };
const JSON_TYPE = ["Content-Type", "application/json"] as const;

function ok(body: unknown): Expected {
  return { status: 200, body, headers: { vary: "Authorization", "www-authenticate": null, "retry-after": null } };
}

function result(name: string): Sent {
  return { path: `${BASE}/results/${name}/execute` };
}

function refused(body: object): Expected {
  return { status: 422, body: { success: false, ...body } };
}

const RESULTS: readonly Case[] = [
  ["a string is a message", result("text"), ok({ success: true, message: "All is well." })],
  ["an empty string is a message too", result("empty-text"), ok({ success: true, message: "" })],
  ["nothing is a bare success", result("nothing"), ok({ success: true })],
  ["null, from an async handler, is a bare success", result("null"), ok({ success: true })],
  ["a started workflow is its ID and nothing else", result("workflow"), ok({ success: true, workflow_id: "wf-7" })],
  [
    "an object's data starts with id and title, whatever its own order",
    result("object"),
    ok({ success: true, message: "Report made.", data: { id: "report", title: "A report", total: 3, lines: [{ n: 1 }] } }),
  ],
  ["an action without a message of its own has one made of its label", result("usual-message"), ok({ success: true, message: "Make a thing succeeded.", data: { id: 1, title: "Thing" } })],
  ["a message can be made from the result", result("made-message"), ok({ success: true, message: "Made 9.", data: { id: 9, title: "Nine" } })],
  ["a redirect hint beside a message is ignored", result("redirected-text"), { ...ok({ success: true, message: "Done." }), headers: { location: null } }],
  ["a redirect hint beside an object is ignored", result("redirected-object"), { ...ok({ success: true, message: "Done.", data: { id: 1, title: "One" } }), headers: { location: null } }],
  ["an ActionError is its message and no code", result("refused"), refused({ message: "Not today." })],
  ["an ActionError with a code adds just that", result("refused-with-code"), refused({ message: "Too late.", code: "too_late" })],
  ["an ActionError with details adds just those", result("refused-with-details"), refused({ message: "Too many.", details: { left: 4 } })],
  ["an ActionError with both adds both", result("refused-with-both"), refused({ message: "Sold out.", code: "sold_out", details: { sizes: [38, null] } })],
  ["H24: an unforeseen failure says nothing from inside", result("broken"), INTERNAL_ERROR],
  ["H24: nor does one in an async handler", result("broken-later"), INTERNAL_ERROR],
  ["H24: nor does a result that JSON cannot say", result("broken-value"), INTERNAL_ERROR],
  ["a record is shown with its public fields only", { path: RENAME, json: { name: "x" } }, ok(RENAMED.body)],
];

const unknown = (field: string) => `${field} is not a known field. Leave it out, or use one of: name, lines, mood, like.`;
const NONE_TAKEN = "a is not a known field. Leave it out: no fields are taken here.";

function rename(body: string): Sent {
  return { path: RENAME, headers: [JSON_TYPE], body };
}

const PARAMETERS: readonly Case[] = [
  ["an unknown field is an error", rename('{"name":"x","nick":"y"}'), invalid({ nick: [unknown("nick")] })],
  ["__proto__ is an unknown field like any other", rename('{"name":"x","__proto__":{"mood":"bad"}}'), invalid(Object.fromEntries([["__proto__", [unknown("__proto__")]]]))],
  ["constructor is an unknown field like any other", rename('{"name":"x","constructor":{"prototype":{"polluted":1}}}'), invalid({ constructor: [unknown("constructor")] })],
  ["toString is an unknown field like any other", rename('{"name":"x","toString":1}'), invalid({ toString: [unknown("toString")] })],
  ["an action without parameters takes none", { path: `${BASE}/results/text/execute`, json: { a: 1 } }, invalid({ a: [NONE_TAKEN] })],
  ["a missing field is named", rename("{}"), invalid({ name: ["name is required."] })],
  ["no body means no fields", { path: RENAME }, invalid({ name: ["name is required."] })],
  [
    "several faults are counted behind the first",
    rename('{"name":"","lines":[{"quantity":1},{"quantity":0},{"quantity":"2"}]}'),
    invalid({ name: ["name must not be empty."], "lines.1.quantity": ["lines.1.quantity must be at least 1."], "lines.2.quantity": ["lines.2.quantity must be a whole number."] }),
  ],
  ["a nested unknown field has a dotted path", rename('{"name":"x","lines":[{"quantity":1,"price":2}]}'), invalid({ "lines.0.price": ["lines.0.price is not a known field. Leave it out, or use one of: quantity."] })],
  ["a reference to what is not there is a fault of its field", rename('{"name":"x","like":77}'), invalid({ like: ["There is no item with the ID 77."] })],
  ["a reference to what may not be seen is the same fault", rename('{"name":"x","like":5}'), invalid({ like: ["There is no item with the ID 5."] })],
  ["a reference is the record to the handler", rename('{"name":"x","like":"42"}'), { status: 200, body: { success: true, message: "Item renamed.", data: { id: 1, title: "Item #1", name: "x like Answer", count: 5 } } }],
  ["H15: an integer that would be rounded is refused", rename('{"name":"x","lines":[{"quantity":9007199254740993}]}'), invalid({ "lines.0.quantity": ["lines.0.quantity must be at most 9007199254740991."] })],
  ["H15: a number beyond all is refused", rename('{"name":"x","lines":[{"quantity":1e400}]}'), invalid({ "lines.0.quantity": ["lines.0.quantity must be at most 9007199254740991."] })],
  ["H15: -0 is 0, which is less than one", rename('{"name":"x","lines":[{"quantity":-0}]}'), invalid({ "lines.0.quantity": ["lines.0.quantity must be at least 1."] })],
  ["H15: 1.0 and 1E2 are whole numbers", rename('{"name":"x","lines":[{"quantity":1.0},{"quantity":1E2}]}'), RENAMED],
  ["H10: half a surrogate pair is no text", rename('{"name":"\\ud800"}'), invalid({ name: ["name must be well-formed Unicode: half of a surrogate pair stands alone in it."] })],
  ["a redirect that an action declares and a client sends is only a field", rename('{"name":"x","redirect":"/"}'), invalid({ redirect: [unknown("redirect")] })],
];

function typed(type: string, body = '{"name":"x"}'): Sent {
  return { path: RENAME, headers: [["Content-Type", type]], body };
}

function encoded(coding: string): Sent {
  return { path: RENAME, headers: [JSON_TYPE, ["Content-Encoding", coding]], body: '{"name":"x"}' };
}

const DEEP = `{"name":${"[".repeat(40)}${"]".repeat(40)}}`;

const BODIES: readonly Case[] = [
  ["H8: gzip is refused", encoded("gzip"), ENCODED],
  ["H8: even identity is refused", encoded("identity"), ENCODED],
  ["H8: a coding without a body is refused too", { path: RENAME, headers: [["Content-Encoding", "br"]] }, ENCODED],
  ["H9: a charset of utf-8 is welcome", typed("application/json; charset=UTF-8"), RENAMED],
  ["H9: the type's case is no matter", typed("Application/JSON"), RENAMED],
  ["H9: a body without a type is refused", { path: RENAME, body: '{"name":"x"}' }, MEDIA_TYPE],
  ["H9: JSON as plain text is refused", typed("text/plain"), MEDIA_TYPE],
  ["H9: a form is refused", typed("application/x-www-form-urlencoded", "name=x"), MEDIA_TYPE],
  ["H9: another charset is refused", typed("application/json; charset=latin1"), MEDIA_TYPE],
  ["H9: application/jsonx is refused", typed("application/jsonx"), MEDIA_TYPE],
  ["H9: a type with +json is refused", typed("application/merge-patch+json"), MEDIA_TYPE],
  ["H9: an empty parameter is refused", typed("application/json;"), MEDIA_TYPE],
  ["H9: a broken parameter is refused", typed("application/json\t; x"), MEDIA_TYPE],
  ["H9: two types in one header are refused", typed("application/json, text/plain"), MEDIA_TYPE],
  ["H10: invalid UTF-8 is refused", { ...rename(""), body: Buffer.from('{"name":"\xff"}', "latin1") }, NOT_UTF8],
  ["H10: UTF-16 is refused", { ...rename(""), body: Buffer.from('\ufeff{"name":"x"}', "utf16le") }, NOT_UTF8],
  ["H10: a byte order mark is refused", rename('\ufeff{"name":"x"}'), NOT_UTF8],
  ["H11: a member called prototype is only an unknown field", rename('{"name":"x","prototype":{}}'), invalid({ prototype: [unknown("prototype")] })],
  ["H13: nesting beyond all sense is refused", rename(DEEP), NOT_JSON],
  ["H13: so are a hundred thousand brackets", rename("[".repeat(100_000)), NOT_JSON],
  ["H14: a name that stands twice is refused", rename('{"name":"x","name":"y"}'), NOT_JSON],
  ["H14: however it is written", rename('{"name":"x","n\\u0061me":"y"}'), NOT_JSON],
  ["H14: and however deep", rename('{"name":"x","lines":[{"quantity":1,"quantity":2}]}'), NOT_JSON],
  ["a body that is cut off is not JSON", rename('{"name":"x"'), NOT_JSON],
  ["two documents are not JSON", rename('{"name":"x"}{"name":"y"}'), NOT_JSON],
  ["a comment is not JSON", rename('{"name":"x"/**/}'), NOT_JSON],
  ["NaN is not JSON", rename('{"name":NaN}'), NOT_JSON],
  ["white space is not JSON", rename("  "), NOT_JSON],
  ["a list is no object", rename("[]"), NOT_OBJECT],
  ["null is no object", rename("null"), NOT_OBJECT],
  ["a string is no object", rename('"name"'), NOT_OBJECT],
  ["white space around the object is welcome", rename(' \r\n\t{"name":"x"} \n'), RENAMED],
];

const TOO_LARGE = failure(413, "payload_too_large", "The body is larger than 100 bytes; send less at a time.");
const LARGE = `{"name":"${"x".repeat(90)}"}`;

const SIZES: readonly Case[] = [
  ["a body over the limit by one byte is too large", rename(LARGE), TOO_LARGE],
  ["bytes are counted, not characters", rename(`{"name":"${"é".repeat(45)}"}`), TOO_LARGE],
  ["a body of exactly the limit is read", rename(LARGE.replace("xx", "x")), invalid({ name: ["name must have at most 20 characters."] })],
];

const BROKEN_TYPE = ["Content-Type", "text/plain"] as const;
const LOCKED = refused({ message: "Item #4 is locked.", code: "locked" });
const FAULTS = invalid({ name: ["name must be text."] });

/** Requests that fail two checks at once, in the order of the checks: the earlier one answers. */
const ORDER: readonly Case[] = [
  ["a repeated header comes before the route", { path: "/nowhere", headers: [["Authorization", "Bearer x"]] }, failure(400, "malformed_request", "The Authorization header was sent more than once; send it once.")],
  ["the route comes before the token", { path: "/nowhere", token: "bad" }, NOT_FOUND],
  ["the method comes before the token", { method: "PUT", path: RENAME, token: "bad" }, failure(405, "method_not_allowed", "Use one of POST, OPTIONS here.", { allow: "POST, OPTIONS" })],
  ["the token comes before the size", { ...rename(LARGE), token: "bad" }, BAD_TOKEN],
  ["the size comes before the media type", { path: RENAME, headers: [BROKEN_TYPE], body: LARGE }, TOO_LARGE],
  ["the size comes before the encoding", { path: RENAME, headers: [JSON_TYPE, ["Content-Encoding", "gzip"]], body: LARGE }, TOO_LARGE],
  ["the media type comes before the JSON", { path: RENAME, headers: [BROKEN_TYPE], body: "{" }, MEDIA_TYPE],
  ["the JSON comes before the action key", { path: `${BASE}/no/such/execute`, headers: [JSON_TYPE], body: "{" }, NOT_JSON],
  ["the action key comes before the subject", { path: `${BASE}/no/such/execute/1` }, UNKNOWN_ACTION],
  ["whether a subject belongs comes before whether there is one", { path: `${BASE}/create/execute/77`, token: "nobody-token" }, SUBJECT_NOT_ACCEPTED],
  ["a missing subject comes before authorize()", { path: `${BASE}/items/rename/execute`, token: "nobody-token" }, SUBJECT_REQUIRED],
  ["the subject comes before authorize()", { path: `${BASE}/items/rename/execute/77`, token: "nobody-token", json: { name: 1 } }, NO_SUBJECT],
  ["authorize() comes before the parameters", { path: `${BASE}/items/rename/execute/4`, token: "nobody-token", json: { name: 1 } }, FORBIDDEN],
  ["the parameters come before the preconditions", { path: `${BASE}/items/rename/execute/4`, json: { name: 1, mood: "bad" } }, FAULTS],
  ["a missing reference comes before the preconditions", { path: `${BASE}/items/rename/execute/4`, json: { name: "x", like: 77 } }, invalid({ like: ["There is no item with the ID 77."] })],
  ["the preconditions come before handle()", { path: `${BASE}/items/rename/execute/4`, json: { name: "x", mood: "bad" } }, LOCKED],
  ["handle() comes last", { path: RENAME, json: { name: "x", mood: "bad" } }, refused({ message: "Not in this mood." })],
];

testCases([...RESULTS, ...PARAMETERS, ...BODIES, ["without a token nothing is said", { path: RENAME, token: null, json: { name: 1 } }, NO_TOKEN]]);
testCases([...SIZES, ...ORDER], { rest: { maxBodyBytes: 100 } });

test("Without a limit of its own a body may have 1 MiB and not one byte more", async () => {
  const shop = openShop();
  const sentence = JSON.stringify({ name: "x".repeat(1_048_576 - 11) });
  const largest: Sent = { path: RENAME, headers: [JSON_TYPE], body: sentence };
  assert.equal(Buffer.byteLength(sentence), 1_048_576);
  assert.equal((await shop.handler(toRequest(largest))).status, 422);
  assert.equal((await shop.handler(toRequest({ ...largest, body: `${sentence} ` }))).status, 413);
});

/** A store in which another process changes the item before every commit of ours, as often as told. */
function disturbed(times: number) {
  return (store: RecordStore): RecordStore => ({
    read: (collection, ids) => store.read(collection, ids),
    list: (collection, page) => store.list(collection, page),
    trail: (query) => store.trail(query),
    durable: () => store.durable(),
    async commit(changes, entries) {
      if (times-- > 0) {
        const [item] = await store.read(Item.class, ["1"]);
        if (item !== undefined) await store.commit([{ kind: "put", collection: Item.class, id: "1", basedOn: item.version, value: { ...item.value, count: 100 + times } }]);
      }
      return store.commit(changes, entries);
    },
  });
}

for (const [name, send] of TRANSPORTS) {
  const sent: Sent = { path: `${BASE}/items/sell/execute/1` };

  test(`${name}: what another process changed meanwhile is read afresh`, async () => {
    const shop = openShop({ wrapStore: disturbed(2) });
    check(await send(shop.handler, sent), ok({ success: true, message: "Sold one of item #1." }), shop, sent);
    assert.equal(shop.handled.length, 3);
    const [item] = await shop.store.read(Item.class, ["1"]);
    assert.equal(item?.value["count"], 99);
  });

  test(`${name}: when it changes again and again, the answer is conflict`, async () => {
    const shop = openShop({ wrapStore: disturbed(99) });
    check(await send(shop.handler, sent), failure(409, "conflict", "Somebody else changed this meanwhile. Try again."), shop, sent);
  });

  for (const method of ["read", "commit", "durable"] as const) {
    test(`${name}: a store that cannot ${method} is unavailable`, async () => {
      const broken = () => Promise.reject(new Error("disk /dev/sda7 is on fire"));
      const shop = openShop({ wrapStore: (store) => ({ read: store.read.bind(store), list: store.list.bind(store), trail: store.trail.bind(store), commit: store.commit.bind(store), durable: store.durable.bind(store), [method]: broken }) });
      const unavailable = failure(503, "unavailable", "The service is not available right now. Try again later.", { "retry-after": "1" });
      check(await send(shop.handler, sent), { ...unavailable, failures: 1 }, shop, sent);
    });
  }

  test(`${name}: a handler that breaks leaves nothing behind`, async () => {
    const shop = openShop();
    const breaking: Sent = { path: `${BASE}/items/sell/execute/1`, json: { break: "yes" } };
    check(await send(shop.handler, breaking), INTERNAL_ERROR, shop, breaking);
    const [item] = await shop.store.read(Item.class, ["1"]);
    assert.equal(item?.value["count"], 5);
    assert.equal(shop.failures[0]?.event, "internal_error");
    assert.equal(shop.failures[0]?.["action"], "items/sell");
    assert.match(String(shop.failures[0]?.error), /hunter2/);
  });
}
