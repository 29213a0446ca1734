/**
 * What the guard and the node-http adapter cost: requests per second of a trivial handler behind
 * them, as a share of a bare node:http server that parses and stringifies the same JSON.
 *
 *     node --import tsx bench/http.ts [seconds per turn, default 0.5] [turns, default 15]
 *
 * The time that the server's process spends on one request (user and system) stands beside it: it
 * counts even where the load, and not the server, is the slower of the two.
 *
 * The servers run in processes of their own and take short turns, so that whatever else the machine
 * does meets both; the load comes from this process over kept-alive connections.
 */
import { fork } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import { connect } from "node:net";
import type { Socket } from "node:net";
import { createGuard } from "../src/adapters/http/guard.ts";
import { json, jsonText } from "../src/adapters/http/response.ts";
import { decodeUtf8 } from "../src/adapters/http/utf8.ts";
import { startServer } from "../src/adapters/node-http/index.ts";

const CONNECTIONS = 32;
const BODY = '{"reason":"the customer asked for it twice"}';
const REQUEST = [
  "POST /api/v1/actions/orders/approve-order/execute/10248 HTTP/1.1",
  "Host: 127.0.0.1",
  "User-Agent: bench",
  "Accept: application/json",
  `Authorization: Bearer ${"x".repeat(400)}`,
  "Content-Type: application/json",
  `Content-Length: ${BODY.length}`,
  "Connection: keep-alive",
  "",
  BODY,
].join("\r\n");

/** The same answer from both, so that both write the same number of bytes. */
function answerTo(params: unknown): unknown {
  return { success: true, message: "Order approved.", data: { id: 10248, title: "Order #10248", params } };
}

const HEADERS = {
  "cache-control": "no-store",
  "content-type": "application/json; charset=utf-8",
  "x-content-type-options": "nosniff",
} as const;

const SERVERS: Readonly<Record<string, () => Promise<number>>> = {
  floor: () =>
    new Promise((resolve) => {
      const server = createServer((incoming, outgoing) => {
        let text = "";
        incoming.setEncoding("utf8");
        incoming.on("data", (piece: string) => (text += piece));
        incoming.on("end", () => {
          const body = JSON.stringify(answerTo(JSON.parse(text)));
          outgoing.writeHead(200, { ...HEADERS, "x-request-id": randomUUID(), "content-length": Buffer.byteLength(body) });
          outgoing.end(body);
        });
      });
      server.listen(0, "127.0.0.1", () => {
        const address = server.address();
        resolve(typeof address === "object" && address !== null ? address.port : 0);
      });
    }),
  actionport: async () => {
    const guard = createGuard({ newId: randomUUID, clock: Date.now });
    const handler = guard(async ({ request }) => {
      const bytes = await request.body(1_048_576);
      const text = bytes === null ? undefined : decodeUtf8(bytes);
      return text === undefined ? jsonText(400, "{}") : json(200, answerTo(JSON.parse(text)));
    });
    return (await startServer({ port: 0, maxRequestsPerSocket: 1_000_000, createHandler: () => handler })).port;
  },
};

/** One connection that asks again as soon as it was answered. */
class Caller {
  readonly socket: Socket;
  answers = 0;
  #buffer = "";

  constructor(port: number) {
    this.socket = connect(port, "127.0.0.1", () => this.socket.write(REQUEST));
    this.socket.setNoDelay(true).setEncoding("latin1").on("data", (piece) => this.#take(String(piece)));
  }

  #take(piece: string): void {
    this.#buffer += piece;
    const end = this.#buffer.indexOf("\r\n\r\n");
    if (end < 0) return;
    const length = Number(/content-length: (\d+)/i.exec(this.#buffer)?.[1]);
    if (this.#buffer.length < end + 4 + length) return;
    if (!this.#buffer.startsWith("HTTP/1.1 200 ")) throw new Error(this.#buffer);
    this.#buffer = "";
    this.answers++;
    this.socket.write(REQUEST);
  }
}

interface Target {
  readonly child: ChildProcess;
  readonly port: number;
}

interface Figures {
  readonly perSecond: number;
  readonly cpuMicroseconds: number;
}

async function measure(target: Target, milliseconds: number): Promise<Figures> {
  const cpuBefore = await readCpu(target);
  const startedAt = performance.now();
  const callers = Array.from({ length: CONNECTIONS }, () => new Caller(target.port));
  await new Promise((resolve) => setTimeout(resolve, milliseconds));
  const answers = callers.reduce((sum, caller) => sum + caller.answers, 0);
  const seconds = (performance.now() - startedAt) / 1_000;
  for (const caller of callers) caller.socket.destroy();
  return { perSecond: answers / seconds, cpuMicroseconds: ((await readCpu(target)) - cpuBefore) / answers };
}

async function readCpu({ child }: Target): Promise<number> {
  child.send("cpu");
  const [microseconds] = await once(child, "message");
  return Number(microseconds);
}

async function startChild(name: string): Promise<Target> {
  const child = fork(new URL(import.meta.url), [name], { execArgv: process.execArgv });
  const [port] = await once(child, "message");
  return { child, port: Number(port) };
}

async function serveParent(port: number): Promise<void> {
  process.on("message", () => {
    const { user, system } = process.cpuUsage();
    process.send?.(user + system);
  });
  process.on("disconnect", () => process.exit());
  process.send?.(port);
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

async function compare(seconds: number, turns: number): Promise<void> {
  const targets = await Promise.all(Object.keys(SERVERS).map(startChild));
  for (const target of targets) await measure(target, 1_000);
  const figures: Figures[][] = targets.map(() => []);
  for (let turn = 0; turn < turns; turn++) {
    for (const [index, target] of targets.entries()) figures[index]?.push(await measure(target, seconds * 1_000));
  }
  const [floor, ours] = figures.map(summarize);
  if (floor === undefined || ours === undefined) throw new Error("there are two servers to compare");
  console.log(`Node ${process.version}, medians of ${turns} turns of ${seconds} s`);
  console.log(`floor              ${describe(floor)}`);
  console.log(`adapter and guard  ${describe(ours)}`);
  const byRate = ours.perSecond / floor.perSecond;
  const byTime = floor.cpuMicroseconds / ours.cpuMicroseconds;
  console.log(`share of the floor: ${byRate.toFixed(2)} by requests per second, ${byTime.toFixed(2)} by time on the processor`);
  for (const { child } of targets) child.disconnect();
}

function summarize(figures: readonly Figures[]): Figures {
  return {
    perSecond: median(figures.map(({ perSecond }) => perSecond)),
    cpuMicroseconds: median(figures.map(({ cpuMicroseconds }) => cpuMicroseconds)),
  };
}

function describe({ perSecond, cpuMicroseconds }: Figures): string {
  return `${perSecond.toFixed(0)}/s, ${cpuMicroseconds.toFixed(1)} µs on the processor for each`;
}

const server = SERVERS[process.argv[2] ?? ""];
if (server !== undefined && process.send !== undefined) await serveParent(await server());
else await compare(Number(process.argv[2] ?? 0.5), Number(process.argv[3] ?? 15));
