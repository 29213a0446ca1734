import assert from "node:assert/strict";
import test from "node:test";
import * as client from "openid-client";
import { goThroughPages, startLiveServer } from "./server.ts";

const live = await startLiveServer({ alg: "RS256" });
const options: client.DiscoveryRequestOptions = { algorithm: "oauth2", execute: [client.allowInsecureRequests] };
const web = await client.discovery(new URL(live.issuer), live.web.client_id, live.web.client_secret, undefined, options);
const portal = await client.discovery(new URL(live.issuer), live.portal, undefined, client.None(), options);

async function signIn(config: client.Configuration, answer: "approve" | "deny" = "approve") {
  const pkceCodeVerifier = client.randomPKCECodeVerifier();
  const expectedState = client.randomState();
  const url = client.buildAuthorizationUrl(config, {
    redirect_uri: live.redirectUri, scope: "manage_orders", state: expectedState, resource: live.resource,
    code_challenge: await client.calculatePKCECodeChallenge(pkceCodeVerifier), code_challenge_method: "S256",
  });
  const callback = await goThroughPages(url, answer);
  return { callback, checks: { pkceCodeVerifier, expectedState } };
}

test("openid-client: client_credentials, and the error for a scope that is too wide", async () => {
  const tokens = await client.clientCredentialsGrant(web, { scope: "view_reports", resource: live.resource });
  assert.equal(await live.isTaken(tokens.access_token), true);
  await assert.rejects(client.clientCredentialsGrant(web, { scope: "other" }), { error: "invalid_scope" });
  await assert.rejects(client.clientCredentialsGrant(portal), { error: "unauthorized_client" });
});

test("openid-client: authorization_code, refresh, introspection and revocation", async () => {
  for (const config of [web, portal]) {
    const { callback, checks } = await signIn(config);
    const tokens = await client.authorizationCodeGrant(config, callback, checks);
    assert.equal(tokens.scope, "manage_orders");
    const fresh = await client.refreshTokenGrant(config, tokens.refresh_token ?? "");
    assert.equal(await live.isTaken(fresh.access_token), true);
    if (config === web) assert.equal((await client.tokenIntrospection(web, fresh.access_token)).active, true);
    await client.tokenRevocation(config, fresh.refresh_token ?? "");
    assert.equal(await live.isTaken(fresh.access_token), false);
    await assert.rejects(client.refreshTokenGrant(config, fresh.refresh_token ?? ""), { error: "invalid_grant" });
  }
});

test("openid-client: a denial and a replayed code are errors", async () => {
  const denied = await signIn(portal, "deny");
  await assert.rejects(client.authorizationCodeGrant(portal, denied.callback, denied.checks), { error: "access_denied" });
  const { callback, checks } = await signIn(portal);
  const tokens = await client.authorizationCodeGrant(portal, callback, checks);
  await assert.rejects(client.authorizationCodeGrant(portal, callback, checks), { error: "invalid_grant" });
  assert.equal(await live.isTaken(tokens.access_token), false);
});
