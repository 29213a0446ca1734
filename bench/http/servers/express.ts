import { createServer } from "node:http";
import express from "express";
import type { RequestHandler } from "express";
import { createMapShop } from "../../job/map-shop.ts";
import { ACTION_NAMES, PERMISSION } from "../../job/order.ts";
import { zodAmendment } from "../../job/zod.ts";
import type { Started } from "../started.ts";
import { createTokenCheck, issueTokens } from "../tokens.ts";
import type { CheckToken } from "../tokens.ts";
import { listen } from "./listen.ts";

export async function startExpress(): Promise<Started> {
  const { publicKey, ...issued } = issueTokens();
  const shop = createMapShop();
  const app = express();
  app.use(requireToken(createTokenCheck(publicKey)));
  app.use(express.json());
  for (const action of ACTION_NAMES) {
    app.post(`/api/v1/actions/orders/${action}/execute/:id`, async (request, response) => {
      const parsed = zodAmendment.safeParse(request.body);
      if (!parsed.success) return void response.status(422).json({ success: false, errors: parsed.error.issues });
      const answer = await shop.amend(request.params.id, parsed.data);
      if (answer === null) return void response.status(404).json({ success: false, message: "There is no such subject." });
      response.json(answer);
    });
  }
  return { ...issued, port: await listen(createServer(app)) };
}

function requireToken(check: CheckToken): RequestHandler {
  return (request, response, next) => {
    const caller = check(request.headers.authorization);
    if (caller === null) return void response.status(401).json({ success: false, message: "Unauthenticated." });
    if (!caller.can(PERMISSION)) return void response.status(403).json({ success: false, message: "You may not do this." });
    next();
  };
}
