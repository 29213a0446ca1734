import assert from "node:assert/strict";
import test from "node:test";
import { signToken } from "../../../src/adapters/jwt/signing-key.ts";
import { createMemoryStore } from "../../../src/adapters/memory/index.ts";
import type { RecordStore } from "../../../src/domain/ports.ts";
import { PASSWORD, REDIRECT_URI, VERIFIER, anySecret, obtainCode } from "./browser.ts";
import { ISSUER, RESOURCE, SIGNING_KEY, basic, createFixture } from "./fixture.ts";
import type { Answer, Fixture } from "./fixture.ts";

interface Ready extends Fixture {
  /** A public client with `authorization_code`. */
  readonly portal: string;
  /** A confidential client with both grants. */
  readonly web: { readonly client_id: string; readonly client_secret: string };
  readonly nancy: string;
  redeem(code: string, change?: Readonly<Record<string, string>>): Promise<Answer>;
  refresh(token: unknown, change?: Readonly<Record<string, string>>): Promise<Answer>;
  /** Tokens of nancy through the portal. */
  tokens(change?: Readonly<Record<string, string>>): Promise<{ readonly access: string; readonly refresh: string }>;
}

async function ready(options: Parameters<typeof createFixture>[0] = {}): Promise<Ready> {
  const fixture = createFixture(options);
  const { clients, users } = fixture.server;
  const { client_id: portal } = await clients.create({ name: "Portal", type: "public", redirect_uris: [REDIRECT_URI] });
  const { client_id, client_secret = "" } = await clients.create({ name: "Web", grant_types: ["authorization_code", "client_credentials"], redirect_uris: [REDIRECT_URI], permissions: ["own"] });
  const { user_id: nancy } = await users.create({ name: "nancy", password: PASSWORD, permissions: ["manage_orders"], roles: ["reporters"] });
  await fixture.server.roles.set("reporters", ["view_reports"]);
  const redeem = (code: string, change: Readonly<Record<string, string>> = {}) =>
    fixture.post("/oauth/token", { grant_type: "authorization_code", client_id: portal, code, code_verifier: VERIFIER, redirect_uri: REDIRECT_URI, ...change });
  const refresh = (token: unknown, change: Readonly<Record<string, string>> = {}) =>
    fixture.post("/oauth/token", { grant_type: "refresh_token", client_id: portal, refresh_token: String(token), ...change });
  const tokens = async (change: Readonly<Record<string, string>> = {}) => {
    const { json, text } = await redeem(await obtainCode(fixture, portal, change));
    assert.equal(typeof json["access_token"], "string", text);
    return { access: String(json["access_token"]), refresh: String(json["refresh_token"]) };
  };
  return { ...fixture, portal, web: { client_id, client_secret }, nancy, redeem, refresh, tokens };
}

const errorOf = ({ status, json }: Answer) => [status, json["error"]];
const INVALID_GRANT = [400, "invalid_grant"];

test("A user's code becomes an access and a refresh token, and the user acts with the user's own permissions", async () => {
  const { redeem, whoIs, nancy, portal, ...fixture } = await ready();
  const answer = await redeem(await obtainCode(fixture, portal));
  assert.equal(answer.status, 200, answer.text);
  const { access_token, refresh_token, ...rest } = answer.json;
  assert.deepEqual(rest, { token_type: "Bearer", expires_in: 3600, scope: "" });
  assert.match(String(refresh_token), /^[A-Za-z0-9]{43}$/);
  assert.equal(answer.headers["cache-control"], "no-store");
  const identity = await whoIs(access_token);
  assert.ok(typeof identity !== "string");
  assert.deepEqual([identity.kind, identity.id, identity.name, identity.permissions], ["user", nancy, "nancy", ["manage_orders", "view_reports"]]);
});

test("T8, C10: a public client may not use client_credentials, nor a machine's client codes", async () => {
  const { post, portal, server } = await ready();
  assert.deepEqual(errorOf(await post("/oauth/token", { grant_type: "client_credentials", client_id: portal })), [400, "unauthorized_client"]);
  const machine = await server.clients.create({ name: "Machine" });
  for (const grant_type of ["authorization_code", "refresh_token"]) {
    assert.deepEqual(errorOf(await post("/oauth/token", { grant_type, code: "x", ...machine })), [400, "unauthorized_client"]);
  }
});

