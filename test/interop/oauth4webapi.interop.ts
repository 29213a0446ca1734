import assert from "node:assert/strict";
import test from "node:test";
import * as oauth from "oauth4webapi";
import { goThroughPages, startLiveServer } from "./server.ts";

const live = await startLiveServer();
const insecure = { [oauth.allowInsecureRequests]: true };
const issuer = new URL(live.issuer);
const server = await oauth.processDiscoveryResponse(issuer, await oauth.discoveryRequest(issuer, { algorithm: "oauth2", ...insecure }));
const web: oauth.Client = { client_id: live.web.client_id };
const asWeb = oauth.ClientSecretBasic(live.web.client_secret);

async function authorize(client: oauth.Client, change: Readonly<Record<string, string>> = {}) {
  const verifier = oauth.generateRandomCodeVerifier();
  const state = oauth.generateRandomState();
  const url = new URL(server.authorization_endpoint ?? "");
  const parameters = { client_id: client.client_id, redirect_uri: live.redirectUri, response_type: "code", state, code_challenge: await oauth.calculatePKCECodeChallenge(verifier), code_challenge_method: "S256", ...change };
  url.search = new URLSearchParams(parameters).toString();
  return { url, verifier, state };
}

async function obtainTokens(client: oauth.Client, auth: oauth.ClientAuth, change: Readonly<Record<string, string>> = {}) {
  const { url, verifier, state } = await authorize(client, change);
  const callback = oauth.validateAuthResponse(server, client, await goThroughPages(url), state);
  const response = await oauth.authorizationCodeGrantRequest(server, client, auth, callback, live.redirectUri, verifier, insecure);
  return { tokens: await oauth.processAuthorizationCodeResponse(server, client, response), callback, verifier };
}

const hasError = (error: string) => (thrown: unknown) => thrown instanceof oauth.ResponseBodyError && thrown.error === error;

test("oauth4webapi: discovers the server and its protected resource", async () => {
  assert.deepEqual([server.issuer, server.code_challenge_methods_supported, server.authorization_response_iss_parameter_supported], [live.issuer, ["S256"], true]);
  const resource = new URL(live.resource);
  const metadata = await oauth.processResourceDiscoveryResponse(resource, await oauth.resourceDiscoveryRequest(resource, insecure));
  assert.deepEqual(metadata.authorization_servers, [live.issuer]);
});

test("oauth4webapi: client_credentials by Basic and by post, and the error for a wrong secret and scope", async () => {
  for (const auth of [asWeb, oauth.ClientSecretPost(live.web.client_secret)]) {
    const answer = await oauth.processClientCredentialsResponse(server, web, await oauth.clientCredentialsGrantRequest(server, web, auth, { scope: "view_reports" }, insecure));
    assert.deepEqual([answer.token_type, answer.scope, answer.expires_in], ["bearer", "view_reports", 3600]);
  }
  const badScope = await oauth.clientCredentialsGrantRequest(server, web, asWeb, { scope: "other" }, insecure);
  await assert.rejects(oauth.processClientCredentialsResponse(server, web, badScope), hasError("invalid_scope"));
  const badSecret = await oauth.clientCredentialsGrantRequest(server, web, oauth.ClientSecretBasic("wrong"), {}, insecure);
  await assert.rejects(oauth.processClientCredentialsResponse(server, web, badSecret), (thrown) => thrown instanceof oauth.WWWAuthenticateChallengeError && thrown.cause[0]?.scheme === "basic");
});

test("oauth4webapi: authorization_code with PKCE for a public and a confidential client, then refresh with rotation", async () => {
  for (const [client, auth] of [[{ client_id: live.portal }, oauth.None()], [web, asWeb]] as const) {
    const { tokens } = await obtainTokens(client, auth, { scope: "manage_orders", resource: live.resource });
    assert.equal(await live.isTaken(tokens.access_token), true);
    const refresh = async (token: string) => oauth.processRefreshTokenResponse(server, client, await oauth.refreshTokenGrantRequest(server, client, auth, token, insecure));
    const fresh = await refresh(tokens.refresh_token ?? "");
    assert.notEqual(fresh.refresh_token, tokens.refresh_token);
    await assert.rejects(refresh(tokens.refresh_token ?? ""), hasError("invalid_grant"));
    assert.equal(await live.isTaken(fresh.access_token), false);
  }
});

test("oauth4webapi: its own JWT access token validation takes our tokens", async () => {
  const { tokens } = await obtainTokens(web, asWeb);
  const request = new Request(live.resource, { headers: { authorization: `Bearer ${tokens.access_token}` } });
  const claims = await oauth.validateJwtAccessToken(server, request, live.resource, insecure);
  assert.deepEqual([claims.client_id, claims["sub_kind"]], [live.web.client_id, "user"]);
});

test("oauth4webapi: denial, a wrong state, a wrong verifier and a replayed code are told apart", async () => {
  const portal: oauth.Client = { client_id: live.portal };
  const denied = await authorize(portal);
  const back = await goThroughPages(denied.url, "deny");
  assert.throws(() => oauth.validateAuthResponse(server, portal, back, denied.state), (thrown) => thrown instanceof oauth.AuthorizationResponseError && thrown.error === "access_denied");
  assert.throws(() => oauth.validateAuthResponse(server, portal, back, "other"), /state/);
  const noPkce = await authorize(portal, { code_challenge_method: "plain" });
  const refused = await goThroughPages(noPkce.url);
  assert.throws(() => oauth.validateAuthResponse(server, portal, refused, noPkce.state), (thrown) => thrown instanceof oauth.AuthorizationResponseError && thrown.error === "invalid_request");
  const { callback, verifier, tokens } = await obtainTokens(portal, oauth.None());
  const redeem = async (codeVerifier: string) => oauth.processAuthorizationCodeResponse(server, portal, await oauth.authorizationCodeGrantRequest(server, portal, oauth.None(), callback, live.redirectUri, codeVerifier, insecure));
  await assert.rejects(redeem(oauth.generateRandomCodeVerifier()), hasError("invalid_grant"));
  assert.equal(await live.isTaken(tokens.access_token), true);
  await assert.rejects(redeem(verifier), hasError("invalid_grant"));
  assert.equal(await live.isTaken(tokens.access_token), false);
});

test("oauth4webapi: revocation and introspection", async () => {
  const api: oauth.Client = { client_id: live.api.client_id };
  const asApi = oauth.ClientSecretBasic(live.api.client_secret);
  const { tokens } = await obtainTokens(web, asWeb, { scope: "manage_orders" });
  const introspect = async () => oauth.processIntrospectionResponse(server, api, await oauth.introspectionRequest(server, api, asApi, tokens.access_token, insecure));
  const active = await introspect();
  assert.deepEqual([active.active, active.scope, active.client_id, active["sub_kind"]], [true, "manage_orders", live.web.client_id, "user"]);
  assert.equal(await oauth.processRevocationResponse(await oauth.revocationRequest(server, web, asWeb, tokens.refresh_token ?? "", insecure)), undefined);
  assert.deepEqual(await introspect(), { active: false });
  await assert.rejects(oauth.processIntrospectionResponse(server, api, await oauth.introspectionRequest(server, api, oauth.ClientSecretBasic("wrong"), "x", insecure)));
});
