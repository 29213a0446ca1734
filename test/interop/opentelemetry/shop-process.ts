import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { Message, Served, ToldSpan } from "./messages.ts";

/** The shop in a process of its own. */
export interface ShopProcess extends Served {
  /** Every span that has ended so far. */
  readonly spans: readonly ToldSpan[];
  /** Waits until the spans that have ended are such. */
  until(isSo: (spans: readonly ToldSpan[]) => boolean): Promise<void>;
  get(path: string): Promise<Answer>;
  post(path: string, body: object, headers?: Readonly<Record<string, string>>): Promise<Answer>;
  /** As a power cut does it. */
  kill(): Promise<void>;
}

export interface Answer {
  readonly status: number;
  readonly json: Readonly<Record<string, unknown>>;
}

/** Starts it on this data; rejects when it ends before it listens. */
export async function startShop(dataDirectory: string): Promise<ShopProcess> {
  const child = fork(fileURLToPath(new URL("served.ts", import.meta.url)), [dataDirectory], { execArgv: ["--import", "tsx"] });
  const spans: ToldSpan[] = [];
  const waiting = new Set<() => void>();
  const served = await new Promise<Served>((resolve, reject) => {
    child.on("message", (message: Message) => {
      if ("served" in message) return resolve(message.served);
      spans.push(message.span);
      for (const look of waiting) look();
    });
    child.once("exit", (code) => reject(new Error(`the shop ended with ${code}`)));
  });
  const ask = async (path: string, init: RequestInit): Promise<Answer> => {
    const response = await fetch(served.url + path, { ...init, headers: { authorization: `Bearer ${served.token}`, ...init.headers } });
    return { status: response.status, json: JSON.parse(await response.text()) };
  };
  return {
    ...served,
    spans,
    until: (isSo) =>
      new Promise((resolve) => {
        const look = () => {
          if (!isSo(spans)) return;
          waiting.delete(look);
          resolve();
        };
        waiting.add(look);
        look();
      }),
    get: (path) => ask(path, {}),
    post: (path, body, headers = {}) => ask(path, { method: "POST", body: JSON.stringify(body), headers: { "content-type": "application/json", ...headers } }),
    async kill() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill("SIGKILL");
      await once(child, "exit");
    },
  };
}
