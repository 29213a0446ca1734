import assert from "node:assert/strict";
import { test } from "node:test";
import { indexHeaders } from "../../../src/adapters/http/headers.ts";
import type { HttpResponse } from "../../../src/adapters/http/message.ts";
import { createRest } from "../../../src/adapters/rest/index.ts";
import { createMemoryStore } from "../../../src/adapters/memory/index.ts";
import { ActionError, createActions, createCatalog, defineAction, everyone } from "../../../src/domain/index.ts";
import { toRequestListener } from "../../../src/adapters/node-http/index.ts";
import { toFetchHandler } from "../../../src/adapters/fetch/index.ts";
import { serve } from "../node-http/fixture.ts";
import { toRequest, TRANSPORTS, type Received, type Sent } from "./harness.ts";
import { authenticate, NOW, openShop, type ShopOptions } from "./shop.ts";

const BASE = "/api/v1/actions";
const TEXT = `${BASE}/results/text/execute`;
const PROBLEM = "application/problem+json";
const newId = () => "fresh";
const RENAME = `${BASE}/items/rename/execute/1`;

/** A failure, and what its problem is called. */
type Row = readonly [sent: Sent, status: number, type: string, title: string, more?: { readonly options?: ShopOptions; readonly failures?: number }];

const ROWS: readonly Row[] = [
  [{ path: TEXT, headers: [["Content-Type", "application/json"]], body: "{" }, 400, "malformed_request", "Malformed request"],
  [{ path: `${TEXT}%` }, 400, "malformed_request", "Malformed request"],
  [{ path: TEXT, headers: [["Idempotency-Key", ""]] }, 400, "malformed_request", "Malformed request"],
  [{ path: TEXT, token: null }, 401, "unauthenticated", "Unauthenticated"],
  [{ path: TEXT, token: "no-such-token" }, 401, "unauthenticated", "Unauthenticated"],
  [{ path: RENAME, token: "nobody-token", json: { name: "x" } }, 403, "forbidden", "Forbidden"],
  [{ path: `${BASE}/no/such/execute` }, 404, "unknown_action", "Unknown action"],
  [{ path: `${BASE}/items/sell/execute/77` }, 404, "subject_not_found", "Subject not found"],
  [{ path: "/api/v1/nowhere" }, 404, "not_found", "Not found"],
  [{ path: TEXT, method: "GET" }, 405, "method_not_allowed", "Method not allowed"],
  [{ path: `${BASE}/items/sell/execute/1`, headers: [["If-Match", '"none"']] }, 412, "precondition_failed", "Precondition failed"],
  [{ path: TEXT, json: { long: "x".repeat(99) } }, 413, "payload_too_large", "Payload too large", { options: { rest: { maxBodyBytes: 64 } } }],
  [{ path: TEXT, headers: [["Content-Type", "text/plain"]], body: "x" }, 415, "unsupported_media_type", "Unsupported media type"],
  [{ path: RENAME, json: { name: "", mood: 7 } }, 422, "invalid_params", "Invalid params"],
  [{ path: `${BASE}/items/sell/execute` }, 422, "subject_required", "Subject required"],
  [{ path: `${TEXT}/1` }, 422, "subject_not_accepted", "Subject not accepted"],
  [{ path: `${BASE}/items/sell/bulk`, json: { ids: [] } }, 422, "invalid_params", "Invalid params"],
  [{ path: `${BASE}/results/refused-with-code/execute` }, 422, "too_late", "Too late"],
  [{ path: `${BASE}/results/refused-with-both/execute` }, 422, "sold_out", "Sold out"],
  [{ path: `${BASE}/results/broken/execute` }, 500, "internal_error", "Internal error", { failures: 1 }],
  [{ path: TEXT, token: "outage-token" }, 503, "unavailable", "Unavailable"],
];

const NO_CODE: readonly Sent[] = [{ path: `${BASE}/results/refused/execute` }, { path: `${BASE}/items/sell/preview/2` }, { path: `${BASE}/results/refused-with-details/execute` }];

async function inProcess(sent: Sent): Promise<HttpResponse> {
  return openShop().handler(toRequest(sent));
}

function asking(sent: Sent, accept: string, requestId?: string): Sent {
  return { ...sent, headers: [...(sent.headers ?? []), ["Accept", accept], ...(requestId === undefined ? [] : [["X-Request-Id", requestId] as const])] };
}