test("C9: a public client that sends a secret, and a confidential one that sends none, are refused", async () => {
  const { redeem, web } = await ready();
  assert.deepEqual(errorOf(await redeem("x", { client_secret: "any" })), [401, "invalid_client"]);
  assert.deepEqual(errorOf(await redeem("x", { client_id: web.client_id })), [401, "invalid_client"]);
});

test("G1: a code has 256 bits, is kept only as a digest, and lives sixty seconds", async () => {
  const fixture = await ready();
  const codes = await Promise.all([0, 1, 2].map(() => obtainCode(fixture, fixture.portal)));
  assert.equal(new Set(codes).size, 3);
  for (const code of codes) assert.match(code, /^[\w-]{43}$/);
  const stored = JSON.stringify(await fixture.store.list("oauth.codes", { limit: 10 }));
  for (const code of codes) assert.equal(stored.includes(code), false);
  fixture.clock.now += 59_999;
  assert.equal((await fixture.redeem(codes[0] ?? "")).status, 200);
  fixture.clock.now += 1;
  assert.deepEqual(errorOf(await fixture.redeem(codes[1] ?? "")), INVALID_GRANT);
});

test("G2: a missing, unknown or another client's code", async () => {
  const fixture = await ready();
  const { redeem, post, portal, web } = fixture;
  assert.deepEqual(errorOf(await post("/oauth/token", { grant_type: "authorization_code", client_id: portal, code_verifier: VERIFIER })), [400, "invalid_request"]);
  assert.deepEqual(errorOf(await redeem(anySecret())), INVALID_GRANT);
  const code = await obtainCode(fixture, portal);
  assert.deepEqual(errorOf(await redeem(code, web)), INVALID_GRANT);
  assert.equal((await redeem(code)).status, 200);
});

test("G3: a redirect_uri that is sent must be the same; it may be left out", async () => {
  const fixture = await ready();
  const code = await obtainCode(fixture, fixture.portal);
  assert.deepEqual(errorOf(await fixture.redeem(code, { redirect_uri: `${REDIRECT_URI}/` })), INVALID_GRANT);
  assert.equal((await fixture.redeem(code, { redirect_uri: "" })).status, 200);
});

test("G4, G5, G10: a wrong verifier is refused and does not burn the code; a malformed one is invalid_request", async () => {
  const fixture = await ready();
  const code = await obtainCode(fixture, fixture.portal);
  for (const code_verifier of ["", "w".repeat(43), "v".repeat(44)]) assert.deepEqual(errorOf(await fixture.redeem(code, { code_verifier })), INVALID_GRANT);
  for (const code_verifier of ["short", "v".repeat(42), "v".repeat(129), `${"v".repeat(42)}!`]) assert.deepEqual(errorOf(await fixture.redeem(code, { code_verifier })), [400, "invalid_request"]);
  assert.equal((await fixture.redeem(code)).status, 200);
  const guessed = await obtainCode(fixture, fixture.portal);
  for (let count = 0; count < 10; count++) await fixture.redeem(guessed, { code_verifier: "w".repeat(43) });
  assert.deepEqual(errorOf(await fixture.redeem(guessed)), INVALID_GRANT);
});

test("G6: every code has a challenge, so there is none that a verifier could be missing from", async () => {
  const fixture = await ready();
  await obtainCode(fixture, fixture.portal);
  const { records } = await fixture.store.list("oauth.codes", { limit: 10 });
  assert.equal(records.every(({ value }) => /^[\w-]{43}$/.test(String(value["code_challenge"]))), true);
});

test("G7: a second valid use is refused and ends every token of the grant", async () => {
  const fixture = await ready();
  const code = await obtainCode(fixture, fixture.portal);
  const { access_token, refresh_token } = (await fixture.redeem(code)).json;
  assert.notEqual(typeof (await fixture.whoIs(access_token)), "string");
  fixture.clock.now += 3_000_000;
  assert.deepEqual(errorOf(await fixture.redeem(code)), INVALID_GRANT);
  assert.equal(await fixture.whoIs(access_token), "invalid_token");
  assert.deepEqual(errorOf(await fixture.refresh(refresh_token)), INVALID_GRANT);
});

