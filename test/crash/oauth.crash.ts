import assert from "node:assert/strict";
import test from "node:test";
import { obtainCode } from "../adapters/oauth/browser.ts";
import { raceAcrossKill, redeem, refresh, seed } from "../adapters/oauth/killable.ts";

for (const answeredBeforeKill of [0, 1, 2, 5, 10, 20, 40, 60, 90]) {
  test(`K10: a kill after ${answeredBeforeKill} of a hundred answers leaves at most one token for one code, and one success for one refresh token`, { timeout: 60_000 }, async (context) => {
    const seeded = await seed(context);
    const { portal, server } = seeded;
    const { refresh_token } = (await redeem(server, portal, await obtainCode(server, portal))).json;
    const code = await obtainCode(server, portal);
    const outcome = await raceAcrossKill(seeded, server, answeredBeforeKill, [(at) => redeem(at, portal, code), (at) => refresh(at, portal, refresh_token)]);
    for (const total of outcome.totals) assert.ok(total <= 1, `${total} successes`);
    await outcome.server.kill();
  });
}
