import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import { connect } from "node:net";
import { test } from "node:test";
import type { HttpResponse } from "../../../src/adapters/http/message.ts";
import { toRequestListener } from "../../../src/adapters/node-http/index.ts";
import type { RecordStore } from "../../../src/domain/index.ts";
import { failure, invalid, MEDIA_TYPE, NO_TOKEN, NOT_JSON, UNKNOWN_ACTION } from "./failures.ts";
import { check, checkFailures, testCases, toRequest, TRANSPORTS, type Case, type Expected, type Sent } from "./harness.ts";
import { DEVICE_ID, Item, openShop } from "./shop.ts";

const BASE = "/api/v1/actions";
const LINES = [["Accept", "application/x-ndjson"]] as const;

function bulkOf(key: string, json: unknown, more: Partial<Sent> = {}): Sent {
  return { path: `${BASE}/${key}/bulk`, json, ...more };
}

/** An entry of the results. */
interface Entry {
  readonly success: boolean;
  readonly skipped?: true;
  readonly [member: string]: unknown;
}

/** The answer with these results; counts and message follow from them. */
function summaryOf(results: readonly Entry[]) {
  const total = results.length;
  const succeeded = results.filter((entry) => entry.success).length;
  const skipped = results.filter((entry) => entry.skipped === true).length;
  const outcome = succeeded === total ? "success" : succeeded === 0 ? "failed" : "partial";
  const message = `${succeeded} of ${total} succeeded.`;
  return { success: succeeded === total, outcome, message, total, succeeded, failed: total - succeeded - skipped, skipped };
}

function ofAll(results: readonly Entry[]): Expected {
  return { status: 200, headers: { vary: "Authorization" }, body: { ...summaryOf(results), results } };
}

const sold = (index: number, id: string | number) => ({ index, id, success: true, status: 200, message: `Sold one of item #${id}.` }) as const;
const soldOut = (index: number, id: string | number) => ({ index, id, success: false, status: 422, message: `None of item #${id} is left.` }) as const;
const missing = (index: number, id: string | number) => ({ index, id, success: false, status: 404, message: "There is no such subject.", code: "subject_not_found" }) as const;
const skipped = (index: number, id: string | number) => ({ index, id, success: false, skipped: true }) as const;
const renamed = (index: number, id: number, count: number) => ({ index, id, success: true, status: 200, message: "Item renamed.", data: { id, title: `Item #${id}`, name: "x", count } }) as const;

