import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import test from "node:test";
import { createSigningKey } from "../../../src/adapters/jwt/index.ts";
import { signToken } from "../../../src/adapters/jwt/signing-key.ts";
import type { SigningKey } from "../../../src/adapters/jwt/index.ts";
import { createExternalAuthenticate } from "../../../src/adapters/oauth/index.ts";
import type { ExternalClaims, ExternalIdentity, ExternalIssuer } from "../../../src/adapters/oauth/index.ts";
import type { JsonObject } from "../../../src/domain/json.ts";
import type { Authentication, Observation } from "../../../src/domain/ports.ts";
import { ISSUER, RESOURCE, SIGNING_KEY, createFixture } from "./fixture.ts";

const IDP = "https://idp.example";
const JWKS_URI = "https://idp.example/keys";
const INTROSPECT = "https://asked.example/introspect";
const KEY = createSigningKey("RS256");
const ROLES = { "view": ["view_reports"], "all": ["*"] };

/** The rule that the tests' provider has: an explicit claim says the kind. */
function identityOf(claims: ExternalClaims): ExternalIdentity | undefined {
  const { kind, sub, role } = claims;
  if ((kind !== "client" && kind !== "user") || typeof sub !== "string") return undefined;
  return { kind, id: sub, permissions: role === "all" ? ROLES.all : ROLES.view };
}

const JWKS_ISSUER: ExternalIssuer = { issuer: IDP, audience: RESOURCE, jwksUri: JWKS_URI, algorithms: ["RS256", "EdDSA"], identity: identityOf };
const ASKED_ISSUER: ExternalIssuer = { issuer: "https://asked.example", audience: RESOURCE, introspection: { url: INTROSPECT, client_id: "api id", client_secret: "s:+" }, opaque: true, identity: identityOf };

/** A provider on the other side of a fetch that the test plays. */
function createProvider(issuers: readonly ExternalIssuer[] = [JWKS_ISSUER, ASKED_ISSUER]) {
  const clock = { now: Date.parse("2026-11-23T12:00:00Z") };
  const calls: { readonly url: string; readonly init: RequestInit | undefined }[] = [];
  const observed: Observation[] = [];
  const provider: { answer: (url: string) => Response | Promise<Response> } = { answer: () => Response.json({ keys: [KEY.publicJwk] }) };
  const authenticate = createExternalAuthenticate({
    issuers,
    clock: () => clock.now,
    observe: (observation) => observed.push(observation),
    fetch: async (input, init) => {
      calls.push({ url: String(input), init });
      return provider.answer(String(input));
    },
  });
  const claims = (change: JsonObject = {}): JsonObject => ({ iss: IDP, aud: RESOURCE, sub: "u-1", kind: "user", iat: clock.now / 1000, exp: clock.now / 1000 + 600, ...change });
  return {
    clock, calls, observed, provider, claims,
    ask: async (token: string): Promise<string> => summarize(await authenticate(token)),
    sign: (change: JsonObject = {}, key: SigningKey = KEY) => signToken(claims(change), key),
  };
}

function summarize(answer: Authentication): string {
  return answer.authenticated ? [answer.identity.issuer, answer.identity.kind, answer.identity.id, ...answer.identity.permissions].join(" ") : answer.reason;
}

const NANCY = `${IDP} user u-1 view_reports`;

test("B16, J26: a token is the matter of the issuer it names, and its identity carries that issuer", async () => {
  const { ask, sign, calls } = createProvider();
  assert.equal(await ask(sign()), NANCY);
  assert.equal(await ask(sign({ kind: "client", role: "all" })), `${IDP} client u-1 *`);
  assert.equal(await ask(sign({ iss: `${IDP}/` })), "invalid_token");
  assert.equal(await ask(sign({ iss: "https://other.example" })), "invalid_token");
  assert.equal(await ask(sign({ iss: "https://asked.example", sub: "u-1" })), "invalid_token", "asked, and what comes back is not active");
  assert.deepEqual(calls.map(({ url }) => url), [JWKS_URI, INTROSPECT]);
});

