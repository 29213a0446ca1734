import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import test from "node:test";
import { AuthorizationCode, ClientCredentials } from "simple-oauth2";
import { goThroughPages, startLiveServer } from "./server.ts";

const live = await startLiveServer();
const client = { id: live.web.client_id, secret: live.web.client_secret };
const auth = { tokenHost: live.issuer };
const STYLES = [
  { bodyFormat: "form", authorizationMethod: "header" },
  { bodyFormat: "form", authorizationMethod: "body" },
  { bodyFormat: "json", authorizationMethod: "header" },
  { bodyFormat: "json", authorizationMethod: "body" },
] as const;

for (const options of STYLES) {
  test(`simple-oauth2: client_credentials with ${options.bodyFormat} bodies and credentials in the ${options.authorizationMethod}`, async () => {
    const { token } = await new ClientCredentials({ client, auth, options }).getToken({ scope: "view_reports" });
    assert.deepEqual([token["token_type"], token["scope"]], ["Bearer", "view_reports"]);
    const wrong = new ClientCredentials({ client: { ...client, secret: "wrong" }, auth, options });
    await assert.rejects(wrong.getToken({}), { message: /401/ });
  });

  test(`simple-oauth2: authorization_code, refresh and revoke with ${options.bodyFormat} bodies and credentials in the ${options.authorizationMethod}`, async () => {
    const flow = new AuthorizationCode({ client, auth, options });
    const code_verifier = randomBytes(32).toString("base64url");
    const code_challenge = createHash("sha256").update(code_verifier).digest("base64url");
    const url = flow.authorizeURL({ redirect_uri: live.redirectUri, scope: "manage_orders", state: "s", code_challenge, code_challenge_method: "S256" });
    const code = (await goThroughPages(url)).searchParams.get("code");
    const tokens = await flow.getToken({ code, redirect_uri: live.redirectUri, code_verifier });
    const fresh = await tokens.refresh();
    assert.equal(await live.isTaken(String(fresh.token["access_token"])), true);
    await fresh.revokeAll();
    assert.equal(await live.isTaken(String(fresh.token["access_token"])), false);
    await assert.rejects(fresh.refresh(), { message: /400/ });
  });
}
