import { createServer } from "node:http";
import type { IncomingHttpHeaders } from "node:http";
import { ORPCError, os } from "@orpc/server";
import { RPCHandler } from "@orpc/server/node";
import { z } from "zod";
import { createMapShop } from "../../job/map-shop.ts";
import { ACTION_NAMES, PERMISSION } from "../../job/order.ts";
import { zodAmendment } from "../../job/zod.ts";
import type { Started } from "../started.ts";
import { createTokenCheck, issueTokens } from "../tokens.ts";
import type { CheckToken } from "../tokens.ts";
import { listen } from "./listen.ts";

/** The node adapter with oRPC's own protocol; the ID is part of the input. */
export async function startOrpc(): Promise<Started> {
  const { publicKey, ...issued } = issueTokens();
  const handler = new RPCHandler(createRouter(createTokenCheck(publicKey)));
  const server = createServer(async (request, response) => {
    const { matched } = await handler.handle(request, response, { prefix: "/rpc", context: { headers: request.headers } });
    if (!matched) response.writeHead(404).end();
  });
  return { ...issued, port: await listen(server) };
}

function createRouter(check: CheckToken) {
  const shop = createMapShop();
  const guarded = os.$context<{ readonly headers: IncomingHttpHeaders }>().use(({ context, next }) => {
    const caller = check(context.headers.authorization);
    if (caller === null) throw new ORPCError("UNAUTHORIZED");
    if (!caller.can(PERMISSION)) throw new ORPCError("FORBIDDEN");
    return next();
  });
  const createAction = () =>
    guarded.input(z.strictObject({ id: z.string(), amendment: zodAmendment })).handler(async ({ input }) => {
      const answer = await shop.amend(input.id, input.amendment);
      if (answer === null) throw new ORPCError("NOT_FOUND");
      return answer;
    });
  return { orders: Object.fromEntries(ACTION_NAMES.map((action) => [action, createAction()])) };
}
