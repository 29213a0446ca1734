import fc, { type Arbitrary } from "fast-check";
import type { ServedAction } from "./served-schemas.ts";
import type { Call } from "./transports.ts";
import { NONSENSE, valuesFor } from "./values.ts";
import { TOKENS, type WorldMaker } from "./worlds.ts";

/** Calls of any kind: two in three are an action's, mostly in good order. */
export function callsOf(maker: WorldMaker, actions: readonly ServedAction[]): Arbitrary<Call> {
  const single = fc.oneof(...actions.map((action) => singleCall(action, maker.subjects[action.subject ?? ""] ?? [])));
  const bulk = fc.oneof(...actions.map((action) => bulkCall(action, maker.subjects[action.subject ?? ""] ?? [])));
  return fc.oneof({ weight: 10, arbitrary: single }, { weight: 4, arbitrary: bulk }, { weight: 3, arbitrary: reading(actions) }, { weight: 2, arbitrary: wild(actions) });
}

const TOKEN = fc.oneof({ weight: 12, arbitrary: fc.constant<string | null>("all") }, { weight: 4, arbitrary: fc.constantFrom<string | null>(...TOKENS) }, { weight: 1, arbitrary: fc.constantFrom(null, "", "unknown", "a b", "é") });

const WILD_IDS = [
  "", "0", "042", "4e1", "42.0", "-0", "+1", "9007199254740993", "%", "%zz", "%00", "%0a", "%2F", "%2f..", "..", ".", "a/b", "%ff", "%C3%A9", "%F0%9F%98%80", "execute", "execute/1", "bulk",
  "__proto__", "constructor", "ALFKI", "alfki", "3f2504e0-4f89-41d3-9a0c-0305e82c3301", "3F2504E0-4F89-41D3-9A0C-0305E82C3301", "x".repeat(255), "x".repeat(256), "%C3%A9".repeat(128), "a%20b", "a+b", "~", "1?x=1",
];

function idOf(known: readonly string[]): Arbitrary<string> {
  const wildId = fc.oneof(fc.constantFrom(...WILD_IDS), fc.string({ unit: "grapheme", maxLength: 8 }).map(encodeURIComponent));
  return known.length === 0 ? wildId : fc.oneof({ weight: 8, arbitrary: fc.constantFrom(...known) }, { weight: 1, arbitrary: wildId });
}

const HEADERS = fc.subarray<readonly [string, string]>([
  ["Accept", "application/x-ndjson"], ["Accept", "text/event-stream"], ["Accept", "application/problem+json"], ["Accept", "*/*;q=0"], ["X-Request-Id", "my-request.1"], ["X-Request-Id", "no request id"],
  ["Idempotency-Key", "é"], ["If-Match", '"x"'], ["If-Match", "*"], ["Origin", "https://app.example"], ["Origin", "null"], ["__proto__", "x"], ["constructor", "x"], ["Cookie", "a=b"],
], { maxLength: 3 });
const EXTRA = fc.oneof({ weight: 3, arbitrary: fc.constant<readonly (readonly [string, string])[]>([]) }, { weight: 1, arbitrary: HEADERS });
const RETRY_KEY = fc.oneof({ weight: 3, arbitrary: fc.constant(null) }, { weight: 1, arbitrary: fc.constantFrom("one", "two", '"two"', "x".repeat(255), "x".repeat(256), '"') });
const TYPE = fc.oneof({ weight: 20, arbitrary: fc.constant<string | null>("application/json") }, {
  weight: 1,
  arbitrary: fc.constantFrom(null, "application/json; charset=utf-8", "application/json;charset=utf-16", "text/plain", "application/json, text/html", "multipart/form-data; boundary=x", ""),
});

interface Around {
  readonly token: string | null;
  readonly type: string | null;
  readonly key: string | null;
  readonly extra: Call["headers"];
}

const AROUND: Arbitrary<Around> = fc.record({ token: TOKEN, type: TYPE, key: RETRY_KEY, extra: EXTRA });

