import express from "express";
import { toRequestListener } from "../../../src/adapters/node-http/index.ts";
import { runRestCases } from "./rest-cases.ts";
import { listen } from "./servers.ts";

await runRestCases("under Express", (handler) => {
  const app = express();
  app.use("/api", toRequestListener(handler));
  app.use(toRequestListener(handler));
  return listen(app);
});