test("G8: a second use with a wrong verifier or by another client ends nothing", async () => {
  const fixture = await ready();
  const code = await obtainCode(fixture, fixture.portal);
  const { access_token } = (await fixture.redeem(code)).json;
  assert.deepEqual(errorOf(await fixture.redeem(code, { code_verifier: "w".repeat(43) })), INVALID_GRANT);
  assert.deepEqual(errorOf(await fixture.redeem(code, fixture.web)), INVALID_GRANT);
  assert.deepEqual(errorOf(await fixture.redeem(code, { redirect_uri: "https://evil.example/" })), INVALID_GRANT);
  assert.notEqual(typeof (await fixture.whoIs(access_token)), "string");
});

/** The same store, whose every method takes a turn of the event loop, so that parallel requests really interleave. */
function createSlowStore(clock: () => number): RecordStore {
  const store = createMemoryStore({ clock });
  const later = async <T>(work: () => T | PromiseLike<T>): Promise<T> => {
    await new Promise((resolve) => setImmediate(resolve));
    return work();
  };
  return {
    read: (collection, ids) => later(() => store.read(collection, ids)),
    list: (collection, page) => later(() => store.list(collection, page)),
    trail: (query) => later(() => store.trail(query)),
    commit: (changes, entries) => later(() => store.commit(changes, entries)),
    durable: () => later(() => undefined),
  };
}

test("G9, K10: of fifty parallel redemptions of one code exactly one gets a token, and the grant ends", async () => {
  const now = Date.parse("2026-11-23T12:00:00Z");
  const fixture = await ready({ store: createSlowStore(() => now) });
  const code = await obtainCode(fixture, fixture.portal);
  const answers = await Promise.all(Array.from({ length: 50 }, () => fixture.redeem(code)));
  const winners = answers.filter(({ status }) => status === 200);
  assert.equal(winners.length, 1);
  for (const answer of answers) if (answer !== winners[0]) assert.deepEqual(errorOf(answer), INVALID_GRANT);
  assert.equal(await fixture.whoIs(winners[0]?.json["access_token"]), "invalid_token");
});

test("G10: a wrong guess that comes at the same time does not cost the client its code", async () => {
  const now = Date.parse("2026-11-23T12:00:00Z");
  const fixture = await ready({ store: createSlowStore(() => now) });
  const code = await obtainCode(fixture, fixture.portal);
  const [good] = await Promise.all([fixture.redeem(code), ...[0, 1, 2, 3].map(() => fixture.redeem(code, { code_verifier: "w".repeat(43) }))]);
  assert.equal(good?.status, 200);
  assert.notEqual(typeof (await fixture.whoIs(good?.json["access_token"])), "string");
});

test("G11: a code is worth nothing once its user or client is disabled, or the password is new", async () => {
  const fixture = await ready();
  const { users, clients } = fixture.server;
  const first = await obtainCode(fixture, fixture.portal);
  await users.setPassword(fixture.nancy, PASSWORD);
  assert.deepEqual(errorOf(await fixture.redeem(first)), INVALID_GRANT);
  const second = await obtainCode(fixture, fixture.portal);
  await users.disable(fixture.nancy);
  assert.deepEqual(errorOf(await fixture.redeem(second)), INVALID_GRANT);
  await users.enable(fixture.nancy);
  const third = await obtainCode(fixture, fixture.portal);
  await clients.disable(fixture.portal);
  assert.deepEqual(errorOf(await fixture.redeem(third)), [401, "invalid_client"]);
  await clients.enable(fixture.portal);
  assert.deepEqual(errorOf(await fixture.redeem(third)), INVALID_GRANT);
});

test("T13: a code and a refresh token too are for the one resource only", async () => {
  const fixture = await ready();
  const code = await obtainCode(fixture, fixture.portal, { resource: RESOURCE });
  assert.deepEqual(errorOf(await fixture.redeem(code, { resource: "https://other.example" })), [400, "invalid_target"]);
  const { refresh_token } = (await fixture.redeem(code, { resource: RESOURCE })).json;
  assert.deepEqual(errorOf(await fixture.refresh(refresh_token, { resource: "https://other.example" })), [400, "invalid_target"]);
  assert.equal((await fixture.refresh(refresh_token, { resource: RESOURCE })).status, 200);
});

