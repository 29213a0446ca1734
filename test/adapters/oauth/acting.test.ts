import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import test from "node:test";
import { createRest } from "../../../src/adapters/rest/index.ts";
import { createActions, createCatalog, defineAction } from "../../../src/domain/index.ts";
import { PASSWORD, REDIRECT_URI, VERIFIER, obtainCode } from "./browser.ts";
import { createFixture } from "./fixture.ts";

const sayName = defineAction({
  key: "people/say-name",
  label: "Say name",
  effect: "read",
  params: {},
  authorize: ({ identity }) => identity.can("manage_orders"),
  handle: ({ identity }) => `${identity.kind} ${identity.name}`,
});

const forUsers = defineAction({
  key: "people/sign",
  label: "Sign",
  effect: "read",
  params: {},
  authorize: ({ identity }) => identity.kind === "user",
  handle: ({ identity }) => identity.name,
});

/** The API in front of the same store, with a token of each kind. */
async function ready() {
  const fixture = createFixture();
  const clock = () => fixture.clock.now;
  const actions = createActions({ catalog: createCatalog({ subjects: [], actions: [sayName, forUsers] }), store: fixture.store, clock, newId: randomUUID });
  const { authenticate, resourceMetadataUrl, users, clients } = fixture.server;
  const rest = createRest({ actions, authenticate, resourceMetadataUrl, clock, newId: randomUUID });
  const { user_id: nancy } = await users.create({ name: "nancy", password: PASSWORD, permissions: ["manage_orders"] });
  const { client_id: portal } = await clients.create({ name: "Portal", type: "public", redirect_uris: [REDIRECT_URI] });
  const machine = await clients.create({ name: "Machine", permissions: ["manage_orders"] });
  const code = await obtainCode(fixture, portal);
  const userToken = (await fixture.post("/oauth/token", { grant_type: "authorization_code", client_id: portal, code, code_verifier: VERIFIER })).json["access_token"];
  const clientToken = (await fixture.post("/oauth/token", { grant_type: "client_credentials", client_id: machine.client_id, client_secret: machine.client_secret ?? "" })).json["access_token"];
  const call = async (key: string, token: unknown) => {
    const { status, body, headers } = await rest({ method: "POST", target: `/api/v1/actions/${key}/execute`, rawHeaders: ["Authorization", `Bearer ${String(token)}`], body: () => new Uint8Array() });
    return { status, body: String(body), challenge: headers["www-authenticate"] };
  };
  return { ...fixture, nancy, userToken, clientToken, call };
}

test("The same route takes both kinds of token and acts as whom each one names", async () => {
  const { call, userToken, clientToken } = await ready();
  assert.equal((await call("people/say-name", userToken)).body, '{"success":true,"message":"user nancy"}');
  assert.equal((await call("people/say-name", clientToken)).body, '{"success":true,"message":"client Machine"}');
});

test("B9: a client's token on an action for users is 403, and never becomes anybody", async () => {
  const { call, userToken, clientToken } = await ready();
  assert.equal((await call("people/sign", userToken)).status, 200);
  const { status, body } = await call("people/sign", clientToken);
  assert.deepEqual([status, JSON.parse(body).code], [403, "forbidden"]);
});

test("B10: a permission taken from nancy is gone at her next call, with the token she already has", async () => {
  const { call, userToken, server, nancy } = await ready();
  assert.equal((await call("people/say-name", userToken)).status, 200);
  await server.users.update(nancy, { permissions: [] });
  const { status, challenge } = await call("people/say-name", userToken);
  assert.equal(status, 403);
  assert.match(String(challenge), /error="insufficient_scope", scope="manage_orders"/);
});

test("B11: a user who is disabled is 401 at the next call, with the address of the metadata", async () => {
  const { call, userToken, server, nancy } = await ready();
  await server.users.disable(nancy);
  assert.deepEqual(await call("people/say-name", userToken), {
    status: 401,
    body: '{"success":false,"message":"Unauthenticated.","code":"unauthenticated"}',
    challenge: 'Bearer realm="actionport", resource_metadata="https://auth.example/.well-known/oauth-protected-resource/api/v1", error="invalid_token"',
  });
});