test("B15: a kind that the rule cannot decide is nobody, and a rule that throws is noted", async () => {
  const { ask, sign } = createProvider();
  for (const kind of ["", "admin", null]) assert.equal(await ask(sign({ kind })), "invalid_token");
  const broken = createProvider([{ ...JWKS_ISSUER, identity: () => { throw new Error("no such claim"); } }]);
  assert.equal(await broken.ask(broken.sign()), "invalid_token");
  assert.equal(broken.observed.some(({ event }) => event === "oauth.identity_rule_failed"), true);
  const empty = createProvider([{ ...JWKS_ISSUER, identity: () => ({ kind: "user", id: "", permissions: [] }) }]);
  assert.equal(await empty.ask(empty.sign()), "invalid_token");
});

test("J11 to J14 hold for other issuers too: type, time, audience and algorithm", async () => {
  const { ask, sign, claims, clock } = createProvider();
  const now = clock.now / 1000;
  for (const change of [{ aud: "https://other.example" }, { aud: [] }, { exp: now - 31 }, { exp: "x" }, { iat: now + 60 }, { nbf: now + 60 }, { sub: "" }]) assert.equal(await ask(sign(change)), "invalid_token", JSON.stringify(change));
  assert.equal(await ask(signToken(claims(), KEY, "JWT")), "invalid_token");
  const asJwt = createProvider([{ ...JWKS_ISSUER, type: "JWT" }]);
  assert.equal(await asJwt.ask(signToken(asJwt.claims(), KEY, "JWT")), NANCY);
  const edOnly = createProvider([{ ...JWKS_ISSUER, algorithms: ["EdDSA"] }]);
  assert.equal(await edOnly.ask(edOnly.sign()), "invalid_token");
  assert.equal(edOnly.calls.length, 0);
});

test("J5: what a token's header points to is never fetched", async () => {
  const { ask, calls, claims } = createProvider();
  for (const name of ["jku", "x5u"]) {
    const header = Buffer.from(JSON.stringify({ typ: "at+jwt", alg: "RS256", kid: KEY.kid, [name]: "https://evil.example/keys" })).toString("base64url");
    const signed = `${header}.${Buffer.from(JSON.stringify(claims())).toString("base64url")}`;
    assert.equal(await ask(`${signed}.${KEY.algorithm.sign(Buffer.from(signed), KEY.privateKey).toString("base64url")}`), "invalid_token");
  }
  assert.equal(calls.length, 0);
});

test("J7: a flood of unknown keys is one fetch, and then none before the cooldown is over", async () => {
  const { ask, sign, calls, clock } = createProvider();
  const strangers = Array.from({ length: 50 }, () => createSigningKey());
  await Promise.all(strangers.map((key) => ask(sign({}, key))));
  assert.equal(calls.length, 1);
  for (const key of strangers) assert.equal(await ask(sign({}, key)), "invalid_token");
  assert.equal(calls.length, 1);
  clock.now += 30_000;
  await Promise.all(strangers.map((key) => ask(sign({}, key))));
  assert.equal(calls.length, 2);
  assert.equal(await ask(sign()), NANCY);
  assert.equal(calls.length, 2);
});

test("J8: a new key counts after the cooldown at the latest, a removed one no more after the key set's age", async () => {
  const { ask, sign, provider, clock } = createProvider();
  const next = createSigningKey();
  assert.equal(await ask(sign()), NANCY);
  provider.answer = () => Response.json({ keys: [next.publicJwk] });
  assert.equal(await ask(sign({}, next)), "invalid_token");
  clock.now += 30_000;
  assert.equal(await ask(sign({}, next)), NANCY);
  assert.equal(await ask(sign({ jti: "fresh" })), "invalid_token");
});

test("J8: a removed key is refused once the key set has aged, and old keys are not kept while the issuer is down", async () => {
  const { ask, sign, provider, clock } = createProvider();
  assert.equal(await ask(sign({ exp: clock.now / 1000 + 7200 })), NANCY);
  const token = sign({ exp: clock.now / 1000 + 7200 });
  clock.now += 600_000;
  provider.answer = () => Promise.reject(new Error("ECONNREFUSED"));
  assert.equal(await ask(token), "unavailable");
  provider.answer = () => Response.json({ keys: [createSigningKey().publicJwk] });
  clock.now += 30_000;
  assert.equal(await ask(token), "invalid_token");
});

