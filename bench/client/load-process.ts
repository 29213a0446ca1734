import { createClient } from "../../src/adapters/client/index.ts";
import { createAmendment, subjectId } from "../job/order.ts";
import { quantile } from "../statistics.ts";

/*
 * Calls the server that each message names, by one of two ways, and answers what came of it: `fetch` as one writes it by hand, or the typed client.
 */

/** What this process is told. */
export interface ClientLoad {
  readonly way: "fetch" | "client";
  readonly port: number;
  readonly token: string;
  readonly seconds: number;
}

/** What came of it. */
export interface ClientTurn {
  readonly perSecond: number;
  readonly p99Ms: number;
  /** Of this process, user and system, for each call. */
  readonly cpuMicroseconds: number;
}

const CALLERS = 32;

type Call = (index: number) => Promise<unknown>;

function createCall({ way, port, token }: ClientLoad): Call {
  const baseUrl = `http://127.0.0.1:${port}`;
  if (way === "fetch") return (index) => callByHand(`${baseUrl}/api/v1/actions/orders/amend-order-0/execute/${subjectId(index)}`, token, index);
  const client = createClient({ baseUrl, auth: token });
  return (index) => client.execute("orders/amend-order-0", subjectId(index), { ...createAmendment(index) });
}

async function callByHand(url: string, token: string, index: number): Promise<unknown> {
  const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
  const response = await fetch(url, { method: "POST", headers, body: JSON.stringify(createAmendment(index)) });
  if (!response.ok) throw new Error(`status ${response.status}`);
  return response.json();
}

async function measure(load: ClientLoad): Promise<ClientTurn> {
  const call = createCall(load);
  const times: number[] = [];
  const before = process.cpuUsage();
  const start = performance.now();
  const end = start + load.seconds * 1000;
  const keepCalling = async (): Promise<void> => {
    for (let at = performance.now(); at < end; at = performance.now()) {
      await call(times.length);
      times.push(performance.now() - at);
    }
  };
  await Promise.all(Array.from({ length: CALLERS }, keepCalling));
  const { user, system } = process.cpuUsage(before);
  return { perSecond: (times.length * 1000) / (performance.now() - start), p99Ms: quantile(times, 0.99), cpuMicroseconds: (user + system) / times.length };
}

process.on("message", async (load: ClientLoad) => process.send?.(await measure(load)));
process.on("disconnect", () => process.exit());