test("T14: when the store fails at the redemption nothing is half consumed", async () => {
  const now = Date.parse("2026-11-23T12:00:00Z");
  const store = createMemoryStore({ clock: () => now });
  const failing = { commit: false };
  const fixture = await ready({
    store: {
      read: (collection, ids) => store.read(collection, ids),
      list: (collection, page) => store.list(collection, page),
      trail: (query) => store.trail(query),
      commit: (changes, entries) => (failing.commit ? Promise.reject(new Error("disk full")) : store.commit(changes, entries)),
      durable: () => undefined,
    },
  });
  const code = await obtainCode(fixture, fixture.portal);
  failing.commit = true;
  assert.deepEqual(errorOf(await fixture.redeem(code)), [503, "temporarily_unavailable"]);
  failing.commit = false;
  assert.equal((await fixture.redeem(code)).status, 200);
});

test("R1, R8: a refresh token is replaced at every use, and only digests are kept", async () => {
  const fixture = await ready();
  const { refresh: first } = await fixture.tokens({ scope: "manage_orders" });
  const answer = await fixture.refresh(first);
  assert.equal(answer.status, 200);
  assert.deepEqual([answer.json["scope"], answer.json["expires_in"], answer.json["token_type"]], ["manage_orders", 3600, "Bearer"]);
  const second = String(answer.json["refresh_token"]);
  assert.notEqual(second, first);
  const stored = JSON.stringify([await fixture.store.list("oauth.refresh_tokens", { limit: 10 }), await fixture.store.list("oauth.authority", { limit: 100 })]);
  assert.equal(stored.includes(first) || stored.includes(second), false);
  assert.equal((await fixture.refresh(second)).status, 200);
});

test("R2: a replaced refresh token ends the family, even when it asks for less", async () => {
  const fixture = await ready();
  const { access, refresh: first } = await fixture.tokens();
  const { access_token, refresh_token: second } = (await fixture.refresh(first)).json;
  for (const token of [access, access_token]) assert.notEqual(typeof (await fixture.whoIs(token)), "string");
  assert.deepEqual(errorOf(await fixture.refresh(first, { scope: "manage_orders" })), INVALID_GRANT);
  for (const token of [access, access_token]) assert.equal(await fixture.whoIs(token), "invalid_token");
  assert.deepEqual(errorOf(await fixture.refresh(second)), INVALID_GRANT);
});

test("R3, K10: of fifty parallel uses of one refresh token exactly one succeeds, and the family ends", async () => {
  const now = Date.parse("2026-11-23T12:00:00Z");
  const fixture = await ready({ store: createSlowStore(() => now) });
  const { refresh } = await fixture.tokens();
  const answers = await Promise.all(Array.from({ length: 50 }, () => fixture.refresh(refresh)));
  const winners = answers.filter(({ status }) => status === 200);
  assert.equal(winners.length, 1);
  assert.equal(await fixture.whoIs(winners[0]?.json["access_token"]), "invalid_token");
});

test("R4: another client's refresh token is refused without effect, and noted", async () => {
  const fixture = await ready();
  const { refresh } = await fixture.tokens();
  assert.deepEqual(errorOf(await fixture.refresh(refresh, fixture.web)), INVALID_GRANT);
  assert.equal(fixture.observed.some(({ event }) => event === "oauth.refresh_token_of_another_client"), true);
  assert.equal((await fixture.refresh(refresh)).status, 200);
});

test("R5: a wider scope is refused, a narrower one does not shrink the refresh token", async () => {
  const fixture = await ready();
  const { refresh } = await fixture.tokens({ scope: "manage_orders view_reports" });
  assert.deepEqual(errorOf(await fixture.refresh(refresh, { scope: "manage_orders other" })), [400, "invalid_scope"]);
  const narrow = await fixture.refresh(refresh, { scope: "view_reports" });
  assert.equal(narrow.json["scope"], "view_reports");
  const identity = await fixture.whoIs(narrow.json["access_token"]);
  assert.ok(typeof identity !== "string");
  assert.deepEqual(identity.permissions, ["view_reports"]);
  assert.equal((await fixture.refresh(narrow.json["refresh_token"])).json["scope"], "manage_orders view_reports");
});