test("J9: a bad key in the set is left out, and the others keep serving", async () => {
  const { ask, sign, provider } = createProvider();
  const ed = createSigningKey();
  const weak = generateKeyPairSync("rsa", { modulusLength: 512 }).publicKey.export({ format: "jwk" });
  provider.answer = () => Response.json({ keys: [null, "x", { kty: "oct", k: "AA" }, { ...weak, kid: "weak" }, KEY.privateKey.export({ format: "jwk" }), { ...ed.publicJwk, kid: "twice" }, { ...createSigningKey().publicJwk, kid: "twice" }, KEY.publicJwk] });
  assert.equal(await ask(sign()), NANCY);
  assert.equal(await ask(sign({}, ed)), "invalid_token");
});

test("B14: an issuer that is down, slow, redirecting or talking nonsense is 503, never 401 and never entry", async () => {
  const answers: readonly (() => Response | Promise<Response>)[] = [
    () => Promise.reject(new Error("ECONNREFUSED")),
    () => new Response("<html>", { status: 200 }),
    () => new Response("", { status: 500 }),
    () => Response.json([], { status: 200 }),
    () => Response.json({}),
    () => Response.json({ keys: [] }),
    () => Response.json({ keys: "x" }),
    () => Response.json({ keys: [KEY.publicJwk] }, { status: 404 }),
    () => new Response(`{"keys":[],"keys":${JSON.stringify([KEY.publicJwk])}}`),
    () => Response.json({ keys: [KEY.publicJwk], filler: "x".repeat(300_000) }),
  ];
  for (const answer of answers) {
    const { ask, sign, provider, calls, observed } = createProvider();
    provider.answer = answer;
    assert.equal(await ask(sign()), "unavailable");
    assert.equal(await ask(sign()), "unavailable");
    assert.equal(calls.length, 1, "not asked again before the cooldown is over");
    assert.deepEqual([calls[0]?.init?.redirect, calls[0]?.init?.signal instanceof AbortSignal], ["error", true]);
    assert.equal(observed[0]?.event, "oauth.issuer_unavailable");
    assert.equal(await ask("garbage.of.three"), "invalid_token");
  }
});

test("B15: an introspection answer counts only when it is active, for us, in its time and from the issuer", async () => {
  const { ask, provider, calls, clock } = createProvider();
  const now = clock.now / 1000;
  const good = { active: true, aud: RESOURCE, exp: now + 600, sub: "u-1", kind: "user" };
  let count = 0;
  const outcome = async (answer: object) => {
    provider.answer = () => Response.json(answer);
    return ask(`opaque-${count++}`);
  };
  assert.equal(await outcome(good), "https://asked.example user u-1 view_reports");
  assert.equal(await outcome({ ...good, iss: "https://asked.example", aud: ["x", RESOURCE] }), "https://asked.example user u-1 view_reports");
  for (const change of [{ active: "true" }, { active: 1 }, { active: false }, { active: undefined }, { exp: undefined }, { exp: String(now + 600) }, { exp: now }, { aud: undefined }, { aud: "x" }, { aud: [] }, { iss: IDP }, { kind: undefined }]) {
    assert.equal(await outcome({ ...good, ...change }), "invalid_token", JSON.stringify(change));
  }
  const [first] = calls;
  assert.deepEqual([first?.init?.method, first?.init?.body], ["POST", "token=opaque-0&token_type_hint=access_token"]);
  const headers = new Headers(first?.init?.headers);
  assert.equal(headers.get("authorization"), `Basic ${Buffer.from("api%20id:s%3A%2B").toString("base64")}`);
});

test("B15: an introspection is remembered for a minute at most, a refusal for ten seconds, and shared while under way", async () => {
  const { ask, provider, calls, clock } = createProvider();
  const now = clock.now / 1000;
  provider.answer = () => Response.json({ active: true, aud: RESOURCE, exp: now + 90, sub: "u-1", kind: "user" });
  await Promise.all(Array.from({ length: 20 }, () => ask("opaque")));
  assert.equal(calls.length, 1);
  clock.now += 59_999;
  await ask("opaque");
  assert.equal(calls.length, 1);
  clock.now += 1;
  await ask("opaque");
  assert.equal(calls.length, 2);
  clock.now += 30_000;
  assert.equal(await ask("opaque"), "invalid_token", "its time is up, whatever was remembered");
  const asked = calls.length;
  await ask("opaque");
  assert.equal(calls.length, asked);
  clock.now += 10_000;
  await ask("opaque");
  assert.equal(calls.length, asked + 1);
});

