import jwt from "@fastify/jwt";
import { fastify } from "fastify";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { AMENDMENT_SCHEMA, ANSWER_SCHEMA } from "../../job/json-schema.ts";
import { createMapShop } from "../../job/map-shop.ts";
import { ACTION_NAMES, PERMISSION } from "../../job/order.ts";
import type { Amendment } from "../../job/order.ts";
import type { Started } from "../started.ts";
import { AUDIENCE, createTokenCheck, ISSUER, issueTokens, toCaller } from "../tokens.ts";
import type { Caller, IssuedTokens } from "../tokens.ts";

/** Who calls, or null when the token is not good. */
type Identify = (request: FastifyRequest) => Caller | null | Promise<Caller | null>;

/** Tokens in a Map, looked up in a hook. */
export function startWithMapCache(): Promise<Started> {
  return start(async (_, { publicKey }) => {
    const check = createTokenCheck(publicKey);
    return ({ headers }) => check(headers.authorization);
  });
}

/** As the documentation of @fastify/jwt says, with the cache that it speaks of. */
export function startWithPluginCache(): Promise<Started> {
  return start((app, issued) => usePlugin(app, issued, true));
}

/** The same as it comes. */
export function startWithoutCache(): Promise<Started> {
  return start((app, issued) => usePlugin(app, issued, false));
}

async function usePlugin(app: FastifyInstance, { publicKey }: IssuedTokens, cache: boolean): Promise<Identify> {
  const key = publicKey.export({ type: "spki", format: "pem" }).toString();
  await app.register(jwt, { secret: { public: key }, verify: { algorithms: ["RS256"], allowedIss: ISSUER, allowedAud: AUDIENCE, cache } });
  return async (request) => {
    try {
      const { scope } = await request.jwtVerify<{ readonly scope: string }>();
      return toCaller(scope);
    } catch {
      return null;
    }
  };
}

async function start(prepare: (app: FastifyInstance, issued: IssuedTokens) => Promise<Identify>): Promise<Started> {
  const issued = issueTokens();
  // Fastify's defaults drop unknown fields and read "3" as 3; the job refuses both.
  const app = fastify({ ajv: { customOptions: { removeAdditional: false, coerceTypes: false, useDefaults: false } } });
  const identify = await prepare(app, issued);
  app.addHook("onRequest", async (request, reply) => {
    const caller = await identify(request);
    if (caller === null) return reply.code(401).send({ success: false, message: "Unauthenticated." });
    if (!caller.can(PERMISSION)) return reply.code(403).send({ success: false, message: "You may not do this." });
  });
  addRoutes(app);
  const url = await app.listen({ port: 0, host: "127.0.0.1" });
  return { port: Number(new URL(url).port), tokens: issued.tokens, powerless: issued.powerless };
}

interface Route {
  readonly Params: { readonly id: string };
  readonly Body: Amendment;
}

function addRoutes(app: FastifyInstance): void {
  const shop = createMapShop();
  const schema = { body: AMENDMENT_SCHEMA, response: { 200: ANSWER_SCHEMA } };
  for (const action of ACTION_NAMES) {
    app.post<Route>(`/api/v1/actions/orders/${action}/execute/:id`, { schema }, async (request, reply) => {
      return (await shop.amend(request.params.id, request.body)) ?? notFound(reply);
    });
  }
}

function notFound(reply: FastifyReply): object {
  reply.code(404);
  return { success: false, message: "There is no such subject." };
}
