import assert from "node:assert/strict";
import { test } from "node:test";
import { createIdentity, type Observation } from "../../../src/domain/index.ts";
import { createRest } from "../../../src/adapters/rest/index.ts";
import { BAD_TOKEN, failure, FORBIDDEN, NO_TOKEN, UNAUTHENTICATED, UNKNOWN_ACTION } from "./failures.ts";
import { check, checkFailures, testCases, toRequest, TRANSPORTS, type Case, type Expected, type Sent } from "./harness.ts";
import { openShop } from "./shop.ts";

const TEXT = "/api/v1/actions/results/text/execute";
const WELL: Expected = { status: 200, headers: { vary: "Authorization" }, body: { success: true, message: "All is well." } };
const BAD_HEADER = failure(400, "malformed_request", "The Authorization header must be the word Bearer, a space and one token.", {
  "www-authenticate": 'Bearer realm="actionport", error="invalid_request"',
});
const REPEATED = failure(400, "malformed_request", "The Authorization header was sent more than once; send it once.");

function withAuthorization(value: string): Sent {
  return { path: TEXT, token: null, headers: [["Authorization", value]] };
}

const CASES: readonly Case[] = [
  ["B1: without credentials the challenge names no error", { path: TEXT, token: null }, NO_TOKEN],
  ["B2: another scheme is as good as none", withAuthorization("Basic bWFuYWdlci10b2tlbjo="), NO_TOKEN],
  ["B2: a token behind another scheme is never read", withAuthorization("Token manager-token"), NO_TOKEN],
  ["B2: a token without a scheme is never read", withAuthorization("manager-token"), NO_TOKEN],
  ["B2: a scheme that only begins like Bearer is another", withAuthorization("Bearers manager-token"), NO_TOKEN],
  ["B3: bearer in lower case is accepted", withAuthorization("bearer manager-token"), WELL],
  ["B3: BEARER in upper case is accepted", withAuthorization("BEARER manager-token"), WELL],
  ["B4: Bearer alone is malformed", withAuthorization("Bearer"), BAD_HEADER],
  ["B4: Bearer with two tokens is malformed", withAuthorization("Bearer manager-token root-token"), BAD_HEADER],
  ["B4: a list of credentials is malformed", withAuthorization("Bearer manager-token, Bearer root-token"), BAD_HEADER],
  ["B4: a token outside token68 is malformed", withAuthorization('Bearer "manager-token"'), BAD_HEADER],
  ["B5: two Authorization headers are refused", { path: TEXT, headers: [["authorization", "Bearer root-token"]] }, REPEATED],
  ["B5: the same Authorization header twice is refused", { path: TEXT, headers: [["AUTHORIZATION", "Bearer manager-token"]] }, REPEATED],
  ["B6: a token in the query is ignored", { path: `${TEXT}?access_token=manager-token`, token: null }, NO_TOKEN],
  ["B6: a token in the body is ignored", { path: TEXT, token: null, json: { access_token: "manager-token" } }, NO_TOKEN],
  ["B7: an unknown token is refused without detail", { path: TEXT, token: "unknown-token" }, BAD_TOKEN],
  ["B7: so it is when that takes time to find out", { path: TEXT, token: "late-unknown-token" }, BAD_TOKEN],
  [
    "B8: a missing permission is named in the challenge",
    { path: "/api/v1/actions/create/execute", token: "nobody-token", json: { name: "x" } },
    { ...FORBIDDEN, headers: { "www-authenticate": 'Bearer realm="actionport", error="insufficient_scope", scope="manage_items"' } },
  ],
  [
    "B8: all permissions that were asked for and missed are named",
    { path: "/api/v1/actions/items/rename/execute/3", json: { name: "x" } },
    { ...FORBIDDEN, headers: { "www-authenticate": 'Bearer realm="actionport", error="insufficient_scope", scope="manage_three"' } },
  ],
  ["B12: the token comes before the action key", { path: "/api/v1/actions/no/such/execute", token: "unknown-token" }, BAD_TOKEN],
  ["B12: the token comes before the body", { path: TEXT, token: null, headers: [["Content-Type", "text/plain"]], body: "{{{" }, NO_TOKEN],
  ["B13: an answer to one caller is no other's", { path: TEXT, token: "root-token" }, { ...WELL, headers: { vary: "Authorization", "cache-control": "no-store" } }],
  ["B13: nor is a refusal", { path: TEXT, token: null }, { ...NO_TOKEN, headers: { vary: "Authorization" } }],
  [
    "B14: when nobody can tell whose the token is, the answer is neither yes nor 401",
    { path: TEXT, token: "outage-token" },
    failure(503, "unavailable", "The service is not available right now. Try again later.", { "retry-after": "7", "www-authenticate": null, vary: "Authorization" }),
  ],
  ["The same routes take a user's token and a client's", { path: TEXT, token: "root-token" }, WELL],
  ["A token may take time to be recognised", { path: TEXT, token: "late-manager-token" }, WELL],
  ["The list needs a token", { method: "GET", path: "/api/v1/actions", token: null }, NO_TOKEN],
  ["A schema needs a token", { method: "GET", path: "/api/v1/actions/results/text/schema", token: null }, NO_TOKEN],
  ["A bulk call needs a token", { path: "/api/v1/actions/items/rename/bulk", token: null, json: { ids: [1] } }, NO_TOKEN],
  ["The permission * grants all", { path: "/api/v1/actions/create/execute", token: "root-token", json: { name: "x" } }, { status: 200, body: { success: true, message: "Created x." } }],
  ["Whoever has a token learns that an action is unknown", { path: "/api/v1/actions/no/such/execute", token: "nobody-token" }, UNKNOWN_ACTION],
];