test("R6: a refresh token ends when it is not used, and the family in any case", async () => {
  const fixture = await ready({ refreshIdleSeconds: 100, refreshFamilySeconds: 250 });
  const { refresh: idle } = await fixture.tokens();
  fixture.clock.now += 100_000;
  assert.deepEqual(errorOf(await fixture.refresh(idle)), INVALID_GRANT);
  let { refresh } = await fixture.tokens();
  const lives: unknown[] = [];
  for (let count = 0; count < 4; count++) {
    fixture.clock.now += 60_000;
    const { json } = await fixture.refresh(refresh);
    refresh = String(json["refresh_token"]);
    lives.push(json["expires_in"]);
  }
  assert.deepEqual(lives, [190, 130, 70, 10]);
  fixture.clock.now += 60_000;
  assert.deepEqual(errorOf(await fixture.refresh(refresh)), INVALID_GRANT);
});

test("R7: a refresh token ends with its user, its client and its password", async () => {
  const fixture = await ready();
  const { users, clients } = fixture.server;
  const changes = [() => users.setPassword(fixture.nancy, PASSWORD), () => users.disable(fixture.nancy), () => clients.disable(fixture.portal)];
  for (const change of changes) {
    const { refresh, access } = await fixture.tokens();
    await change();
    assert.equal((await fixture.refresh(refresh)).status >= 400, true);
    await users.enable(fixture.nancy);
    await clients.enable(fixture.portal);
    assert.deepEqual(errorOf(await fixture.refresh(refresh)), INVALID_GRANT);
    assert.equal(await fixture.whoIs(access), "invalid_token");
  }
});

test("R9: a refresh that races a revocation leaves nothing alive once the revocation is answered", async () => {
  const now = Date.parse("2026-11-23T12:00:00Z");
  const fixture = await ready({ store: createSlowStore(() => now) });
  const { refresh } = await fixture.tokens();
  const [refreshed, revoked] = await Promise.all([fixture.refresh(refresh), fixture.post("/oauth/revoke", { client_id: fixture.portal, token: refresh })]);
  assert.equal(revoked?.status, 200);
  assert.equal(await fixture.whoIs(refreshed?.json["access_token"]), "invalid_token");
  assert.deepEqual(errorOf(await fixture.refresh(refreshed?.json["refresh_token"])), INVALID_GRANT);
});

test("R10, B7: a refresh token or a code is no bearer token", async () => {
  const fixture = await ready();
  const code = await obtainCode(fixture, fixture.portal);
  const { refresh } = await fixture.tokens();
  assert.equal(await fixture.whoIs(refresh), "invalid_token");
  assert.equal(await fixture.whoIs(code), "invalid_token");
});

test("B10: a right taken from the user, from a role or from what the client may ask is gone at the next call", async () => {
  const fixture = await ready();
  const { access } = await fixture.tokens();
  const permissions = async () => {
    const identity = await fixture.whoIs(access);
    return typeof identity === "string" ? identity : identity.permissions;
  };
  assert.deepEqual(await permissions(), ["manage_orders", "view_reports"]);
  await fixture.server.roles.set("reporters", ["view_reports", "export"]);
  assert.deepEqual(await permissions(), ["export", "manage_orders", "view_reports"]);
  await fixture.server.roles.delete("reporters");
  assert.deepEqual(await permissions(), ["manage_orders"]);
  await fixture.server.users.update(fixture.nancy, { permissions: ["*"] });
  assert.deepEqual(await permissions(), ["*"]);
  await fixture.server.clients.update(fixture.portal, { scopes: ["view_reports"] });
  assert.deepEqual(await permissions(), ["view_reports"]);
  await fixture.server.users.update(fixture.nancy, { permissions: ["manage_orders"] });
  assert.deepEqual(await permissions(), []);
  await fixture.server.users.disable(fixture.nancy);
  assert.equal(await permissions(), "invalid_token");
});