const MODES: readonly Case[] = [
  ["each is the default: a failure touches no other item", bulkOf("items/sell", { ids: [1, 2, 42] }), ofAll([sold(0, 1), soldOut(1, 2), sold(2, 42)])],
  ["each can be asked for", bulkOf("items/sell", { ids: [1], mode: "each", params: {} }), ofAll([sold(0, 1)])],
  ["when every item fails the outcome is failed, and the status 200", bulkOf("items/sell", { ids: [2, 77] }), ofAll([soldOut(0, 2), missing(1, 77)])],
  ["stop goes in order and skips what follows the first failure", bulkOf("items/sell", { ids: [1, 2, 42, 77], mode: "stop" }), ofAll([sold(0, 1), soldOut(1, 2), skipped(2, 42), skipped(3, 77)])],
  ["stop without a failure skips nothing", bulkOf("items/sell", { ids: [1, 42], mode: "stop" }), ofAll([sold(0, 1), sold(1, 42)])],
  ["atomic succeeds as a whole", bulkOf("items/sell", { ids: [1, 42], mode: "atomic" }), ofAll([sold(0, 1), sold(1, 42)])],
  ["atomic with a failure reports it, and the rest as skipped", bulkOf("items/sell", { ids: [1, 2, 77, 42], mode: "atomic" }), ofAll([skipped(0, 1), soldOut(1, 2), missing(2, 77), skipped(3, 42)])],
  ["an entry has the data of the single call", bulkOf("items/rename", { ids: [1, 42], params: { name: "x" } }), ofAll([renamed(0, 1, 5), renamed(1, 42, 42)])],
  [
    "authorize() and preconditions are asked for each subject",
    bulkOf("items/rename", { ids: [3, 4, 1], params: { name: "x" } }),
    ofAll([
      { index: 0, id: 3, success: false, status: 403, message: "You may not do this.", code: "forbidden" },
      { index: 1, id: 4, success: false, status: 422, message: "Item #4 is locked.", code: "locked" },
      renamed(2, 1, 5),
    ]),
  ],
  [
    "an ID comes back as it was sent, and one that is none of the class is not found",
    bulkOf("show/item", { ids: ["42", -7, "042", "4e1", "5"] }),
    ofAll([
      { index: 0, id: "42", success: true, status: 200, message: "number 42" },
      { index: 1, id: -7, success: true, status: 200, message: "number -7" },
      missing(2, "042"),
      missing(3, "4e1"),
      missing(4, "5"),
    ]),
  ],
  ["a UUID comes back in its own case", bulkOf("show/device", { ids: [DEVICE_ID.toUpperCase()] }), ofAll([{ index: 0, id: DEVICE_ID.toUpperCase(), success: true, status: 200, message: `string ${DEVICE_ID}` }])],
  [
    "H24: an item that breaks says nothing from inside and harms no other",
    bulkOf("items/sell", { ids: [1, 42], params: { break: "x" } }),
    {
      ...ofAll([1, 42].map((id, index) => ({ index, id, success: false, status: 500, message: "Server error.", code: "internal_error" }) as const)),
      failures: 2,
    },
  ],
  ["a wildcard in Accept asks for no lines", bulkOf("items/sell", { ids: [1] }, { headers: [["Accept", "*/*"]] }), ofAll([sold(0, 1)])],
  ["nor does a weight of zero", bulkOf("items/sell", { ids: [1] }, { headers: [["Accept", "application/x-ndjson;q=0"]] }), ofAll([sold(0, 1)])],
];

const unknown = (field: string) => `${field} is not a known field. Known are: ids, params, mode, preview, async.`;
const NO_LIST = "ids must be a list of subject IDs.";
const noId = (index: number) => `ids.${index} must be a string or an integer up to 9007199254740991.`;
const NO_MODE = "mode must be one of each, stop, atomic.";

function rename(input: object): Sent {
  return bulkOf("items/rename", input);
}