/** The usual form and the problem are told apart by this alone; all else is as it was. */
function checkProblem(usual: Received, shown: Received, head: { readonly type: string; readonly title: string }): void {
  const members = JSON.parse(usual.text);
  const requestId = shown.headers["x-request-id"] ?? "";
  const { type, title } = head;
  assert.equal(shown.text, JSON.stringify({ type, title, status: usual.status, detail: members.message, instance: `urn:request-id:${requestId}`, ...members }));
  assert.equal(shown.status, usual.status);
  assert.equal(shown.headers["content-type"], PROBLEM);
  assert.equal(usual.headers["content-type"], "application/json; charset=utf-8");
  const varied = (vary: string | undefined) => (vary === undefined ? "Accept" : `Accept, ${vary}`);
  assert.equal(shown.headers["vary"], varied(usual.headers["vary"]));
  const others = ({ headers }: Received) => Object.entries(headers).filter(([name]) => !["content-type", "content-length", "vary", "x-request-id", "date"].includes(name));
  assert.deepEqual(others(shown), others(usual));
}

for (const [name, send, without] of TRANSPORTS) {
  for (const [sent, status, code, title, { options = {}, failures = 0 } = {}] of ROWS) {
    const sentence = `${status} ${code} of ${sent.path.slice(0, 60)} comes as problem details for who prefers those`;
    test(`${name}: ${sentence}`, { skip: sent.body === undefined ? false : (without?.get(sentence) ?? false) }, async () => {
      const [first, second] = [openShop(options), openShop(options)];
      const usual = await send(first.handler, sent);
      const shown = await send(second.handler, asking(sent, PROBLEM));
      assert.deepEqual([usual.status, JSON.parse(usual.text).code], [status, code]);
      checkProblem(usual, shown, { type: `/api/v1/openapi.json#${code}`, title });
      assert.equal(second.failures.length, failures);
    });
  }

  for (const sent of NO_CODE) {
    test(`${name}: ${sent.path} says no without a code, and has no type of its own`, async () => {
      checkProblem(await send(openShop().handler, sent), await send(openShop().handler, asking(sent, PROBLEM)), { type: "about:blank", title: "Unprocessable Content" });
    });
  }

  test(`${name}: an instance is the request's ID as a URN`, async () => {
    const { handler } = openShop();
    const uuid = "0b9c1b2e-3d4f-4a6b-8c7d-9e0f1a2b3c4d";
    for (const [id, urn] of [[uuid, `urn:uuid:${uuid}`], ["a.b_c~1", "urn:request-id:a.b_c~1"]] as const) {
      const { text, headers } = await send(handler, asking({ path: TEXT, token: null }, PROBLEM, id));
      assert.deepEqual([JSON.parse(text).instance, headers["x-request-id"]], [urn, id]);
    }
  });

  test(`${name}: a success is what it always is`, async () => {
    const [plain, asked] = [await send(openShop().handler, { path: TEXT }), await send(openShop().handler, asking({ path: TEXT }, PROBLEM))];
    assert.deepEqual([asked.status, asked.text, asked.headers["content-type"], asked.headers["vary"]], [200, plain.text, plain.headers["content-type"], plain.headers["vary"]]);
  });
}

const PREFERENCES: readonly (readonly [accept: string, isProblem: boolean])[] = [
  [PROBLEM, true],
  ["Application/Problem+JSON", true],
  [`${PROBLEM}; charset=utf-8`, true],
  [`${PROBLEM}, application/json`, true],
  [`application/json, ${PROBLEM}`, false],
  [`${PROBLEM};q=0.9, application/json;q=0.8`, true],
  [`application/json;q=0.8, ${PROBLEM};q=0.9`, true],
  [`${PROBLEM};q=0.8, application/json;q=0.9`, false],
  [`${PROBLEM};q=0.5, application/*;q=0.9`, false],
  [`${PROBLEM};q=0.5, application/json;q=0.4, */*`, true],
  [`${PROBLEM}, */*`, true],
  [`*/*, ${PROBLEM}`, true],
  [`text/html, ${PROBLEM};q=0.1`, true],
  [`application/x-ndjson, ${PROBLEM};q=0.5`, true],
  [`${PROBLEM};q=0`, false],
  [`${PROBLEM};q=0.000`, false],
  [`${PROBLEM} ; Q=0.001`, true],
  [`${PROBLEM};q=2`, false],
  [`${PROBLEM};q=high`, false],
  [`${PROBLEM};q=-1`, false],
  ["application/json", false],
  ["*/*", false],
  ["application/*", false],
  ["application/problem+xml", false],
  ["application/problem", false],
  ["", false],
  [",;,=", false],
];