test("A user token never speaks for a client, nor a client token for a user of the same ID", async () => {
  const fixture = await ready();
  const { web, nancy, portal } = fixture;
  await fixture.store.commit([{ kind: "put", collection: "oauth.authority", id: `user:${web.client_id}`, basedOn: 0, value: { user_id: web.client_id, name: "trap", password: "", permissions: ["*"], roles: [], disabled: false, epoch: 1 } }]);
  const { access_token } = (await fixture.post("/oauth/token", { grant_type: "client_credentials", ...web })).json;
  const identity = await fixture.whoIs(access_token);
  assert.ok(typeof identity !== "string");
  assert.deepEqual([identity.kind, identity.name, identity.permissions], ["client", "Web", ["own"]]);
  const { access } = await fixture.tokens();
  const claims = JSON.parse(Buffer.from(access.split(".")[1] ?? "", "base64url").toString());
  for (const change of [{ sub: `user:${web.client_id}` }, { sub_kind: "client" }, { sub: nancy }, { grant_id: "other" }, { client_id: web.client_id }, { client_epoch: 1 }, { sub: `client:${portal}`, sub_kind: "client" }]) {
    assert.equal(await fixture.whoIs(signToken({ ...claims, ...change }, SIGNING_KEY)), "invalid_token", JSON.stringify(change));
  }
});

test("V1, V2: revocation wants the client's credentials and a token", async () => {
  const { post, web, portal, send } = await ready();
  assert.deepEqual(errorOf(await post("/oauth/revoke", { token: "x" })), [401, "invalid_client"]);
  assert.deepEqual(errorOf(await post("/oauth/revoke", { token: "x", client_id: web.client_id, client_secret: "wrong" })), [401, "invalid_client"]);
  for (const credentials of [{ client_id: portal }, web]) assert.deepEqual(errorOf(await post("/oauth/revoke", credentials)), [400, "invalid_request"]);
  assert.deepEqual(errorOf(await send("/oauth/revoke?token=x")), [405, "invalid_request"]);
});

test("V3, V9: an unknown, expired or garbage token is 200 with an empty JSON object", async () => {
  const fixture = await ready();
  const { access } = await fixture.tokens();
  fixture.clock.now += 4_000_000;
  for (const token of ["x", anySecret(), access, `${access}x`, "a.b.c"]) {
    const answer = await fixture.post("/oauth/revoke", { client_id: fixture.portal, token });
    assert.deepEqual([answer.status, answer.text, answer.headers["content-type"]], [200, "{}", "application/json; charset=utf-8"]);
  }
});

test("V4, V6, V7: a revoked refresh token takes its grant along, a revoked access token itself, whatever the hint", async () => {
  const fixture = await ready();
  for (const token_type_hint of ["access_token", "refresh_token", "nonsense", ""]) {
    const one = await fixture.tokens();
    assert.equal((await fixture.post("/oauth/revoke", { client_id: fixture.portal, token: one.refresh, token_type_hint })).status, 200);
    assert.equal(await fixture.whoIs(one.access), "invalid_token");
    assert.deepEqual(errorOf(await fixture.refresh(one.refresh)), INVALID_GRANT);
    const two = await fixture.tokens();
    for (let count = 0; count < 2; count++) assert.equal((await fixture.post("/oauth/revoke", { client_id: fixture.portal, token: two.access, token_type_hint })).status, 200);
    assert.equal(await fixture.whoIs(two.access), "invalid_token");
    assert.equal((await fixture.refresh(two.refresh)).status, 200);
  }
  const machine = (await fixture.post("/oauth/token", { grant_type: "client_credentials", ...fixture.web })).json["access_token"];
  assert.equal((await fixture.post("/oauth/revoke", { token: String(machine) }, basic(fixture.web.client_id, fixture.web.client_secret))).status, 200);
  assert.equal(await fixture.whoIs(machine), "invalid_token");
});

test("V5: another client's token is refused without effect", async () => {
  const fixture = await ready();
  const { access, refresh } = await fixture.tokens();
  for (const token of [access, refresh]) assert.deepEqual(errorOf(await fixture.post("/oauth/revoke", { ...fixture.web, token })), [400, "unauthorized_client"]);
  assert.notEqual(typeof (await fixture.whoIs(access)), "string");
  assert.equal((await fixture.refresh(refresh)).status, 200);
});

