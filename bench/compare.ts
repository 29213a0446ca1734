import { fork } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import { connect } from "node:net";
import type { Socket } from "node:net";

/** Starts a server and answers its port. */
export type StartServer = () => Promise<number>;

/** What is compared: the first server is the floor that the others are a share of. */
export interface Comparison {
  /** The file that calls; it is run again for each server, in a process of its own. */
  readonly file: string;
  /** By the name that stands in the report. */
  readonly servers: Readonly<Record<string, StartServer>>;
  /** A whole HTTP/1.1 request. */
  readonly request: string;
}

const CONNECTIONS = 32;
/** Until the compiler has seen enough: a server that does more needs longer. */
const WARM_UP_MS = 5_000;

/** A POST of this JSON text, with a token as long as a real one. */
export function toRequest(path: string, token: string, body: string): string {
  return [
    `POST ${path} HTTP/1.1`,
    "Host: 127.0.0.1",
    "User-Agent: bench",
    "Accept: application/json",
    `Authorization: Bearer ${token}`,
    "Content-Type: application/json",
    `Content-Length: ${body.length}`,
    "Connection: keep-alive",
    "",
    body,
  ].join("\r\n");
}

const HEADERS = {
  "cache-control": "no-store",
  "content-type": "application/json; charset=utf-8",
  "x-content-type-options": "nosniff",
} as const;

/** The floor: a bare node:http server that parses the body and stringifies an answer, and knows nothing else. */
export function startFloor(answerTo: (params: unknown) => unknown): StartServer {
  return () =>
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
    });
}

/** One connection that asks again as soon as it was answered. */
class Caller {
  readonly socket: Socket;
  answers = 0;
  #buffer = "";

  readonly #request: string;

  constructor(port: number, request: string) {
    this.#request = request;
    this.socket = connect(port, "127.0.0.1", () => this.socket.write(request));
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
    this.socket.write(this.#request);
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

async function measure(target: Target, request: string, milliseconds: number): Promise<Figures> {
  const cpuBefore = await readCpu(target);
  const startedAt = performance.now();
  const callers = Array.from({ length: CONNECTIONS }, () => new Caller(target.port, request));
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

async function startChild(file: string, name: string): Promise<Target> {
  const child = fork(new URL(file), [name], { execArgv: process.execArgv });
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

/**
 * Measures the servers in short turns, so that whatever else the machine does meets all of them, and
 * prints the medians. Command line: seconds per turn (default 0.5), turns (default 15).
 */
export async function compareServers({ file, servers, request }: Comparison): Promise<void> {
  const [first, second] = process.argv.slice(2);
  const server = process.send === undefined ? undefined : servers[first ?? ""];
  if (server !== undefined) return serveParent(await server());
  const [seconds, turns] = [Number(first ?? 0.5), Number(second ?? 15)];
  const names = Object.keys(servers);
  const targets = await Promise.all(names.map((name) => startChild(file, name)));
  for (const target of targets) await measure(target, request, WARM_UP_MS);
  const figures: Figures[][] = targets.map(() => []);
  for (let turn = 0; turn < turns; turn++) {
    for (const [index, target] of targets.entries()) figures[index]?.push(await measure(target, request, seconds * 1_000));
  }
  console.log(`Node ${process.version}, medians of ${turns} turns of ${seconds} s, ${CONNECTIONS} connections`);
  const medians = figures.map(summarize);
  for (const [index, median] of medians.entries()) console.log(describe(names[index] ?? "", median, medians[0] ?? median));
  for (const { child } of targets) child.disconnect();
}

function summarize(figures: readonly Figures[]): Figures {
  return {
    perSecond: median(figures.map(({ perSecond }) => perSecond)),
    cpuMicroseconds: median(figures.map(({ cpuMicroseconds }) => cpuMicroseconds)),
  };
}

function describe(name: string, own: Figures, floor: Figures): string {
  const rate = `${own.perSecond.toFixed(0)}/s (${(own.perSecond / floor.perSecond).toFixed(2)} of the floor)`;
  const time = `${own.cpuMicroseconds.toFixed(1)} µs on the processor for each (${(floor.cpuMicroseconds / own.cpuMicroseconds).toFixed(2)})`;
  return `${name.padEnd(24)} ${rate}, ${time}`;
}