for (const [accept, isProblem] of PREFERENCES) {
  test(`Accept: ${accept || "(empty)"} ${isProblem ? "prefers" : "does not prefer"} problem details to JSON`, async () => {
    const { headers, body } = await inProcess(asking({ path: TEXT, token: null }, accept));
    assert.equal(headers["content-type"], isProblem ? PROBLEM : "application/json; charset=utf-8");
    assert.equal("type" in JSON.parse(String(body)), isProblem);
  });
}

test("What an adapter answers itself comes as problem details too, with its own base where it has one", async (t) => {
  const ask = ["GET / HTTP/1.1", "Host: a", `Accept: ${PROBLEM}`, "Expect: pony", "X-Request-Id: mine"];
  const bases = [[undefined, "/api/v1/openapi.json#"], ["https://docs.example/errors#", "https://docs.example/errors#"], [({ port }: { readonly port: number }) => `http://a/${port > 0}/`, "http://a/true/"]] as const;
  for (const [given, base] of bases) {
    const { open } = await serve(t, () => assert.fail("not reached"), given === undefined ? {} : { problemTypeBase: given });
    const answer = await open().send(ask).read();
    assert.deepEqual([answer.status, answer.headers.get("content-type"), JSON.parse(answer.body)], [417, PROBLEM, {
      type: `${base}malformed_request`, title: "Malformed request", status: 417, detail: "The only expectation understood is 100-continue.", instance: "urn:request-id:mine",
      success: false, message: "The only expectation understood is 100-continue.", code: "malformed_request",
    }]);
  }
  const fetched = await toFetchHandler(() => Promise.reject(new Error("no")), { problemTypeBase: "/errors/", newId: () => "mine", observe: () => undefined })(new Request("http://a/", { headers: { accept: PROBLEM } }));
  assert.deepEqual([fetched.status, fetched.headers.get("content-type"), JSON.parse(await fetched.text()).type], [500, PROBLEM, "/errors/internal_error"]);
});

test("A code that an application made up is escaped, whatever it holds", async () => {
  const codes = [["a b/ä?#", "a%20b%2F%C3%A4%3F%23"], ["\ud800", "%EF%BF%BD"]] as const;
  for (const [code, escaped] of codes) {
    const refuse = defineAction({ key: "refuse", label: "Refuse", authorize: everyone, handle: () => { throw new ActionError("No.", { code }); } });
    const actions = createActions({ catalog: createCatalog({ actions: [refuse], subjects: [] }), store: createMemoryStore({ clock: () => NOW }), clock: () => NOW, newId });
    const handler = createRest({ actions, authenticate, clock: () => NOW, newId, problemTypeBase: "https://docs.example/errors/" });
    const { body } = await handler(toRequest(asking({ path: `${BASE}/refuse/execute` }, PROBLEM)));
    const problem = JSON.parse(String(body));
    assert.deepEqual([problem.type, problem.code], [`https://docs.example/errors/${escaped}`, code]);
  }
});

test("The Accept header of a success is not looked at", async () => {
  const { handler } = openShop();
  const sent = toRequest({ path: TEXT });
  const headers = indexHeaders(sent.rawHeaders);
  const get = (name: string) => (name === "accept" ? assert.fail("looked at") : headers.get(name));
  assert.equal((await handler({ ...sent, headers: Object.assign(indexHeaders(sent.rawHeaders), { get }) })).status, 200);
});

test("A base that is no URL is refused at start-up", () => {
  const wrong = { name: "TypeError", message: /^problemTypeBase: .* is no URL; write what stands before a code, such as "https:\/\/docs\.example\/errors#"$/ };
  for (const problemTypeBase of ["", "a b", "http://[/", "<x>", "https://docs.example/\n"]) {
    assert.throws(() => createRest({ actions: openShop().actions, authenticate, clock: () => NOW, newId, problemTypeBase }), wrong, problemTypeBase);
    assert.throws(() => toRequestListener(() => assert.fail(), { problemTypeBase }), wrong, problemTypeBase);
    assert.throws(() => toFetchHandler(() => assert.fail(), { problemTypeBase }), wrong, problemTypeBase);
  }
});
