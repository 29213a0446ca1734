import assert from "node:assert/strict";
import test from "node:test";
import { obtainCode } from "./browser.ts";
import { raceAcrossKill, redeem, refresh, seed, start } from "./killable.ts";

test("K10, G9, G12, R3: of fifty uses of one code and of one refresh token, and as many after a kill, at most one each succeeds", { timeout: 60_000 }, async (context) => {
  const seeded = await seed(context);
  const { portal, server } = seeded;
  const { refresh_token } = (await redeem(server, portal, await obtainCode(server, portal))).json;
  const code = await obtainCode(server, portal);
  const outcome = await raceAcrossKill(seeded, server, 1, [(at) => redeem(at, portal, code), (at) => refresh(at, portal, refresh_token)]);
  for (const total of outcome.totals) assert.ok(total <= 1, `${total} successes`);
  await outcome.server.kill();
});

test("K10, V10: what was answered before a kill is so after it: tokens, a used code, a rotation, a revocation", { timeout: 60_000 }, async (context) => {
  const { directory, portal, api, server: first } = await seed(context);
  const code = await obtainCode(first, portal);
  const { refresh_token: one } = (await redeem(first, portal, code)).json;
  const revoked = (await redeem(first, portal, await obtainCode(first, portal))).json;
  assert.equal((await first.post("/oauth/revoke", { client_id: portal, token: String(revoked["refresh_token"]) })).status, 200);
  await first.kill();

  const second = await start(directory);
  assert.equal((await second.post("/oauth/introspect", { ...api, token: String(revoked["access_token"]) })).text, '{"active":false}');
  assert.equal((await refresh(second, portal, revoked["refresh_token"])).json["error"], "invalid_grant");
  const rotated = await refresh(second, portal, one);
  assert.equal(rotated.status, 200, "the token that was answered is known");
  await second.kill();

  const third = await start(directory);
  const isActive = async () => (await third.post("/oauth/introspect", { ...api, token: String(rotated.json["access_token"]) })).json["active"];
  assert.equal(await isActive(), true);
  assert.equal((await refresh(third, portal, one)).json["error"], "invalid_grant", "a rotated token is never good again");
  assert.equal(await isActive(), false, "and its reuse has ended the family");
  assert.equal((await redeem(third, portal, code)).json["error"], "invalid_grant");
  await third.kill();
});