test("V8, V10: a revocation that is not durable is never answered with 200", async () => {
  const now = Date.parse("2026-11-23T12:00:00Z");
  const store = createMemoryStore({ clock: () => now });
  const failing = { durable: false };
  const fixture = await ready({
    store: {
      read: (collection, ids) => store.read(collection, ids),
      list: (collection, page) => store.list(collection, page),
      trail: (query) => store.trail(query),
      commit: (changes, entries) => store.commit(changes, entries),
      durable: () => (failing.durable ? Promise.reject(new Error("EIO")) : undefined),
    },
  });
  const { refresh } = await fixture.tokens();
  failing.durable = true;
  const answer = await fixture.post("/oauth/revoke", { client_id: fixture.portal, token: refresh });
  assert.deepEqual([...errorOf(answer), answer.headers["retry-after"]], [503, "temporarily_unavailable", "5"]);
});

test("I1, I7, I8: introspection wants a confidential client and a token in the body", async () => {
  const { post, send, web, portal } = await ready();
  assert.deepEqual(errorOf(await post("/oauth/introspect", { token: "x" })), [401, "invalid_client"]);
  assert.deepEqual(errorOf(await post("/oauth/introspect", { token: "x", client_id: portal })), [401, "invalid_client"]);
  assert.deepEqual(errorOf(await post("/oauth/introspect", web)), [400, "invalid_request"]);
  const inQuery = await send("/oauth/introspect?token=x", { method: "POST", headers: { "content-type": "application/x-www-form-urlencoded", ...basic(web.client_id, web.client_secret) } });
  assert.deepEqual(errorOf(inQuery), [400, "invalid_request"]);
});

test("I2, I3, I4, I6: the owner and the resource server are told all, others and dead tokens exactly active false", async () => {
  const fixture = await ready();
  const { post, web, server, clock, portal, nancy } = fixture;
  const api = await server.clients.create({ name: "API", resource_server: true });
  const stranger = await server.clients.create({ name: "Stranger" });
  const own = String((await post("/oauth/token", { grant_type: "client_credentials", ...web })).json["access_token"]);
  const { access, refresh } = await fixture.tokens({ scope: "manage_orders" });
  const ask = (client: object, token: string) => post("/oauth/introspect", { ...client, token });
  const answer = await ask(web, own);
  assert.equal(answer.headers["cache-control"], "no-store");
  const { jti, ...rest } = answer.json;
  assert.equal(typeof jti, "string");
  const now = clock.now / 1000;
  assert.deepEqual(rest, { active: true, scope: "", client_id: web.client_id, sub: `client:${web.client_id}`, sub_kind: "client", aud: RESOURCE, iss: ISSUER, exp: now + 3600, iat: now, token_type: "Bearer" });
  const forUser = (await ask(api, access)).json;
  assert.deepEqual([forUser["active"], forUser["sub"], forUser["sub_kind"], forUser["client_id"], forUser["scope"]], [true, `user:${nancy}`, "user", portal, "manage_orders"]);
  const dead = [await ask(stranger, own), await ask(web, access), await ask(api, refresh), await ask(web, refresh), await ask(web, "x"), await ask(web, `${own}x`)];
  for (const { status, text } of dead) assert.deepEqual([status, text], [200, '{"active":false}']);
  await server.users.disable(nancy);
  assert.equal((await ask(api, access)).text, '{"active":false}');
  clock.now += 4_000_000;
  assert.equal((await ask(web, own)).text, '{"active":false}');
});

test("I5: a refresh token is shown to its owner alone, while it counts", async () => {
  const fixture = await ready();
  const { web, post } = fixture;
  const code = await obtainCode(fixture, web.client_id);
  const { refresh_token } = (await fixture.redeem(code, web)).json;
  const answer = (await post("/oauth/introspect", { ...web, token: String(refresh_token) })).json;
  assert.deepEqual([answer["active"], answer["client_id"], answer["sub"]], [true, web.client_id, `user:${fixture.nancy}`]);
  const { refresh_token: next } = (await fixture.refresh(refresh_token, web)).json;
  assert.equal((await post("/oauth/introspect", { ...web, token: String(refresh_token) })).text, '{"active":false}');
  assert.equal((await post("/oauth/introspect", { ...web, token: String(next) })).json["active"], true);
  await fixture.server.users.disable(fixture.nancy);
  assert.equal((await post("/oauth/introspect", { ...web, token: String(next) })).text, '{"active":false}');
});

