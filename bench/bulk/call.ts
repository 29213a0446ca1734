import { request, type Agent, type IncomingMessage } from "node:http";

/** A call of one of the actions. */
export interface HttpCall {
  readonly port: number;
  readonly token: string;
  readonly action: string;
  /** What stands behind the action in the path. */
  readonly route: string;
  /** Default: JSON. */
  readonly accept?: string;
  readonly agent: Agent;
}

/** The text of the answer. */
export async function ask(call: HttpCall, body: string): Promise<string> {
  const pieces: Buffer[] = [];
  for await (const piece of await open(call, body)) pieces.push(piece);
  return Buffer.concat(pieces).toString();
}

/** The status, when the answer has come; to keep those of a crowd would hold up the load itself. */
export async function askForStatus(call: HttpCall, body: string): Promise<number | undefined> {
  const response = await open(call, body);
  for await (const _ of response) continue;
  return response.statusCode;
}

function open({ port, token, action, route, accept = "application/json", agent }: HttpCall, body: string): Promise<IncomingMessage> {
  const headers = { "content-type": "application/json", accept, authorization: `Bearer ${token}`, "content-length": Buffer.byteLength(body) };
  return new Promise((resolve, reject) => {
    const sent = request({ agent, port, host: "127.0.0.1", method: "POST", path: `/api/v1/actions/orders/${action}/${route}`, headers }, resolve);
    sent.on("error", reject);
    sent.end(body);
  });
}
