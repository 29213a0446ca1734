import { fastify } from "fastify";
import { after } from "node:test";
import { toRequestListener } from "../../../src/adapters/node-http/index.ts";
import { runRestCases } from "./rest-cases.ts";

await runRestCases("under Fastify", async (handler) => {
  const listener = toRequestListener(handler);
  const app = fastify({
    // A path that Fastify cannot decode gets our answer, too.
    frameworkErrors(_error, request, reply) {
      reply.hijack();
      listener(request.raw, reply.raw);
    },
  });
  after(() => app.close());
  await app.register(async (api) => {
    // Before Fastify reads the body.
    api.addHook("onRequest", async (request, reply) => {
      reply.hijack();
      listener(request.raw, reply.raw);
    });
    api.all("/*", () => undefined);
  });
  return Number(new URL(await app.listen({ host: "127.0.0.1", port: 0 })).port);
});