const REFUSALS: readonly Case[] = [
  ["ids are required", rename({}), invalid({ ids: [NO_LIST] })],
  ["ids must be a list", rename({ ids: "1" }), invalid({ ids: [NO_LIST] })],
  ["ids may not be null", rename({ ids: null }), invalid({ ids: [NO_LIST] })],
  ["an empty list is refused", rename({ ids: [] }), invalid({ ids: ["ids must name at least one subject."] })],
  ["more than max_ids are refused", rename({ ids: [1, 2, 3, 4, 5, 6] }), invalid({ ids: ["ids must name at most 5 subjects."] })],
  ["the same subject twice is refused", bulkOf("items/sell", { ids: [1, 2, 1] }), invalid({ ids: ["ids must not name the subject 1 twice."] })],
  ["the same subject written in two ways is refused", bulkOf("items/sell", { ids: [1, "1"] }), invalid({ ids: ["ids must not name the subject 1 twice."] })],
  ["a UUID in two cases is the same subject", bulkOf("show/device", { ids: [DEVICE_ID, DEVICE_ID.toUpperCase()] }), invalid({ ids: [`ids must not name the subject ${DEVICE_ID.toUpperCase()} twice.`] })],
  ["what is no ID of the class may not stand there twice either", bulkOf("show/item", { ids: ["x", "x"] }), invalid({ ids: ["ids must not name the subject x twice."] })],
  ["a number and a text that are no IDs are not the same", bulkOf("show/customer", { ids: [1, "1"] }), ofAll([missing(0, 1), missing(1, "1")])],
  ["every ID must be a string or an integer", rename({ ids: [1, 1.5, null, true, [2], { id: 2 }].slice(0, 5) }), invalid({ "ids.1": [noId(1)], "ids.2": [noId(2)], "ids.3": [noId(3)], "ids.4": [noId(4)] })],
  ["H15: an integer that would be rounded is refused", { path: `${BASE}/items/sell/bulk`, headers: [["Content-Type", "application/json"]], body: '{"ids":[9007199254740993]}' }, invalid({ "ids.0": [noId(0)] })],
  ["an unknown mode is refused", bulkOf("items/sell", { ids: [1], mode: "all" }), invalid({ mode: [NO_MODE] })],
  ["a mode of null is refused", bulkOf("items/sell", { ids: [1], mode: null }), invalid({ mode: [NO_MODE] })],
  ["a mode that every object has is refused", bulkOf("items/sell", { ids: [1], mode: "constructor" }), invalid({ mode: [NO_MODE] })],
  ["params must be an object", bulkOf("items/sell", { ids: [1], params: [] }), invalid({ params: ["params must be an object."] })],
  ["params may not be null", bulkOf("items/sell", { ids: [1], params: null }), invalid({ params: ["params must be an object."] })],
  ["preview must be a boolean", bulkOf("items/sell", { ids: [1], preview: "yes" }), invalid({ preview: ["preview must be true or false."] })],
  ["preview may not be null", bulkOf("items/sell", { ids: [1], preview: null }), invalid({ preview: ["preview must be true or false."] })],
  ["an unknown field of the envelope is an error", bulkOf("items/sell", { ids: [1], name: "x" }), invalid({ name: [unknown("name")] })],
  ["__proto__ is an unknown field like any other", { path: `${BASE}/items/sell/bulk`, headers: [["Content-Type", "application/json"]], body: '{"__proto__":{"ids":[1]}}' }, invalid(Object.fromEntries([["__proto__", [unknown("__proto__")]], ["ids", [NO_LIST]]]))],
  ["all faults of the envelope are told", bulkOf("items/sell", { ids: [], mode: 1, x: 2 }), invalid({ x: [unknown("x")], ids: ["ids must name at least one subject."], mode: [NO_MODE] })],
  ["one wrong parameter refuses the whole call", rename({ ids: [1, 77], params: { name: "", nick: "y" } }), invalid({ "params.name": ["name must not be empty."], "params.nick": ["nick is not a known field. Leave it out, or use one of: name, lines, mood, like."] })],
  ["missing parameters refuse the whole call", rename({ ids: [1] }), invalid({ "params.name": ["name is required."] })],
  ["a missing reference refuses the whole call", rename({ ids: [1], params: { name: "x", like: 77 } }), invalid({ "params.like": ["There is no item with the ID 77."] })],
  ["an action without a subject has no bulk call", bulkOf("create", { ids: [1], params: { name: "x" } }), failure(422, "subject_not_accepted", "This action takes no subject, so there is no bulk call of it.")],
  ["an unknown action has none either", bulkOf("no/such", { ids: [1] }), UNKNOWN_ACTION],
  ["the token comes first", bulkOf("no/such", { ids: [] }, { token: null }), NO_TOKEN],
  ["the media type comes before the key", { path: `${BASE}/no/such/bulk`, body: "{}" }, MEDIA_TYPE],
  ["the JSON comes before the key", { path: `${BASE}/no/such/bulk`, headers: [["Content-Type", "application/json"]], body: "{" }, NOT_JSON],
  ["no body means no ids", { path: `${BASE}/items/sell/bulk` }, invalid({ ids: [NO_LIST] })],
  ["bulk is never a GET", { method: "GET", path: `${BASE}/items/sell/bulk` }, failure(405, "method_not_allowed", "Use one of POST, OPTIONS here.", { allow: "POST, OPTIONS" })],
];

testCases([...MODES, ...REFUSALS]);
testCases(
  REFUSALS.map(([sentence, sent, expected]) => [`when lines are asked for, before the first: ${sentence}`, { ...sent, headers: [...(sent.headers ?? []), ...LINES] }, expected] as const).filter(
    ([, , expected]) => expected.status !== 200,
  ),
);

test("H29: however many faults a list of IDs has, only so many are told", async () => {
  const shop = openShop({ engine: { maxBulkIds: 1_000_000 } });
  for (const ids of [Array.from({ length: 50_000 }, () => 1), Array.from({ length: 50_000 }, () => null)]) {
    const response = await shop.handler(toRequest(bulkOf("items/sell", { ids })));
    const { errors } = parse(response.body);
    assert.equal(Object.values(Object(errors)).flat().length, 100);
  }
});