test("B14: while too many introspections are under way the rest is 503", async () => {
  const { ask, provider, calls } = createProvider();
  const gate: { open: () => void } = { open: () => {} };
  const opened = new Promise<void>((resolve) => {
    gate.open = resolve;
  });
  provider.answer = () => opened.then(() => Response.json({ active: false }));
  const asking = Array.from({ length: 120 }, (_, count) => ask(`opaque-${count}`));
  gate.open();
  const outcomes = await Promise.all(asking);
  assert.deepEqual([calls.length, outcomes.filter((outcome) => outcome === "unavailable").length], [100, 20]);
});

test("J27: own tokens count only where there is a server of ours, foreign ones only where their issuer is configured", async () => {
  const fetch = async () => Response.json({ keys: [KEY.publicJwk] });
  const both = createFixture({ issuers: [JWKS_ISSUER], fetch });
  const { client_id, client_secret = "" } = await both.server.clients.create({ name: "Own", permissions: ["x"] });
  const own = String((await both.post("/oauth/token", { grant_type: "client_credentials", client_id, client_secret })).json["access_token"]);
  const { ask, sign } = createProvider();
  const foreign = sign();
  for (let count = 0; count < 2; count++) {
    assert.equal(summarize(await both.server.authenticate(own)), `local client ${client_id} x`);
    assert.equal(summarize(await both.server.authenticate(foreign)), NANCY);
  }
  assert.equal(await ask(own), "invalid_token");
  assert.equal(await createFixture().whoIs(foreign), "invalid_token");
  assert.equal(summarize(await both.server.authenticate(sign({ iss: ISSUER }))), "invalid_token");
  assert.equal(summarize(await both.server.authenticate(signToken({ ...JSON.parse(Buffer.from(own.split(".")[1] ?? "", "base64url").toString()), iss: IDP }, SIGNING_KEY))), "invalid_token");
});

test("H33, B14: over real HTTP the key set is fetched as it is, and a redirect is not followed", async (context) => {
  const visited: string[] = [];
  const server = createServer((request, response) => {
    visited.push(request.url ?? "");
    if (request.url === "/moved") response.writeHead(302, { location: "/keys" }).end();
    else response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify({ keys: [KEY.publicJwk] }));
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  context.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  assert.ok(address !== null && typeof address !== "string");
  const { sign, clock } = createProvider();
  const ask = async (path: string) => {
    const jwksUri = `http://127.0.0.1:${address.port}${path}`;
    return summarize(await createExternalAuthenticate({ issuers: [{ ...JWKS_ISSUER, jwksUri }], clock: () => clock.now })(sign()));
  };
  assert.equal(await ask("/keys"), NANCY);
  assert.equal(await ask("/moved"), "unavailable");
  assert.deepEqual(visited, ["/keys", "/moved"]);
});

test("Wrong issuers are refused at start-up by name", () => {
  const wrong: readonly (readonly [readonly ExternalIssuer[], RegExp])[] = [
    [[], /^issuers: name at least one/],
    [[{ ...JWKS_ISSUER, issuer: "http://idp.example" }], /^issuers\[0\]\.issuer must be/],
    [[JWKS_ISSUER, JWKS_ISSUER], /^issuers\[1\]\.issuer is there twice/],
    [[{ ...JWKS_ISSUER, jwksUri: "http://idp.example/keys" }], /^issuers\[0\]\.jwksUri/],
    [[{ ...JWKS_ISSUER, algorithms: ["HS256"] }], /^issuers\[0\]\.algorithms/],
    [[{ ...JWKS_ISSUER, algorithms: [] }], /^issuers\[0\]\.algorithms/],
    [[{ ...JWKS_ISSUER, audience: "" }], /^issuers\[0\]\.audience/],
    [[{ ...ASKED_ISSUER, introspection: { url: "x", client_id: "", client_secret: "" } }], /^issuers\[0\]\.introspection\.url/],
    [[ASKED_ISSUER, { ...ASKED_ISSUER, issuer: IDP }], /^issuers: one issuer at most may be opaque/],
  ];
  for (const [issuers, message] of wrong) assert.throws(() => createExternalAuthenticate({ issuers, clock: () => 0 }), { name: "TypeError", message });
  assert.throws(() => createFixture({ issuers: [{ ...JWKS_ISSUER, issuer: ISSUER }] }), { name: "TypeError", message: /is this server itself/ });
});