testCases(CASES);

test("A permission that is taken away is missed by the next call", async () => {
  const permissions = new Set(["manage_items"]);
  const authenticate = () => ({ authenticated: true, identity: createIdentity({ kind: "client", id: "app", permissions }) }) as const;
  const shop = openShop({ rest: { authenticate } });
  const sent: Sent = { path: "/api/v1/actions/create/execute", json: { name: "x" } };
  assert.equal((await shop.handler(toRequest(sent))).status, 200);
  permissions.clear();
  assert.equal((await shop.handler(toRequest(sent))).status, 403);
});

for (const [name, send] of TRANSPORTS) {
  test(`${name}: a token check that fails in an unforeseen way lets nobody in`, async () => {
    const authenticate = () => {
      throw new Error("password=hunter2");
    };
    const shop = openShop({ rest: { authenticate } });
    check(await send(shop.handler, { path: TEXT }), { ...failure(500, "internal_error", "Server error."), failures: 1 }, shop, { path: TEXT });
  });

  test(`${name}: an identity with a member called status is an identity`, async () => {
    const identity = { ...createIdentity({ kind: "user", id: "u", permissions: [] }), status: 204 };
    const shop = openShop({ rest: { authenticate: () => ({ authenticated: true, identity }) } });
    check(await send(shop.handler, { path: TEXT }), WELL, shop, { path: TEXT });
  });

  test(`${name}: a permission that no header can hold stays out of the challenge`, async () => {
    const shop = openShop();
    const identity = createIdentity({ kind: "user", id: "u", permissions: [] });
    const actions = {
      ...shop.actions,
      execute: async () => ({ kind: "failed", code: "forbidden", message: "You may not do this.", missing: ['a"b', "c\r\nX-Evil: 1", "ü", "manage_items", ""] }) as const,
    };
    const failures: Observation[] = [];
    const handler = createRest({ actions, authenticate: () => ({ authenticated: true, identity }), clock: () => 0, newId: () => "id" });
    const received = await send(handler, { path: TEXT });
    assert.equal(received.headers["www-authenticate"], 'Bearer realm="actionport", error="insufficient_scope", scope="manage_items"');
    assert.equal(received.headers["x-evil"], undefined);
    checkFailures({ ...shop, failures }, 0);
  });

  test(`${name}: the challenge carries the realm and the metadata that were configured`, async () => {
    const shop = openShop({ rest: { realm: "My shop", resourceMetadataUrl: "https://shop.example/.well-known/oauth-protected-resource" } });
    const challenge = 'Bearer realm="My shop", resource_metadata="https://shop.example/.well-known/oauth-protected-resource"';
    const sent: Sent = { path: TEXT, token: null };
    check(await send(shop.handler, sent), { status: 401, headers: { "www-authenticate": challenge }, body: UNAUTHENTICATED }, shop, sent);
  });
}

for (const [option, value, message] of [
  ["maxBodyBytes", 0, "maxBodyBytes must be a whole number from 1 to 1073741824, not 0"],
  ["maxBodyBytes", 1.5, "maxBodyBytes must be a whole number from 1 to 1073741824, not 1.5"],
  ["maxBodyBytes", Number.NaN, "maxBodyBytes must be a whole number from 1 to 1073741824, not NaN"],
  ["realm", 'a"b', "realm must be printable ASCII without quotes and backslashes"],
  ["realm", "", "realm must be printable ASCII without quotes and backslashes"],
  ["resourceMetadataUrl", 'https://x/"\r\n', "resourceMetadataUrl must be an absolute http or https URL"],
] as const) {
  test(`At start-up ${option} ${JSON.stringify(value)} is refused`, () => {
    assert.throws(() => openShop({ rest: { [option]: value } }), new TypeError(message));
  });
}

test("What is no answer of authenticate() is told, and does not keep everybody out without a word", async () => {
  const nancy = createIdentity({ kind: "user", id: "nancy", permissions: [] });
  for (const answer of [nancy, undefined, null, true, { identity: nancy }]) {
    for (const found of [answer, Promise.resolve(answer)]) {
      // What is tested is what the types refuse.
      const shop = openShop({ rest: { authenticate: () => found as never } });
      assert.equal((await shop.handler(toRequest({ path: TEXT }))).status, 500);
      assert.deepEqual(shop.failures.map(({ error }) => String(error)), ['TypeError: authenticate must answer { authenticated: true, identity } or { authenticated: false, reason: "invalid_token" }']);
    }
  }
});
