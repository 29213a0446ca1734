import { fastify } from "fastify";
import { runLoop } from "../loop.ts";
import { createMapShop } from "../../job/map-shop.ts";
import type { Started } from "../../http/started.ts";
import { createTokenCheck, issueTokens } from "../../http/tokens.ts";
import { PERMISSION } from "../../job/order.ts";

/** The same loop behind Fastify. */
export async function startFastify(): Promise<Started> {
  const { publicKey, ...issued } = issueTokens();
  const check = createTokenCheck(publicKey);
  const shop = createMapShop();
  const app = fastify();
  app.post("/api/v1/actions/orders/:action/bulk", async (request, reply) => {
    if (check(request.headers.authorization)?.can(PERMISSION) !== true) return reply.code(403).send({ success: false, message: "You may not do this." });
    return (await runLoop(shop, request.body)) ?? reply.code(422).send({ success: false, message: "The call is not valid." });
  });
  const url = await app.listen({ port: 0, host: "127.0.0.1" });
  return { ...issued, port: Number(new URL(url).port) };
}
