import { initTRPC, TRPCError } from "@trpc/server";
import { createHTTPServer } from "@trpc/server/adapters/standalone";
import { z } from "zod";
import { createMapShop } from "../../job/map-shop.ts";
import { ACTION_NAMES, PERMISSION } from "../../job/order.ts";
import { zodAmendment } from "../../job/zod.ts";
import type { Started } from "../started.ts";
import { createTokenCheck, issueTokens } from "../tokens.ts";
import type { Caller } from "../tokens.ts";
import { listen } from "./listen.ts";

/** The standalone adapter; the ID is part of the input. */
export async function startTrpc(): Promise<Started> {
  const { publicKey, ...issued } = issueTokens();
  const check = createTokenCheck(publicKey);
  const router = createRouter();
  const server = createHTTPServer({ router, createContext: ({ req }) => ({ caller: check(req.headers.authorization) }) });
  return { ...issued, port: await listen(server) };
}

function createRouter() {
  const t = initTRPC.context<{ readonly caller: Caller | null }>().create();
  const shop = createMapShop();
  const guarded = t.procedure.use(({ ctx, next }) => {
    if (ctx.caller === null) throw new TRPCError({ code: "UNAUTHORIZED" });
    if (!ctx.caller.can(PERMISSION)) throw new TRPCError({ code: "FORBIDDEN" });
    return next();
  });
  const createAction = () =>
    guarded.input(z.strictObject({ id: z.string(), amendment: zodAmendment })).mutation(async ({ input }) => {
      const answer = await shop.amend(input.id, input.amendment);
      if (answer === null) throw new TRPCError({ code: "NOT_FOUND" });
      return answer;
    });
  return t.router({ orders: t.router(Object.fromEntries(ACTION_NAMES.map((action) => [action, createAction()]))) });
}