function headersOf({ token, type, key, extra }: Around): Call["headers"] {
  const headers: (readonly [string, string])[] = [["Host", "fuzz.example"]];
  if (token !== null) headers.push(["Authorization", `Bearer ${token}`]);
  if (type !== null) headers.push(["Content-Type", type]);
  if (key !== null) headers.push(["Idempotency-Key", key]);
  return [...headers, ...extra];
}

/** Bodies that are no JSON, or JSON in a way that some reader would take. */
const BROKEN_BODIES = fc.constantFrom<string | Uint8Array>(
  "{", "[]", "null", "1", '{"a":1,"a":2}', '{"a":1e999}', "\ufeff{}", "{}{}", "{'a':1}", '{"a":NaN}', '{"__proto__":{"x":1}}', "[".repeat(5000), `{"a":${"[".repeat(40)}${"]".repeat(40)}}`,
  Uint8Array.of(0x7b, 0xff, 0x7d), Uint8Array.of(0xc3), Uint8Array.of(0x1f, 0x8b, 0x08), `{"a":"${"x".repeat(20_000)}"}`,
);

function bodyOf(json: Arbitrary<unknown>): Arbitrary<{ readonly body: Call["body"]; readonly isSound: boolean }> {
  const sound = json.map((value) => ({ body: JSON.stringify(value), isSound: true }));
  const broken = BROKEN_BODIES.map((body) => ({ body, isSound: false }));
  return fc.oneof({ weight: 15, arbitrary: sound }, { weight: 1, arbitrary: broken });
}

function singleCall({ key, parameters, subject }: ServedAction, known: readonly string[]): Arbitrary<Call> {
  const [right, wrong] = [fc.constant(subject === null ? null : true), fc.boolean()];
  const parts = {
    around: AROUND,
    how: fc.constantFrom("execute" as const, "execute" as const, "preview" as const),
    hasId: fc.oneof({ weight: 20, arbitrary: right }, { weight: 1, arbitrary: wrong }),
    id: idOf(known),
    content: bodyOf(valuesFor(parameters)),
  };
  return fc.record(parts).map(({ around, how, hasId, id, content }) => ({
    method: "POST",
    target: `/api/v1/actions/${key}/${how}${hasId === true ? `/${id}` : ""}`,
    headers: headersOf(around),
    body: content.body,
    asks: content.isSound ? { key, how } : null,
  }));
}

function bulkCall({ key, parameters }: ServedAction, known: readonly string[]): Arbitrary<Call> {
  const id = fc.oneof({ weight: 8, arbitrary: idOf(known) }, { weight: 1, arbitrary: fc.constantFrom<unknown>(1, 2, -1, 4.5, null, {}, 2 ** 53, "2") });
  const sane = fc.record({
    ids: fc.oneof({ weight: 8, arbitrary: fc.uniqueArray(id, { minLength: 1, maxLength: 5 }) }, { weight: 1, arbitrary: fc.array(id, { maxLength: 14 }) }),
    params: valuesFor(parameters),
    mode: fc.constantFrom("each", "stop", "atomic"),
    preview: fc.boolean(),
    async: fc.oneof({ weight: 6, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(true) }),
  }, { requiredKeys: ["ids"] });
  const odd = fc.record({ ids: NONSENSE, params: NONSENSE, mode: fc.oneof(NONSENSE, fc.constantFrom("EACH", "constructor")), preview: NONSENSE, async: NONSENSE, more: NONSENSE }, { requiredKeys: [] });
  const content = bodyOf(fc.oneof({ weight: 6, arbitrary: sane }, { weight: 1, arbitrary: odd }));
  return fc.record({ around: AROUND, content }).map(({ around, content: { body, isSound } }) => ({
    method: "POST",
    target: `/api/v1/actions/${key}/bulk`,
    headers: headersOf(around),
    body,
    asks: isSound ? { key, how: "bulk" } : null,
  }));
}

const QUERY = fc.constantFrom("", "?", "?limit=1", "?limit=200", "?limit=201", "?limit=0", "?limit=x", "?after={next}&limit=1", "?after=%zz", "?after=x", "?order=ascending", "?order=ascending&limit=1&after={next}", "?order=ascending&after=x", "?order=newest", "?status=waiting", "?status=none", "?action=things/change", "?subject=1", "?identity=all&limit=2", "?subject=northwind.Order:10248", "?constructor=1", "?a=1&a=2", "?%", "?q=o", "?q=%E1%BA%9E&limit=1", "?count=1", "?count=1&count=2", "?name=Chai&q=a", "?lines=1", "?__proto__=1", "?ship_country=France&limit=1");

