import { createServer } from "node:http";
import type { IncomingMessage, ServerResponse } from "node:http";
import { readAmendment } from "../../job/by-hand.ts";
import { createMapShop } from "../../job/map-shop.ts";
import type { MapShop } from "../../job/map-shop.ts";
import { ACTION_NAMES, PERMISSION } from "../../job/order.ts";
import type { Started } from "../started.ts";
import { createTokenCheck, issueTokens } from "../tokens.ts";
import type { CheckToken } from "../tokens.ts";
import { listen } from "./listen.ts";

const PREFIX = "/api/v1/actions/orders/";
const MAX_BODY_BYTES = 1_048_576;

/** What somebody writes who wants only this and wants it fast. */
export async function startByHand(): Promise<Started> {
  const { publicKey, ...issued } = issueTokens();
  const check = createTokenCheck(publicKey);
  const shop = createMapShop();
  const actions = new Set(ACTION_NAMES);
  const server = createServer((request, response) => {
    const id = readId(request, actions);
    if (id === null) return answer(response, 404, { success: false, message: "There is nothing here." });
    const refused = refuse(request, check);
    if (refused !== null) return answer(response, refused, { success: false, message: "You may not do this." });
    readBody(request, response, (text) => void execute(shop, id, text, response));
  });
  return { ...issued, port: await listen(server) };
}

/** The subject's ID, or null when it is no URL of an action. */
function readId({ method, url = "" }: IncomingMessage, actions: ReadonlySet<string>): string | null {
  if (method !== "POST" || !url.startsWith(PREFIX)) return null;
  const [action = "", execute, id, more] = url.slice(PREFIX.length).split("/");
  return actions.has(action) && execute === "execute" && id !== undefined && more === undefined ? id : null;
}

function refuse({ headers }: IncomingMessage, check: CheckToken): 401 | 403 | null {
  const caller = check(headers.authorization);
  if (caller === null) return 401;
  return caller.can(PERMISSION) ? null : 403;
}

function readBody(request: IncomingMessage, response: ServerResponse, done: (text: string) => void): void {
  let text = "";
  request.setEncoding("utf8");
  request.on("data", (piece: string) => {
    text += piece;
    if (text.length <= MAX_BODY_BYTES) return;
    answer(response, 413, { success: false, message: "The body is too large." });
    request.destroy();
  });
  request.on("end", () => done(text));
}

async function execute(shop: MapShop, id: string, text: string, response: ServerResponse): Promise<void> {
  const body = parse(text);
  if (body === undefined) return answer(response, 400, { success: false, message: "The request is malformed." });
  const amendment = readAmendment(body);
  if (amendment === null) return answer(response, 422, { success: false, message: "The parameters are not valid." });
  const answered = await shop.amend(id, amendment);
  if (answered === null) return answer(response, 404, { success: false, message: "There is no such subject." });
  answer(response, 200, answered);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function answer(response: ServerResponse, status: number, value: unknown): void {
  const body = JSON.stringify(value);
  response.writeHead(status, { "content-type": "application/json", "content-length": Buffer.byteLength(body) });
  response.end(body);
}
