import { createServer } from "node:http";
import { amend, answerWith, createAmendment, createOrder } from "../../job/order.ts";
import type { Answer } from "../../job/order.ts";
import type { Started } from "../started.ts";
import { issueTokens } from "../tokens.ts";
import { listen } from "./listen.ts";

/** An answer like that of the others, made once: nothing is looked up, checked or changed. */
const ANSWER: Answer = answerWith(amend(createOrder(10_248), createAmendment(0), new Date().toISOString()));

/** It reads no token; it is sent one because the others are. */
export async function startFloor(): Promise<Started> {
  const server = createServer((request, response) => {
    let text = "";
    request.setEncoding("utf8");
    request.on("data", (piece: string) => (text += piece));
    request.on("end", () => {
      JSON.parse(text);
      const body = JSON.stringify(ANSWER);
      response.writeHead(200, { "content-type": "application/json", "content-length": Buffer.byteLength(body) });
      response.end(body);
    });
  });
  const { tokens, powerless } = issueTokens();
  return { port: await listen(server), tokens, powerless };
}