test("M1, M2, M3: the server's metadata", async () => {
  const { send, server } = createFixture({ scopes: { manage_orders: "Manage orders" } });
  const answer = await send("/.well-known/oauth-authorization-server", { headers: { host: "evil.example", "x-forwarded-host": "evil.example" } });
  assert.deepEqual([answer.status, answer.headers["content-type"]], [200, "application/json; charset=utf-8"]);
  assert.deepEqual(answer.json, {
    issuer: ISSUER,
    authorization_endpoint: `${ISSUER}/oauth/authorize`,
    token_endpoint: `${ISSUER}/oauth/token`,
    jwks_uri: `${ISSUER}/oauth/jwks`,
    revocation_endpoint: `${ISSUER}/oauth/revoke`,
    introspection_endpoint: `${ISSUER}/oauth/introspect`,
    response_types_supported: ["code"],
    response_modes_supported: ["query"],
    grant_types_supported: ["client_credentials", "authorization_code", "refresh_token"],
    code_challenge_methods_supported: ["S256"],
    token_endpoint_auth_methods_supported: ["client_secret_basic", "client_secret_post"],
    revocation_endpoint_auth_methods_supported: ["client_secret_basic", "client_secret_post"],
    introspection_endpoint_auth_methods_supported: ["client_secret_basic", "client_secret_post"],
    scopes_supported: ["manage_orders"],
    authorization_response_iss_parameter_supported: true,
  });
  await server.clients.create({ name: "Portal", type: "public", redirect_uris: [REDIRECT_URI] });
  const withPublic = (await send("/.well-known/oauth-authorization-server")).json;
  assert.deepEqual(withPublic["token_endpoint_auth_methods_supported"], ["client_secret_basic", "client_secret_post", "none"]);
  assert.deepEqual(withPublic["introspection_endpoint_auth_methods_supported"], ["client_secret_basic", "client_secret_post"]);
});

test("M1, M4: documents stand at the plain path and behind it the path of what they describe", async () => {
  const { send, server } = createFixture({ issuer: "https://auth.example/tenant", resource: RESOURCE });
  assert.equal((await send("/.well-known/oauth-authorization-server/tenant")).json["issuer"], "https://auth.example/tenant");
  for (const path of ["/.well-known/oauth-protected-resource", "/.well-known/oauth-protected-resource/api/v1"]) {
    assert.deepEqual((await send(path)).json, { resource: RESOURCE, authorization_servers: ["https://auth.example/tenant"], scopes_supported: [], bearer_methods_supported: ["header"] });
  }
  assert.equal(server.resourceMetadataUrl, "https://auth.example/.well-known/oauth-protected-resource/api/v1");
  assert.equal((await send("/.well-known/oauth-protected-resource/other")).status, 404);
  assert.equal((await send("/.well-known/oauth-protected-resource", { method: "POST" })).headers["allow"], "GET, HEAD");
});

test("M5: no OpenID configuration is published, as no ID tokens are issued", async () => {
  assert.equal((await createFixture().send("/.well-known/openid-configuration")).status, 404);
});

test("M6: the JWKS holds public members only, each with kid, alg and use, for a short time", async () => {
  const answer = await createFixture().send("/oauth/jwks");
  assert.deepEqual(answer.json, { keys: [SIGNING_KEY.publicJwk] });
  assert.equal(answer.headers["cache-control"], "public, max-age=300");
});

test("Users: names are unique whatever their case, and wrong ones are refused with the remedy", async () => {
  const { server } = await ready();
  await assert.rejects(server.users.create({ name: "NANCY", password: PASSWORD }), { name: "TypeError", message: "user: the name is taken; choose another" });
  await assert.rejects(server.users.create({ name: "andrew", password: "short" }), { name: "TypeError", message: /^user: password/ });
  await assert.rejects(server.users.create({ name: " andrew", password: PASSWORD }), { name: "TypeError", message: /^user: name/ });
  assert.deepEqual((await server.users.list()).map(({ name }) => name), ["nancy"]);
  assert.deepEqual((await server.clients.list()).map(({ name }) => name).sort(), ["Portal", "Web"]);
  assert.deepEqual(await server.roles.list(), [{ name: "reporters", permissions: ["view_reports"] }]);
});
