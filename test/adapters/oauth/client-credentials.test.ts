import assert from "node:assert/strict";
import test from "node:test";
import { createMemoryStore } from "../../../src/adapters/memory/index.ts";
import { signToken } from "../../../src/adapters/jwt/signing-key.ts";
import { toJsonObject } from "../../../src/domain/json.ts";
import { createTokenCache } from "../../../src/adapters/oauth/tokens/token-cache.ts";
import type { RecordStore } from "../../../src/domain/ports.ts";
import { ISSUER, RESOURCE, SIGNING_KEY, basic, createFixture } from "./fixture.ts";
import type { Answer, Fixture } from "./fixture.ts";

const FORM = "application/x-www-form-urlencoded";
const INVALID_CLIENT = { error: "invalid_client", error_description: "Client authentication failed." };

interface Ready extends Fixture {
  readonly id: string;
  readonly secret: string;
  /** A client_credentials request with right credentials in the body, and these parameters besides. */
  ask(extra?: Readonly<Record<string, string>>): Promise<Answer>;
}

async function ready(options: Parameters<typeof createFixture>[0] = {}): Promise<Ready> {
  const fixture = createFixture(options);
  const { client_id: id, client_secret: secret = "" } = await fixture.server.clients.create({ name: "Orders", permissions: ["manage_orders", "view_reports"] });
  return { ...fixture, id, secret, ask: (extra = {}) => fixture.post("/oauth/token", { grant_type: "client_credentials", client_id: id, client_secret: secret, ...extra }) };
}

const errorOf = ({ status, json }: Answer) => [status, json["error"]];

