import express from "express";
import { toRequestListener } from "../../../src/adapters/node-http/index.ts";
import { runRestCases } from "./rest-cases.ts";
import { listen } from "./servers.ts";

const REFUSED = "express.json() refuses it before us, in Express's own form";
const LOST = "express.json() has kept the last of the two";

const WITHOUT = new Map([
  ...[
    "the JSON comes before the key",
    "when lines are asked for, before the first: the JSON comes before the key",
    "H8: gzip is refused",
    "H9: another charset is refused",
    "H10: invalid UTF-8 is refused",
    "H10: UTF-16 is refused",
    "H10: a byte order mark is refused",
    "H13: so are a hundred thousand brackets",
    "a body that is cut off is not JSON",
    "two documents are not JSON",
    "a comment is not JSON",
    "NaN is not JSON",
    "white space is not JSON",
    "null is no object",
    "a string is no object",
    "the size comes before the encoding",
    "the JSON comes before the action key",
    "a body that is no JSON is told first",
    "a key is looked at once the body is understood",
    "a signal that is no JSON",
    "400 malformed_request of /api/v1/actions/results/text/execute comes as problem details for who prefers those",
  ].map((row) => [row, REFUSED] as const),
  ...["H14: a name that stands twice is refused", "H14: however it is written", "H14: and however deep"].map((row) => [row, LOST] as const),
]);

await runRestCases(
  "behind express.json()",
  (handler) => {
    const app = express();
    app.use(express.json());
    app.use("/api", toRequestListener(handler));
    app.use(toRequestListener(handler));
    return listen(app);
  },
  WITHOUT,
);
