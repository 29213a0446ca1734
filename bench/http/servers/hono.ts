import { serve } from "@hono/node-server";
import { zValidator } from "@hono/zod-validator";
import { Hono } from "hono";
import type { MiddlewareHandler } from "hono";
import { createMiddleware } from "hono/factory";
import { jwt } from "hono/jwt";
import { createMapShop } from "../../job/map-shop.ts";
import { ACTION_NAMES, PERMISSION } from "../../job/order.ts";
import { zodAmendment } from "../../job/zod.ts";
import type { Started } from "../started.ts";
import { AUDIENCE, createTokenCheck, ISSUER, issueTokens, toCaller } from "../tokens.ts";
import type { IssuedTokens } from "../tokens.ts";

export function startWithMapCache(): Promise<Started> {
  return start(async ({ publicKey }) => {
    const check = createTokenCheck(publicKey);
    return [
      createMiddleware(async (context, next) => {
        const caller = check(context.req.header("authorization"));
        if (caller === null) return context.json({ success: false, message: "Unauthenticated." }, 401);
        if (!caller.can(PERMISSION)) return context.json({ success: false, message: "You may not do this." }, 403);
        return next();
      }),
    ];
  });
}

/** As Hono's documentation says; the key is imported once. */
export function startWithoutCache(): Promise<Started> {
  return start(async ({ publicKey }) => {
    const jwk = publicKey.export({ format: "jwk" });
    const secret = await crypto.subtle.importKey("jwk", jwk, { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" }, false, ["verify"]);
    return [jwt({ secret, alg: "RS256", verification: { iss: ISSUER, aud: AUDIENCE } }), requirePermission];
  });
}

const requirePermission = createMiddleware<{ Variables: { jwtPayload: { readonly scope?: unknown } } }>(async (context, next) => {
  const caller = toCaller(String(context.get("jwtPayload").scope));
  return caller.can(PERMISSION) ? next() : context.json({ success: false, message: "You may not do this." }, 403);
});

async function start(createGuards: (issued: IssuedTokens) => Promise<readonly MiddlewareHandler[]>): Promise<Started> {
  const issued = issueTokens();
  const app = new Hono();
  const shop = createMapShop();
  for (const guard of await createGuards(issued)) app.use("/api/*", guard);
  for (const action of ACTION_NAMES) {
    app.post(`/api/v1/actions/orders/${action}/execute/:id`, zValidator("json", zodAmendment), async (context) => {
      const answer = await shop.amend(context.req.param("id"), context.req.valid("json"));
      return answer === null ? context.json({ success: false, message: "There is no such subject." }, 404) : context.json(answer);
    });
  }
  const port = await new Promise<number>((resolve) => serve({ fetch: app.fetch, port: 0, hostname: "127.0.0.1" }, (address) => resolve(address.port)));
  return { port, tokens: issued.tokens, powerless: issued.powerless };
}
