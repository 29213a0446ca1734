import { getRequestListener } from "@hono/node-server";
import { Hono } from "hono";
import { toFetchHandler } from "../../../src/adapters/fetch/index.ts";
import { WITHOUT_FETCH } from "../../adapters/rest/transports/by-fetch.ts";
import { runRestCases } from "./rest-cases.ts";
import { listen } from "./servers.ts";

const WITHOUT = new Map([...WITHOUT_FETCH, ["an absolute URL is malformed", "the server makes the Request of it"]]);

await runRestCases(
  "under Hono",
  (handler) => {
    const app = new Hono();
    const answer = toFetchHandler(handler);
    app.all("/*", (context) => answer(context.req.raw));
    return listen(getRequestListener(app.fetch));
  },
  WITHOUT,
);