test("T1: any method but POST is 405 with Allow, and the query is never read", async () => {
  const { send, id, secret } = await ready();
  for (const method of ["GET", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS"]) {
    const answer = await send(`/oauth/token?grant_type=client_credentials&client_id=${id}&client_secret=${secret}`, { method });
    assert.equal(answer.status, 405, method);
    assert.equal(answer.headers["allow"], "POST");
    assert.equal(answer.json["access_token"], undefined);
  }
});

test("T2: forms are read by the WHATWG rules, with any charset parameter, and bad UTF-8 is 400", async () => {
  const { send, id, secret } = await ready();
  const good = `&grant_type=client%5Fcredentials&&client_id=${id}&client_secret=${secret}&scope=manage_orders+view_reports&x=%zz&=`;
  for (const type of [FORM, `${FORM};charset=UTF-8`, "Application/X-WWW-Form-Urlencoded"]) {
    const answer = await send("/oauth/token", { method: "POST", headers: { "content-type": type }, body: good });
    assert.equal(answer.status, 200, answer.text);
    assert.equal(answer.json["scope"], "manage_orders view_reports");
  }
  for (const body of [`${good}&y=%ff`, `${good}&%c3%28=1`, Buffer.concat([Buffer.from(`${good}&y=`), Buffer.from([0xff])])]) {
    assert.deepEqual(errorOf(await send("/oauth/token", { method: "POST", headers: { "content-type": FORM }, body })), [400, "invalid_request"]);
  }
});

test("T3: a flat JSON object of texts is read, and no other JSON", async () => {
  const { send, id, secret } = await ready();
  const sendJson = (body: string) => send("/oauth/token", { method: "POST", headers: { "content-type": "application/json" }, body });
  const parameters = { grant_type: "client_credentials", client_id: id, client_secret: secret, scope: "" };
  const answer = await sendJson(JSON.stringify(parameters));
  assert.equal(answer.status, 200);
  assert.deepEqual(Object.keys(answer.json), ["token_type", "expires_in", "access_token", "scope"]);
  assert.equal((await sendJson(JSON.stringify({ ...parameters, resource: [RESOURCE, RESOURCE] }))).status, 200);
  const bad = [
    JSON.stringify({ ...parameters, scope: null }),
    JSON.stringify({ ...parameters, scope: 1 }),
    JSON.stringify({ ...parameters, scope: ["manage_orders"] }),
    JSON.stringify({ ...parameters, x: {} }),
    JSON.stringify({ ...parameters, resource: [1] }),
    JSON.stringify(parameters).replace("{", '{"scope":"x",'),
    JSON.stringify([parameters]),
    "null",
    "",
    "{",
    `\ufeff${JSON.stringify(parameters)}`,
  ];
  for (const body of bad) assert.deepEqual(errorOf(await sendJson(body)), [400, "invalid_request"], body);
});

test("T4: any other content type, or none, is 400", async () => {
  const { send, id, secret } = await ready();
  const body = new URLSearchParams({ grant_type: "client_credentials", client_id: id, client_secret: secret }).toString();
  for (const type of ["text/plain", "multipart/form-data; boundary=x", "application/jsonx", "application/json;", "application/json; charset=latin1", `${FORM}x`, ""]) {
    assert.deepEqual(errorOf(await send("/oauth/token", { method: "POST", headers: type === "" ? {} : { "content-type": type }, body })), [400, "invalid_request"], type);
  }
  const packed = await send("/oauth/token", { method: "POST", headers: { "content-type": FORM, "content-encoding": "gzip" }, body });
  assert.deepEqual(errorOf(packed), [400, "invalid_request"]);
});

test("T4: a body over 64 KiB is 413", async () => {
  const { ask } = await ready();
  assert.deepEqual(errorOf(await ask({ filler: "x".repeat(65_536) })), [413, "invalid_request"]);
});

test("T5: a parameter that comes twice is 400, but for resource", async () => {
  const { send, id, secret } = await ready();
  const body = `grant_type=client_credentials&client_id=${id}&client_secret=${secret}`;
  const sendForm = (extra: string) => send("/oauth/token", { method: "POST", headers: { "content-type": FORM }, body: body + extra });
  for (const extra of ["&grant_type=client_credentials", "&scope=a&scope=a", `&client_id=${id}`, "&client_secret=", "&unknown=1&unknown=2", "&%73cope=a&scope=a"]) {
    assert.deepEqual(errorOf(await sendForm(extra)), [400, "invalid_request"], extra);
  }
  const resource = encodeURIComponent(RESOURCE);
  assert.equal((await sendForm(`&resource=${resource}&resource=${resource}`)).status, 200);
});

test("T6, T7: an empty parameter counts as absent and an unknown one is ignored", async () => {
  const { ask } = await ready();
  const answer = await ask({ scope: "", resource: "", audience: "x", __proto__x: "1", constructor: "1" });
  assert.deepEqual([answer.status, answer.json["scope"]], [200, ""]);
  assert.deepEqual(errorOf(await ask({ grant_type: "" })), [400, "invalid_request"]);
  assert.deepEqual(errorOf(await ask({ client_id: "" })), [401, "invalid_client"]);
});

test("T8: no grant type, an unknown one, and one that this client may not use", async () => {
  const { post, server, id, secret } = await ready();
  const credentials = { client_id: id, client_secret: secret };
  assert.deepEqual(errorOf(await post("/oauth/token", credentials)), [400, "invalid_request"]);
  for (const grant_type of ["unknown", "__proto__", "constructor", "client_credentials ", "CLIENT_CREDENTIALS"]) {
    assert.deepEqual(errorOf(await post("/oauth/token", { ...credentials, grant_type })), [400, "unsupported_grant_type"], grant_type);
  }
  assert.equal((await server.clients.find(id))?.type, "confidential");
});

test("T9: the password and implicit grants are not offered", async () => {
  const { ask } = await ready();
  for (const grant_type of ["password", "implicit", "token"]) {
    assert.deepEqual(errorOf(await ask({ grant_type, username: "nancy", password: "x" })), [400, "unsupported_grant_type"]);
  }
});

test("T10: success is 200, JSON, not to be kept, with a Bearer token and never a refresh token", async () => {
  const { ask, whoIs, id } = await ready();
  const answer = await ask();
  assert.equal(answer.status, 200);
  assert.equal(answer.headers["content-type"], "application/json; charset=utf-8");
  assert.equal(answer.headers["cache-control"], "no-store");
  assert.equal(answer.headers["pragma"], "no-cache");
  const { access_token, ...rest } = answer.json;
  assert.deepEqual(rest, { token_type: "Bearer", expires_in: 3600, scope: "" });
  const identity = await whoIs(access_token);
  assert.ok(typeof identity !== "string");
  assert.deepEqual([identity.kind, identity.id, identity.name, identity.issuer], ["client", id, "Orders", "local"]);
  assert.deepEqual(identity.permissions, ["manage_orders", "view_reports"]);
});

test("An access token says what RFC 9068 asks for, and its kind twice", async () => {
  const { ask, id, clock } = await ready();
  const [header = "", payload = ""] = String((await ask({ scope: "manage_orders" })).json["access_token"]).split(".");
  assert.deepEqual(JSON.parse(Buffer.from(header, "base64url").toString()), { typ: "at+jwt", alg: "EdDSA", kid: SIGNING_KEY.kid });
  const { jti, ...claims } = JSON.parse(Buffer.from(payload, "base64url").toString());
  assert.match(jti, /^[0-9a-f-]{36}$/);
  assert.deepEqual(claims, { iss: ISSUER, sub: `client:${id}`, aud: RESOURCE, exp: clock.now / 1000 + 3600, iat: clock.now / 1000, client_id: id, scope: "manage_orders", sub_kind: "client", client_epoch: 1 });
});

test("T11: a scope with characters that none may have is invalid_scope", async () => {
  const { ask } = await ready();
  for (const scope of ["manage_orders\nview_reports", '"manage_orders"', "a\\b", "\u00e9", "a\tb", "\u0000", "x".repeat(4097)]) {
    assert.deepEqual(errorOf(await ask({ scope })), [400, "invalid_scope"]);
  }
});

test("T12: a scope beyond the client's permissions is refused, one within them narrows the token", async () => {
  const { ask, whoIs, server } = await ready();
  for (const scope of ["manage_products", "manage_orders manage_products", "*"]) assert.deepEqual(errorOf(await ask({ scope })), [400, "invalid_scope"], scope);
  const narrowed = await ask({ scope: "  view_reports view_reports " });
  assert.equal(narrowed.json["scope"], "view_reports");
  const identity = await whoIs(narrowed.json["access_token"]);
  assert.ok(typeof identity !== "string");
  assert.deepEqual(identity.permissions, ["view_reports"]);
  const all = await server.clients.create({ name: "Admin", permissions: ["*"] });
  assert.equal((await ask({ ...all, scope: "anything" })).json["scope"], "anything");
  const longest = await ask({ ...all, scope: "x".repeat(4096) });
  assert.notEqual(typeof (await whoIs(longest.json["access_token"])), "string");
  assert.deepEqual(errorOf(await ask({ ...all, scope: "x".repeat(4097) })), [400, "invalid_scope"]);
});

test("T13: a resource other than ours is invalid_target", async () => {
  const { ask } = await ready();
  for (const resource of ["https://other.example", "/api/v1", `${RESOURCE}#x`, `${RESOURCE}/`, RESOURCE.slice(0, -1), "x"]) {
    assert.deepEqual(errorOf(await ask({ resource })), [400, "invalid_target"], resource);
  }
  assert.equal((await ask({ resource: RESOURCE })).status, 200);
});

test("T13: with no path in it, the resource may be named with the slash that URL parsers add", async () => {
  const { ask } = await ready({ resource: "https://auth.example" });
  assert.equal((await ask({ resource: "https://auth.example/" })).status, 200);
  assert.deepEqual(errorOf(await ask({ resource: "https://auth.example//" })), [400, "invalid_target"]);
});

test("T14: when the store fails nothing is issued and the answer is 503", async () => {
  for (const broken of ["read", "durable"] as const) {
    const store = createMemoryStore({ clock: () => 0 });
    const failing: { now: boolean } = { now: false };
    const fail = () => Promise.reject(new Error("disk on fire"));
    const flaky: RecordStore = {
      read: (collection, ids) => (failing.now && broken === "read" ? fail() : store.read(collection, ids)),
      list: (collection, page) => store.list(collection, page),
      trail: (query) => store.trail(query),
      commit: (changes, entries) => store.commit(changes, entries),
      durable: () => (failing.now && broken === "durable" ? fail() : undefined),
    };
    const { ask, whoIs, observed } = await ready({ store: flaky });
    const { access_token } = (await ask()).json;
    failing.now = true;
    const answer = await ask();
    assert.deepEqual(errorOf(answer), [503, "temporarily_unavailable"]);
    assert.equal(answer.headers["retry-after"], "5");
    assert.equal(answer.text.includes("disk"), false);
    assert.equal(observed.some(({ event }) => event === "oauth.store_failed"), true);
    if (broken === "read") assert.equal(await whoIs(access_token), "unavailable");
  }
});

test("T15: an error is told in our own sentences and never quotes what was sent", async () => {
  const { post, id, secret, observed } = await ready();
  const marker = "S3CR3T-M4RK3R";
  const requests: readonly Readonly<Record<string, string>>[] = [
    { grant_type: marker },
    { grant_type: "client_credentials", client_id: marker, client_secret: marker },
    { grant_type: "client_credentials", client_id: id, client_secret: marker },
    { grant_type: "client_credentials", client_id: id, client_secret: secret, scope: marker },
    { grant_type: "client_credentials", client_id: id, client_secret: secret, resource: marker },
  ];
  for (const form of requests) {
    const { status, text, json } = await post("/oauth/token", form);
    assert.ok(status === 400 || status === 401);
    assert.equal(text.includes(marker) || text.includes(secret), false);
    assert.match(String(json["error_description"]), /^[\x20\x21\x23-\x5b\x5d-\x7e]+$/);
    assert.deepEqual(Object.keys(json), ["error", "error_description"]);
  }
  assert.equal(JSON.stringify(observed).includes(marker) || JSON.stringify(observed).includes(secret), false);
});

test("C1, C2, C3: a wrong secret and an unknown client get one and the same 401, by header or by body", async () => {
  const { post, id, secret } = await ready();
  const form = { grant_type: "client_credentials" };
  const answers = [
    await post("/oauth/token", form, basic(id, "wrong")),
    await post("/oauth/token", form, basic("unknown", secret)),
    await post("/oauth/token", { ...form, client_id: id, client_secret: "wrong" }),
    await post("/oauth/token", { ...form, client_id: "unknown", client_secret: secret }),
    await post("/oauth/token", { ...form, client_id: "__proto__", client_secret: secret }),
  ];
  for (const { status, json, headers, text } of answers) {
    assert.equal(status, 401);
    assert.deepEqual(json, INVALID_CLIENT);
    assert.equal(headers["www-authenticate"], 'Basic realm="oauth"');
    assert.equal(text, answers[0]?.text);
  }
  assert.equal((await post("/oauth/token", form, basic(id, secret))).status, 200);
});

test("C3: an unknown client costs as much work as a wrong secret", async () => {
  const { post, id } = await ready();
  const time = async (client_id: string, client_secret: string) => {
    const start = process.hrtime.bigint();
    await post("/oauth/token", { grant_type: "client_credentials", client_id, client_secret });
    return Number(process.hrtime.bigint() - start) / 1e6;
  };
  // By turns, so that both find the machine equally warm and equally busy; nine failures are not yet throttled.
  let [known, unknown] = [Infinity, Infinity];
  for (let round = 0; round < 9; round++) {
    known = Math.min(known, await time(id, `wrong-${round}`));
    unknown = Math.min(unknown, await time(`u${round}`, "wrong"));
  }
  assert.ok(unknown > known / 3 && known > unknown / 3, `known ${known} ms, unknown ${unknown} ms`);
});

test("C4, C5: credentials in two ways, or two clients, are 400; the same client named twice is fine", async () => {
  const { post, id, secret } = await ready();
  const form = { grant_type: "client_credentials" };
  assert.deepEqual(errorOf(await post("/oauth/token", { ...form, client_secret: secret }, basic(id, secret))), [400, "invalid_request"]);
  assert.deepEqual(errorOf(await post("/oauth/token", { ...form, client_assertion: "x" }, basic(id, secret))), [400, "invalid_request"]);
  assert.deepEqual(errorOf(await post("/oauth/token", { ...form, client_id: "other" }, basic(id, secret))), [400, "invalid_request"]);
  assert.equal((await post("/oauth/token", { ...form, client_id: id }, basic(id, secret))).status, 200);
});

test("C6: malformed Basic credentials are 400 and never a crash", async () => {
  const { post } = await ready();
  const encode = (text: string | Uint8Array) => `Basic ${Buffer.from(text).toString("base64")}`;
  const bad = ["Basic", "Basic ", "Basic !!!", "Basic YQ", "Basic YTpi=", "Basic YTpi YTpi", "Basic YTpi\u00a0", encode("no-colon"), encode("a%zz:b"), encode("a:b%4"), encode("a:%00"), encode("a\u0000:b"), encode("a:b\n"), encode(new Uint8Array([0xff, 0x3a, 0x61])), "Basic YTpj-_"];
  for (const authorization of bad) {
    assert.deepEqual(errorOf(await post("/oauth/token", { grant_type: "client_credentials" }, { authorization })), [400, "invalid_request"], authorization);
  }
});

test("C7: the halves of Basic may be form-encoded or plain", async () => {
  const { post, id, secret } = await ready();
  const encodeAll = (text: string) => text.replace(/./g, (character) => `%${character.charCodeAt(0).toString(16)}`);
  for (const headers of [basic(id, secret), basic(encodeAll(id), encodeAll(secret)), basic(id.replaceAll("-", "%2D"), secret)]) {
    assert.equal((await post("/oauth/token", { grant_type: "client_credentials" }, headers)).status, 200);
  }
  const { authorization = "" } = basic(id, secret);
  assert.equal((await post("/oauth/token", { grant_type: "client_credentials" }, { authorization: authorization.replace("Basic", "bAsIc") })).status, 200);
});

test("C8, C9, C11: no credentials, no secret, another scheme or a secret in the URL are 401", async () => {
  const { post, send, id, secret } = await ready();
  const form = { grant_type: "client_credentials" };
  assert.deepEqual(errorOf(await post("/oauth/token", form)), [401, "invalid_client"]);
  assert.deepEqual(errorOf(await post("/oauth/token", { ...form, client_id: id })), [401, "invalid_client"]);
  assert.deepEqual(errorOf(await post("/oauth/token", { ...form, client_id: id, client_secret: secret }, { authorization: "Bearer x" })), [401, "invalid_client"]);
  assert.deepEqual(errorOf(await post("/oauth/token", { ...form, client_id: id, client_assertion: "x" })), [401, "invalid_client"]);
  const inUrl = await send(`/oauth/token?client_id=${id}&client_secret=${secret}`, { method: "POST", headers: { "content-type": FORM }, body: "grant_type=client_credentials" });
  assert.deepEqual(errorOf(inUrl), [401, "invalid_client"]);
});

test("C12: a disabled client and an expired secret get the same 401; its tokens are dead for good", async () => {
  const { ask, server, id, secret, whoIs, clock } = await ready();
  const { access_token } = (await ask()).json;
  const rotated = await server.clients.rotateSecret(id, { keepPreviousMs: 60_000 });
  assert.equal((await ask()).status, 200);
  clock.now += 60_000;
  assert.deepEqual((await ask()).json, INVALID_CLIENT);
  const client_secret = rotated?.client_secret ?? "";
  assert.equal((await ask({ client_secret })).status, 200);
  assert.notEqual(typeof (await whoIs(access_token)), "string");
  await server.clients.disable(id);
  assert.deepEqual((await ask({ client_secret })).json, INVALID_CLIENT);
  assert.equal(await whoIs(access_token), "invalid_token");
  await server.clients.enable(id);
  assert.equal(await whoIs(access_token), "invalid_token");
  const fresh = await ask({ client_secret });
  assert.notEqual(typeof (await whoIs(fresh.json["access_token"])), "string");
  assert.equal(await server.clients.delete(id), true);
  assert.equal(await whoIs(fresh.json["access_token"]), "invalid_token");
  assert.deepEqual((await ask({ client_secret })).json, INVALID_CLIENT);
  assert.notEqual(secret, client_secret);
});

test("C13: after ten failures a client's address must wait, then after a hundred the address", async () => {
  const { post, ask, id, clock } = await ready();
  const fail = (client_id: string) => post("/oauth/token", { grant_type: "client_credentials", client_id, client_secret: "wrong" });
  for (let count = 0; count < 10; count++) assert.equal((await fail(id)).status, 401);
  const throttled = await fail(id);
  assert.deepEqual(errorOf(throttled), [429, "temporarily_unavailable"]);
  assert.equal(throttled.headers["retry-after"], "30");
  assert.equal((await fail("another")).status, 401);
  clock.now += 30_000;
  assert.equal((await ask()).status, 200);
  for (let count = 0; count < 99; count++) await fail(`unknown-${count}`);
  assert.deepEqual(errorOf(await fail("one-more")), [429, "temporarily_unavailable"]);
});

test("C13: parallel guesses cannot slip past the count, and a client that was right a moment ago is not locked out", async () => {
  const { post, ask, id } = await ready();
  assert.equal((await ask()).status, 200);
  const guesses = Array.from({ length: 30 }, (_, count) => post("/oauth/token", { grant_type: "client_credentials", client_id: id, client_secret: `guess-${count}` }));
  const statuses = (await Promise.all(guesses)).map(({ status }) => status);
  assert.deepEqual([statuses.filter((status) => status === 401).length, statuses.filter((status) => status === 429).length], [10, 20]);
  assert.equal((await ask()).status, 200);
});

test("C13: fifty workers that start together with the right secret all get a token", async () => {
  const { ask } = await ready();
  const answers = await Promise.all(Array.from({ length: 50 }, () => ask()));
  assert.deepEqual(new Set(answers.map(({ status }) => status)), new Set([200]));
});

test("C13: the addresses of one IPv6 network, and an IPv4 address however it is written, count as one", async () => {
  const { send } = await ready();
  const fail = (remoteAddress: string, client_id: string) => send("/oauth/token", { method: "POST", headers: { "content-type": FORM }, body: `grant_type=client_credentials&client_id=${client_id}&client_secret=x`, remoteAddress });
  for (let count = 0; count < 100; count++) assert.equal((await fail(`2001:db8:0:1::${count.toString(16)}`, `a-${count}`)).status, 401);
  assert.equal((await fail("2001:0DB8::1:ffff:0:0:1", "b")).status, 429);
  assert.equal((await fail("2001:db8:0:2::1", "c")).status, 401);
  for (let count = 0; count < 100; count++) await fail(count % 2 === 0 ? "198.51.100.7" : "::ffff:198.51.100.7", `d-${count}`);
  assert.equal((await fail("198.51.100.7", "e")).status, 429);
});

test("C14: no token call waits for a slow hash: as many as come at once are answered", async () => {
  const { ask } = await ready();
  const answers = await Promise.all(Array.from({ length: 300 }, () => ask()));
  assert.deepEqual(new Set(answers.map(({ status }) => status)), new Set([200]));
});

test("C14: secrets of 256 bits are stored as a SHA-256 of their own kind, two of them live, and shown once", async () => {
  const { server, store, id, secret, ask } = await ready();
  assert.match(secret, /^[A-Za-z0-9]{43}$/);
  const second = (await server.clients.rotateSecret(id))?.client_secret ?? "";
  const stored = JSON.stringify(await store.read("oauth.authority", [`client:${id}`]));
  assert.equal(stored.includes(secret) || stored.includes(second), false);
  const hashes = (await server.clients.find(id))?.secrets.map(({ hash }) => hash) ?? [];
  assert.equal(hashes.length, 2);
  for (const hash of hashes) assert.match(hash, /^sha256\$[\w-]{43}$/);
  for (const client_secret of [secret, second]) assert.equal((await ask({ client_secret })).status, 200);
  await server.clients.rotateSecret(id);
  assert.deepEqual(errorOf(await ask()), [401, "invalid_client"]);
  assert.equal((await ask({ client_secret: second })).status, 200);
});

test("B7, J15: a token of ours is refused when any claim is missing, of another kind, or contradicts another", async () => {
  const { ask, whoIs, id } = await ready();
  const [, payload = ""] = String((await ask()).json["access_token"]).split(".");
  const claims = JSON.parse(Buffer.from(payload, "base64url").toString());
  const forge = (change: object) => whoIs(signToken(toJsonObject({ ...claims, ...change }), SIGNING_KEY));
  assert.notEqual(typeof (await forge({})), "string");
  const changes: readonly object[] = [
    ...["jti", "client_id", "sub", "scope", "sub_kind", "client_epoch", "exp", "iat", "aud", "iss"].flatMap((name) => [undefined, "", 7.5, {}, ["x"], null, true, "__proto__"].filter((value) => !(name === "scope" && typeof value === "string") && !(name === "iat" && value === 7.5)).map((value) => ({ [name]: value }))),
    { sub_kind: "user" },
    { sub: `user:${id}` },
    { sub: `user:${id}`, sub_kind: "user" },
    { sub: id },
    { sub: `client:${id}x` },
    { client_id: "other", sub: "client:other" },
    { client_id: "other" },
    { client_epoch: 2 },
    { grant_id: "x" },
    { aud: "https://other.example" },
    { iss: "https://other.example" },
  ];
  for (const change of changes) assert.equal(await forge(change), "invalid_token", JSON.stringify(change));
});

test("B7: what is no access token at all is refused", async () => {
  const { whoIs, ask, secret, id } = await ready();
  const { access_token } = (await ask()).json;
  for (const token of ["", "x", "null", "undefined", secret, id, `${String(access_token)} `, String(access_token).slice(0, -1), String(access_token).toLowerCase()]) {
    assert.equal(await whoIs(token), "invalid_token");
  }
});

test("B7, J24: a remembered token ends when its time is up", async () => {
  const { ask, whoIs, clock } = await ready();
  const { access_token } = (await ask()).json;
  assert.notEqual(typeof (await whoIs(access_token)), "string");
  clock.now += 3_604_999;
  assert.notEqual(typeof (await whoIs(access_token)), "string");
  clock.now += 1;
  assert.equal(await whoIs(access_token), "invalid_token");
  assert.equal(await whoIs(access_token), "invalid_token");
});

test("J24: the memory of tokens is bounded and never mixes two tokens up", async () => {
  const { ask, whoIs, server } = await ready({ maxCachedTokens: 4 });
  const clients = await Promise.all(["a", "b", "c", "d", "e", "f", "g"].map((name) => server.clients.create({ name })));
  const tokens = await Promise.all(clients.map(async (client) => (await ask({ ...client })).json["access_token"]));
  for (let round = 0; round < 3; round++) {
    for (const [index, token] of tokens.entries()) {
      const identity = await whoIs(token);
      assert.ok(typeof identity !== "string");
      assert.equal(identity.id, clients[index]?.client_id);
    }
  }
});

test("J24: of many tokens only so many are remembered, those that are used longest", () => {
  const cache = createTokenCache<number>(10);
  for (let count = 0; count < 1000; count++) {
    cache.set(`token-${count}`, count);
    cache.get("token-0");
  }
  const remembered = Array.from({ length: 1000 }, (_, count) => cache.get(`token-${count}`)).filter((entry) => entry !== undefined);
  assert.ok(remembered.length <= 10, `${remembered.length} are remembered`);
  assert.equal(remembered[0], 0);
});

test("B10: a permission that is taken away or given counts at the next call, with the token that is out", async () => {
  const { ask, whoIs, server, id } = await ready();
  const { access_token } = (await ask()).json;
  const before = await whoIs(access_token);
  assert.equal(await whoIs(access_token), before, "the same object while nothing changed");
  await server.clients.update(id, { permissions: ["view_reports", "restock"] });
  const after = await whoIs(access_token);
  assert.ok(typeof after !== "string");
  assert.deepEqual(after.permissions, ["restock", "view_reports"]);
});

test("B11: a token whose jti is on the deny list is refused, remembered or not", async () => {
  const { ask, whoIs, store, clock } = await ready();
  const { access_token } = (await ask()).json;
  assert.notEqual(typeof (await whoIs(access_token)), "string");
  const { jti } = JSON.parse(Buffer.from(String(access_token).split(".")[1] ?? "", "base64url").toString());
  await store.commit([{ kind: "put", collection: "oauth.authority", id: `revoked:${jti}`, basedOn: 0, value: {}, expiresAt: clock.now + 3_700_000 }]);
  assert.equal(await whoIs(access_token), "invalid_token");
  assert.equal(await whoIs(access_token), "invalid_token");
});

test("A synchronous store is answered at once, without a promise, a second time without a new object", async () => {
  const { ask, server } = await ready();
  const token = String((await ask()).json["access_token"]);
  const first = server.authenticate(token);
  assert.equal("then" in first, false);
  assert.equal(server.authenticate(token), first);
});

test("Unknown paths below /oauth/ and /.well-known/ are 404 in the OAuth form", async () => {
  const { send } = await ready();
  for (const path of ["/oauth/", "/oauth/unknown", "/.well-known/", "/.well-known/openid-configuration", "/oauth/token/", "/oauth/%74oken"]) {
    const answer = await send(path);
    assert.deepEqual([answer.status, answer.json], [404, { error: "not_found", error_description: "There is nothing here." }], path);
  }
});

test("H7: a duplicated header is refused in the OAuth form", async () => {
  const { send } = await ready();
  const answer = await send("/oauth/token", { method: "POST", rawHeaders: ["Authorization", "Basic YTpi", "authorization", "Basic YTpi"] });
  assert.deepEqual([answer.status, answer.json], [400, { error: "invalid_request", error_description: "The Authorization header was sent more than once; send it once." }]);
});

test("Wrong options are refused at start-up by name", () => {
  const wrong: readonly (readonly [Parameters<typeof createFixture>[0], RegExp])[] = [
    [{ issuer: "http://auth.example" }, /^issuer: /],
    [{ issuer: "https://auth.example/" }, /^issuer: /],
    [{ issuer: "https://auth.example?x" }, /^issuer: /],
    [{ issuer: "HTTPS://auth.example" }, /^issuer: /],
    [{ issuer: "auth" }, /^issuer: /],
    [{ resource: "/api" }, /^resource: /],
    [{ resource: "https://a.example/#x" }, /^resource: /],
    [{ accessTokenSeconds: 0 }, /^accessTokenSeconds: /],
    [{ passwordCost: { N: 1000, r: 8, p: 1 } }, /^passwordCost: N must be a power of two/],
    [{ passwordCost: { N: 2 ** 20, r: 8, p: 1 } }, /^passwordCost: /],
    [{ refreshIdleSeconds: 1 }, /^refreshIdleSeconds: /],
    [{ refreshFamilySeconds: 1 }, /^refreshFamilySeconds: /],
    [{ sessionSeconds: 0.5 }, /^sessionSeconds: /],
    [{ accessTokenSeconds: Number.NaN }, /^accessTokenSeconds: /],
    [{ maxCachedTokens: 1 }, /^maxCachedTokens: /],
  ];
  for (const [options, message] of wrong) assert.throws(() => createFixture(options), { name: "TypeError", message });
  assert.doesNotThrow(() => createFixture({ issuer: "http://127.0.0.1:3000" }));
});

test("Wrong registrations are refused with the remedy", async () => {
  const { server } = createFixture();
  for (const registration of [{ name: "" }, { name: "a\u0000b" }, { name: "\u202eevil" }, { name: "a\u2028b" }, { name: "x", grant_types: [] }, { name: "x", grant_types: ["password"] }, { name: "x", type: "public" as const }, { name: "x", permissions: ["a b"] }]) {
    await assert.rejects(server.clients.create(registration), { name: "TypeError", message: /^client: / });
  }
});
