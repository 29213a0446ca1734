import assert from "node:assert/strict";
import test from "node:test";
import type { Authentication } from "../../../src/domain/ports.ts";
import { PASSWORD, REDIRECT_URI, VERIFIER, obtainCode } from "./browser.ts";
import { createFixture, type Fixture } from "./fixture.ts";

/** Two authorization servers, as two processes have them, on one store; tokens of both kinds from the first. */
async function ready() {
  const first = createFixture();
  const second = createFixture({ store: first.store, clock: () => first.clock.now });
  const { users, clients } = first.server;
  const { user_id: nancy } = await users.create({ name: "nancy", password: PASSWORD, permissions: ["manage_orders"] });
  const { client_id: portal } = await clients.create({ name: "Portal", type: "public", redirect_uris: [REDIRECT_URI] });
  const machine = await clients.create({ name: "Machine", permissions: ["manage_orders"] });
  const credentials = { client_id: machine.client_id, client_secret: machine.client_secret ?? "" };
  const code = await obtainCode(first, portal);
  // The code goes to the other server: what a browser began with one may end with any.
  const userToken = tokenOf(await second.post("/oauth/token", { grant_type: "authorization_code", client_id: portal, code, code_verifier: VERIFIER }));
  const clientToken = tokenOf(await first.post("/oauth/token", { grant_type: "client_credentials", ...credentials }));
  return { first, second, nancy, machine, credentials, userToken, clientToken };
}

function tokenOf({ json }: Awaited<ReturnType<Fixture["post"]>>): string {
  return String(json["access_token"]);
}

async function may({ server }: Fixture, token: string): Promise<string> {
  const answer: Authentication = await server.authenticate(token);
  return answer.authenticated ? String(answer.identity.can("manage_orders")) : answer.reason;
}

test("What one server takes away counts at the next call in every other, which had the token in its cache: a permission, a user, a client, a token", async () => {
  const { first, second, nancy, machine, credentials, userToken, clientToken } = await ready();
  for (const token of [userToken, clientToken]) for (const server of [first, second]) assert.equal(await may(server, token), "true");
  await first.server.users.update(nancy, { permissions: [] });
  assert.equal(await may(second, userToken), "false");
  await second.server.users.update(nancy, { permissions: ["manage_orders"] });
  assert.equal(await may(first, userToken), "true");
  await first.server.users.disable(nancy);
  assert.equal(await may(second, userToken), "invalid_token");
  await first.post("/oauth/revoke", { token: clientToken, ...credentials });
  assert.equal(await may(second, clientToken), "invalid_token");
  const other = tokenOf(await second.post("/oauth/token", { grant_type: "client_credentials", ...credentials }));
  assert.deepEqual([await may(first, other), await may(second, other)], ["true", "true"]);
  await first.server.clients.disable(machine.client_id);
  assert.equal(await may(second, other), "invalid_token");
});
