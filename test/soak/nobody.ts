import { Agent, request } from "node:http";
import { connect } from "node:net";
import { setTimeout as delay } from "node:timers/promises";

/** What the flood is told, as JSON in the first argument. */
export interface FloodOrder {
  readonly port: number;
  /** Of an identity without any permission. */
  readonly token: string;
  readonly clientId: string;
  readonly portalId: string;
}

/** Counted, and told to the parent every second: how many of each kind were answered with what. */
export type FloodReport = Readonly<Record<string, number>>;

/** An address of its own, as whoever floods has: limits for an address are not to hit the others. */
const LOCAL_ADDRESS = "127.0.0.2";
const LONG = "x".repeat(60_000);
const order: FloodOrder = JSON.parse(process.argv[2] ?? "");
const report: Record<string, number> = {};

function count(kind: string, what: string | number): void {
  report[`${kind} ${what}`] = (report[`${kind} ${what}`] ?? 0) + 1;
}

interface Sent {
  readonly kind: string;
  readonly path: string;
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly method?: string;
  /** False: the answer is left lying. */
  readonly reads?: boolean;
}

/** Sends it and answers the body; never rejects. */
function send(agent: Agent, { kind, path, body, headers = {}, method = "POST", reads = true }: Sent): Promise<string> {
  return new Promise((resolve) => {
    const all = { "content-type": "application/json", authorization: `Bearer ${order.token}`, ...headers };
    const sent = request({ host: "127.0.0.1", port: order.port, localAddress: LOCAL_ADDRESS, method, path, agent, headers: all }, (response) => {
      count(kind, response.statusCode ?? 0);
      if (!reads) return void setTimeout(() => resolve(""), 1000);
      let text = "";
      response.setEncoding("utf8").on("data", (piece: string) => (text += piece)).on("close", () => resolve(text));
    });
    sent.on("error", (error) => {
      count(kind, "code" in error ? String(error.code) : "error");
      setTimeout(resolve, 50, "");
    });
    sent.end(body);
  });
}

/** Goes on for as long as the process lives. */
async function forEver(work: (agent: Agent, turn: number) => Promise<unknown>): Promise<never> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  for (let turn = 0; ; turn++) await work(agent, turn);
}

const forbidden = (agent: Agent) => send(agent, { kind: "forbidden", path: "/api/v1/actions/orders/approve-order/execute/11008", body: JSON.stringify({ reason: LONG, more: LONG.repeat(10) }) });

function unknownIds(agent: Agent, turn: number, kind: string, more: object, headers: Readonly<Record<string, string>> = {}, reads = true): Promise<string> {
  const ids = Array.from({ length: 10_000 }, (_, index) => 1_000_000_000 + turn * 10_000 + index);
  const key = `${process.pid}-${kind}-${turn}-${Math.random()}`;
  return send(agent, { kind, path: "/api/v1/actions/orders/approve-order/bulk", body: JSON.stringify({ ids, ...more }), headers: { "idempotency-key": key, ...headers }, reads });
}

const knownIds = (agent: Agent, turn: number) => send(agent, {
  kind: "bulk 403", path: "/api/v1/actions/orders/approve-order/bulk", body: JSON.stringify({ ids: Array.from({ length: 830 }, (_, index) => 10_248 + index), params: { reason: "x".repeat(500) } }), headers: { "idempotency-key": `known-${turn}` },
});

/** A token request with a secret that is wrong. */
const wrongSecret = (agent: Agent, turn: number) => send(agent, { kind: "token", path: "/oauth/token", body: JSON.stringify({ grant_type: "client_credentials", client_id: turn % 2 === 0 ? order.clientId : `${LONG}${turn}`, client_secret: `wrong-${turn}` }) });

async function signIn(agent: Agent, turn: number): Promise<void> {
  const asked = new URLSearchParams({ response_type: "code", client_id: order.portalId, redirect_uri: "http://127.0.0.1/callback", code_challenge: "c".repeat(43), code_challenge_method: "S256", state: "s".repeat(4000) });
  const path = `/oauth/authorize?${asked}`;
  const page = await send(agent, { kind: "authorize", path, body: "", method: "GET" });
  const hidden = [...page.matchAll(/type="hidden" name="(\w+)" value="([^"]*)"/g)].map(([, name = "", value = ""]): [string, string] => [name, value]);
  const form = new URLSearchParams([...hidden, ["name", `nancy${turn % 3}`], ["password", "wrong"], ["action", "sign-in"]]);
  await send(agent, { kind: "sign-in", path: "/oauth/authorize", body: form.toString(), headers: { "content-type": "application/x-www-form-urlencoded" } });
}

/** Opens a connection, sends the head and half of a body, and waits until it is thrown out; then again. */
async function halfBody(path: string): Promise<never> {
  for (;;) {
    const socket = connect({ host: "127.0.0.1", port: order.port, localAddress: LOCAL_ADDRESS });
    socket.on("error", () => undefined).resume();
    socket.write(`POST ${path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${order.token}\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{"a":`);
    await new Promise((resolve) => socket.once("close", resolve));
    count("half body", "closed");
    await delay(200);
  }
}

function many(times: number, work: () => Promise<never>): void {
  for (let at = 0; at < times; at++) void work();
}

many(8, () => forEver(forbidden));
many(3, () => forEver((agent, turn) => unknownIds(agent, turn, "bulk unknown", {})));
many(1, () => forEver((agent, turn) => unknownIds(agent, turn, "bulk async", { async: true })));
many(1, () => forEver((agent, turn) => unknownIds(agent, turn, "bulk atomic", { mode: "atomic" })));
many(4, () => forEver((agent, turn) => unknownIds(agent, turn, "bulk lines", {}, { accept: "application/x-ndjson" }, false)));
many(2, () => forEver(knownIds));
many(4, () => forEver(wrongSecret));
many(4, () => forEver(signIn));
many(300, () => halfBody("/oauth/token"));
many(300, () => halfBody("/api/v1/actions/orders/approve-order/execute/11008"));
many(4, () => forEver((agent) => send(agent, { kind: "events", path: "/api/v1/workflows/unknown", body: "", method: "GET", headers: { accept: "text/event-stream" } })));

setInterval(() => process.send?.(report), 500);
process.on("disconnect", () => process.exit());