/** Lists, schemas, the trail, workflows. */
function reading(actions: readonly ServedAction[]): Arbitrary<Call> {
  const keys = fc.constantFrom(...actions.map(({ key }) => key), "unknown", "types", "constructor");
  const run = fc.constantFrom("{run}", "{run}", "{run}", "unknown", "%00", "3f2504e0-4f89-41d3-9a0c-0305e82c3301");
  const get = fc.oneof(
    fc.constant("/api/v1/actions"),
    keys.map((key) => `/api/v1/actions/${key}/schema`),
    fc.constantFrom("/api/v1/audit", "/api/v1/audit", "/api/v1/workflows"),
    fc.tuple(fc.constantFrom("", "/northwind.Order", "/northwind.Product", "/every.Thing", "/every.Whole", "/unknown", "/constructor", "/"), fc.oneof(fc.constant(""), idOf(["1", "2", "10248", "11077"]).map((id) => `/${id}`))).map(([name, id]) => `/api/v1/subjects${name}${id}`),
    fc.tuple(run, fc.constantFrom("", "/results")).map(([id, part]) => `/api/v1/workflows/${id}${part}`),
  );
  const post = fc.tuple(run, fc.constantFrom("cancel", "signal/picked", "signal/unknown", "signal/")).map(([id, part]) => `/api/v1/workflows/${id}/${part}`);
  const signal = bodyOf(fc.oneof(fc.constant<unknown>({ by: "Nancy" }), fc.constant({}), NONSENSE));
  const gets = fc.record({ around: AROUND, path: get, query: QUERY }).map(({ around, path, query }): Call => ({ method: "GET", target: path + query, headers: headersOf(around), body: "", asks: null }));
  const posts = fc.record({ around: AROUND, path: post, content: signal }).map(({ around, path, content }): Call => ({ method: "POST", target: path, headers: headersOf(around), body: content.body, asks: null }));
  return fc.oneof({ weight: 3, arbitrary: gets }, { weight: 1, arbitrary: posts });
}

const METHODS = ["GET", "POST", "HEAD", "OPTIONS", "PUT", "DELETE", "PATCH", "TRACE", "PROPFIND"];
const SEGMENTS = ["api", "v1", "v2", "actions", "execute", "preview", "bulk", "schema", "audit", "subjects", "northwind.Order", "workflows", "results", "signal", "cancel", "", ".", "..", "%2e", "%2F", "%zz", "__proto__", "1", "A", "a-b", "*", "{run}"];

/** Any method on any path with any header and any body. */
function wild(actions: readonly ServedAction[]): Arbitrary<Call> {
  const segments = fc.array(fc.constantFrom(...SEGMENTS, ...actions.map(({ key }) => key)), { maxLength: 5 }).map((parts) => parts.join("/"));
  const below = segments.map((path) => `/api/v1/actions/${path}`);
  const target = fc.oneof(below, segments.map((path) => `/${path}`), fc.constantFrom("*", "/", "//", "//host/api/v1/actions", "http://host/api/v1/actions", "/api/v1/actions?", "/api/v1/actions/", "/api\\v1", "/a#b", "/%"));
  const twice = fc.constantFrom<Call["headers"]>([], [["Authorization", "Bearer all"]], [["Host", "other"]], [["Content-Type", "application/json"]], [["Idempotency-Key", "a"], ["Idempotency-Key", "b"]], [["Content-Encoding", "gzip"]], [["Authorization", "Basic YTpi"]]);
  const parts = { around: AROUND, method: fc.constantFrom(...METHODS), target, query: QUERY, twice, body: fc.oneof(BROKEN_BODIES, fc.constant("{}"), fc.constant("")) };
  return fc.record(parts).map(({ around, method, target: path, query, twice: more, body }) => ({ method, target: path + query, headers: [...headersOf(around), ...more], body, asks: null }));
}
