import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";
import { connect, type AddressInfo } from "node:net";
import { toFetchHandler, type FetchHandler } from "../../src/adapters/fetch/index.ts";
import type { HttpHandler } from "../../src/adapters/http/message.ts";
import { toRequestListener } from "../../src/adapters/node-http/index.ts";

/** Makes this many calls, one after the other. */
export type Calls = (count: number) => Promise<void>;

/** Two ways to do the same: read a body of JSON, answer JSON. */
export interface Pair {
  readonly bare: () => Promise<Calls>;
  readonly ours: () => Promise<Calls>;
}

const BODY = JSON.stringify({ reason: "A regular customer.", lines: [{ id: 1, quantity: 2 }] });
const TYPE = { "content-type": "application/json" };

/** The job of every case, behind either adapter. */
const handler: HttpHandler = async (request) => ({ status: 200, headers: TYPE, body: answerTo(Buffer.from((await request.body(1_048_576)) ?? []).toString()) });

function answerTo(text: string): string {
  return JSON.stringify({ success: true, data: JSON.parse(text) });
}

const bareFetch: FetchHandler = async (request) => new Response(answerTo(await request.text()), { headers: TYPE });

const bareListener: RequestListener = (request, response) => {
  let text = "";
  request.setEncoding("utf8").on("data", (piece: string) => (text += piece));
  request.on("end", () => {
    const body = answerTo(text);
    response.writeHead(200, { ...TYPE, "content-length": Buffer.byteLength(body) }).end(body);
  });
};

/** By the name that stands in the report. */
export const PAIRS: Readonly<Record<string, Pair>> = {
  "fetch: a bare handler, and toFetchHandler": { bare: async () => callFetch(bareFetch), ours: async () => callFetch(toFetchHandler(handler)) },
  "node:http: a bare listener, and toRequestListener": { bare: () => callOverSocket(bareListener), ours: () => callOverSocket(toRequestListener(handler, { maxRequestsPerSocket: 1_000_000 })) },
};

function callFetch(answer: FetchHandler): Calls {
  return async (count) => {
    for (let done = 0; done < count; done++) {
      const response = await answer(new Request("http://127.0.0.1/api/v1/actions/a/execute", { method: "POST", body: BODY, headers: TYPE }));
      await response.text();
    }
  };
}

/** Over one connection that is kept. */
async function callOverSocket(listener: RequestListener): Promise<Calls> {
  const server = createServer({ keepAliveTimeout: 600_000 }, listener).unref().on("connection", (incoming) => incoming.unref());
  await once(server.listen(0, "127.0.0.1"), "listening");
  const socket = connect(portOf(server.address()), "127.0.0.1");
  const request = `POST /api/v1/actions/a/execute HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(BODY)}\r\n\r\n${BODY}`;
  const end = answerTo(BODY).slice(-8);
  return async (count) => {
    socket.ref();
    for (let done = 0; done < count; done++) await exchange(request, end);
    socket.unref();
  };

  async function exchange(text: string, last: string): Promise<void> {
    socket.write(text);
    for (let answer = ""; !answer.endsWith(last); ) answer += String((await once(socket, "data"))[0]);
  }
}

function portOf(address: string | AddressInfo | null): number {
  if (address === null || typeof address === "string") throw new Error("the server listens on no port");
  return address.port;
}
