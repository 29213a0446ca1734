import { createServer } from "node:http";
import type { ServerResponse } from "node:http";
import { runLoop } from "../loop.ts";
import { createMapShop } from "../../job/map-shop.ts";
import { listen } from "../../http/servers/listen.ts";
import type { Started } from "../../http/started.ts";
import { createTokenCheck, issueTokens } from "../../http/tokens.ts";
import { PERMISSION } from "../../job/order.ts";

/** The loop that somebody writes: the parameters are checked once, the orders changed one after the other. */
export async function startByHand(): Promise<Started> {
  const { publicKey, ...issued } = issueTokens();
  const check = createTokenCheck(publicKey);
  const shop = createMapShop();
  const server = createServer((request, response) => {
    if (check(request.headers.authorization)?.can(PERMISSION) !== true) return answer(response, 403, { success: false, message: "You may not do this." });
    let text = "";
    request.setEncoding("utf8");
    request.on("data", (piece: string) => (text += piece));
    request.on("end", async () => {
      const done = await runLoop(shop, JSON.parse(text));
      answer(response, done === null ? 422 : 200, done ?? { success: false, message: "The call is not valid." });
    });
  });
  return { ...issued, port: await listen(server) };
}

function answer(response: ServerResponse, status: number, value: unknown): void {
  const body = JSON.stringify(value);
  response.writeHead(status, { "content-type": "application/json", "content-length": Buffer.byteLength(body) });
  response.end(body);
}
