/**
 * What the guard and the node-http adapter cost: requests per second of a trivial handler behind
 * them, as a share of a bare node:http server that parses and stringifies the same JSON.
 *
 *     node --import tsx bench/http.ts [seconds per turn, default 0.5] [turns, default 15]
 *
 * The time that the server's process spends on one request (user and system) stands beside it: it
 * counts even where the load, and not the server, is the slower of the two.
 */
import { randomUUID } from "node:crypto";
import { createGuard } from "../src/adapters/http/guard.ts";
import { json, jsonText } from "../src/adapters/http/response.ts";
import { decodeUtf8 } from "../src/adapters/http/utf8.ts";
import { startServer } from "../src/adapters/node-http/index.ts";
import { compareServers, startFloor, toRequest } from "./compare.ts";

/** The same answer from both, so that both write the same number of bytes. */
function answerTo(params: unknown): unknown {
  return { success: true, message: "Order approved.", data: { id: 10248, title: "Order #10248", params } };
}

async function startGuarded(): Promise<number> {
  const guard = createGuard({ newId: randomUUID, clock: Date.now });
  const handler = guard(async ({ request }) => {
    const bytes = await request.body(1_048_576);
    const text = bytes === null ? undefined : decodeUtf8(bytes);
    return text === undefined ? jsonText(400, "{}") : json(200, answerTo(JSON.parse(text)));
  });
  return (await startServer({ port: 0, maxRequestsPerSocket: 1_000_000, createHandler: () => handler })).port;
}

await compareServers({
  file: import.meta.url,
  servers: { floor: startFloor(answerTo), "adapter and guard": startGuarded },
  request: toRequest("/api/v1/actions/orders/approve-order/execute/10248", "x".repeat(400), '{"reason":"the customer asked for it twice"}'),
});