function parse(body: HttpResponse["body"]): Record<string, unknown> {
  return typeof body === "string" ? JSON.parse(body) : {};
}

for (const [name, send] of TRANSPORTS) {
  test(`${name}: each entry is what the single call would have answered`, async () => {
    const ids = [1, 3, 4, 5, 77];
    for (const mode of ["each", "stop", "atomic"]) {
      for (const id of ids) {
        const single = await send(openShop().handler, { path: `${BASE}/items/rename/execute/${id}`, json: { name: "x" } });
        const { success, ...said } = JSON.parse(single.text);
        const sent = bulkOf("items/rename", { ids: [id], params: { name: "x" }, mode });
        const shop = openShop();
        check(await send(shop.handler, sent), ofAll([{ index: 0, id, success, status: single.status, ...said }]), shop, sent);
      }
    }
  });

  test(`${name}: lines come one for each item, and the summary comes last`, async () => {
    for (const mode of ["each", "stop", "atomic"]) {
      const shop = openShop();
      const received = await send(shop.handler, bulkOf("items/rename", { ids: [1, 42], params: { name: "x" }, mode }, { headers: LINES }));
      assert.equal(received.status, 200);
      assert.deepEqual([received.headers["content-type"], received.headers["x-accel-buffering"]], ["application/x-ndjson; charset=utf-8", "no"]);
      assert.equal(received.headers["cache-control"], "no-store");
      const results = [renamed(0, 1, 5), renamed(1, 42, 42)];
      assert.equal(received.text, [...results, summaryOf(results)].map((line) => `${JSON.stringify(line)}\n`).join(""));
      checkFailures(shop, 0);
    }
  });

  test(`${name}: what stop and atomic leave out has a line too`, async () => {
    const [stop, atomic] = [
      [sold(0, 1), soldOut(1, 2), skipped(2, 42)],
      [skipped(0, 1), soldOut(1, 2), skipped(2, 42)],
    ];
    for (const [mode, results] of [["stop", stop], ["atomic", atomic]] as const) {
      const received = await send(openShop().handler, bulkOf("items/sell", { ids: [1, 2, 42], mode }, { headers: LINES }));
      assert.equal(received.text, [...results, summaryOf(results)].map((line) => `${JSON.stringify(line)}\n`).join(""));
    }
  });

  for (const [how, headers] of [["at once", []], ["in lines", LINES]] as const) {
    test(`${name}: a store that fails between two items fails one and not what was done, answered ${how}`, async () => {
      let commits = 0;
      const failing = (store: RecordStore): RecordStore => ({
        read: store.read.bind(store),
        list: store.list.bind(store),
        trail: store.trail.bind(store),
        durable: store.durable.bind(store),
        commit: (changes, entries) => (++commits === 2 ? Promise.reject(new Error("disk full")) : store.commit(changes, entries)),
      });
      const shop = openShop({ wrapStore: failing, engine: { bulkConcurrency: 1 } });
      const received = await send(shop.handler, bulkOf("items/sell", { ids: [1, 3, 42] }, { headers }));
      const lost = { index: 1, id: 3, success: false, status: 503, message: "The service is not available right now. Try again later.", code: "unavailable" };
      const results = [sold(0, 1), lost, sold(2, 42)];
      const summary = summaryOf(results);
      const expected = headers.length === 0 ? JSON.stringify({ ...summary, results }) : [...results, summary].map((line) => `${JSON.stringify(line)}\n`).join("");
      assert.equal(received.status, 200);
      assert.equal(received.text, expected);
      checkFailures(shop, 1);
    });
  }

  test(`${name}: a store that fails in an atomic call fails it all`, async () => {
    const failing = (store: RecordStore): RecordStore => ({
      read: store.read.bind(store),
      list: store.list.bind(store),
      trail: store.trail.bind(store),
      durable: store.durable.bind(store),
      commit: () => Promise.reject(new Error("disk full")),
    });
    const shop = openShop({ wrapStore: failing });
    const sent = bulkOf("items/sell", { ids: [1, 42], mode: "atomic" });
    const unavailable = failure(503, "unavailable", "The service is not available right now. Try again later.", { "retry-after": "1" });
    check(await send(shop.handler, sent), { ...unavailable, failures: 1 }, shop, sent);
  });
}

test("In a call that succeeded nothing is half done, in one that failed nothing is done", async () => {
  for (const [mode, counts] of [["each", [4, 41]], ["stop", [4, 42]], ["atomic", [5, 42]]] as const) {
    const shop = openShop();
    await shop.handler(toRequest(bulkOf("items/sell", { ids: [1, 2, 42], mode })));
    const records = await shop.store.read(Item.class, ["1", "42"]);
    assert.deepEqual(records.map((record) => record?.value["count"]), counts, mode);
  }
});

async function open(options: Parameters<typeof openShop>[0], sent: Sent) {
  const shop = openShop(options);
  const response = await shop.handler(toRequest(sent));
  assert.ok(response.body !== null && typeof response.body !== "string");
  return { shop, lines: response.body[Symbol.asyncIterator]() };
}

async function nextLine(lines: AsyncIterator<string>): Promise<Record<string, unknown>> {
  const next = await lines.next();
  assert.equal(next.done, false);
  return parse(next.value);
}

test("Lines come in the order of completion, as it happens", async () => {
  const gates = new Map([1, 42, 3].map((id) => [id, createGate()] as const));
  const { lines } = await (async () => {
    const opening = open({ gate: (id) => gates.get(id)?.promise ?? Promise.resolve() }, bulkOf("items/wait", { ids: [1, 42, 3] }, { headers: LINES }));
    gates.get(42)?.resolve();
    return opening;
  })();
  assert.equal((await nextLine(lines))["index"], 1);
  gates.get(3)?.resolve();
  assert.equal((await nextLine(lines))["index"], 2);
  gates.get(1)?.resolve();
  assert.equal((await nextLine(lines))["index"], 0);
  assert.equal((await nextLine(lines))["outcome"], "success");
  assert.equal((await lines.next()).done, true);
});

function createGate() {
  let resolve = () => {};
  const promise = new Promise<void>((settle) => (resolve = settle));
  return { promise, resolve };
}

test("The next item waits until the client has taken the line", async () => {
  const { shop, lines } = await open({ engine: { bulkConcurrency: 1 } }, bulkOf("items/sell", { ids: [1, 3, 4, 42] }, { headers: LINES }));
  for (let taken = 0; taken < 4; taken++) {
    await new Promise(setImmediate);
    assert.equal(shop.handled.length, taken + 1, "one item is ahead, and no more");
    await nextLine(lines);
  }
});

for (const [when, taken] of [["before the first line", 0], ["after the second line", 2]] as const) {
  test(`A client that goes away ${when} keeps no item from being done`, async () => {
    const { shop, lines } = await open({ engine: { bulkConcurrency: 1 } }, bulkOf("items/sell", { ids: [1, 3, 4, 42] }, { headers: LINES }));
    for (let line = 0; line < taken; line++) await nextLine(lines);
    await lines.return?.();
    await new Promise(setImmediate);
    assert.equal(shop.handled.length, 4);
    checkFailures(shop, 0);
  });
}

test("A client that is gone before there is a first line keeps no item from being done", { timeout: 10_000 }, async () => {
  const [begun, opened, finished] = [createGate(), createGate(), createGate()];
  const gate = (id: number) => {
    if (id === 1) begun.resolve();
    if (id === 42) finished.resolve();
    return opened.promise;
  };
  const { handler } = openShop({ engine: { bulkConcurrency: 1 }, gate });
  const server = createServer(toRequestListener(handler)).listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  assert.ok(typeof address === "object" && address !== null);
  const client = connect(address.port, "127.0.0.1");
  const [peer] = await once(server, "connection");
  const body = JSON.stringify({ ids: [1, 3, 4, 42] });
  client.write(`POST ${BASE}/items/wait/bulk HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer manager-token\r\nAccept: application/x-ndjson\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`);
  await begun.promise;
  client.destroy();
  await once(peer, "close");
  opened.resolve();
  await finished.promise;
  server.close();
});
