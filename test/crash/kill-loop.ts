import { randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { createApiClient, fetchAdminToken, type Answer, type ApiClient } from "./api-client.ts";
import { checkBooks } from "./books.ts";
import { findFreePort, startNorthwind } from "./northwind-server.ts";

/** One call that a client makes until it is answered, under one idempotency key. */
export interface Job {
  readonly kind: "restock" | "create" | "approve" | "ship";
  readonly path: string;
  readonly body: Readonly<Record<string, unknown>>;
  readonly key: string;
}

/** A job that was answered. */
export interface Done {
  readonly job: Job;
  readonly answer: Answer;
}

/** How hard it is. */
export interface KillLoopOptions {
  readonly rounds: number;
  readonly clients: number;
  /** A server lives so long at the most, in milliseconds, counted from when it listens. */
  readonly maxLifeMs: number;
}

/** What was done, for the test's own report. */
export interface KillLoopReport {
  readonly answered: number;
  readonly cutOff: number;
  readonly replayed: number;
}

const PRODUCTS = 12;

/**
 * Kills the server again and again under load; whoever was cut off asks again with the same key.
 * Then everything is answered once more in peace, and the books are checked.
 */
export async function runKillLoop({ rounds, clients, maxLifeMs }: KillLoopOptions): Promise<KillLoopReport> {
  const directory = await mkdtemp(join(tmpdir(), "actionport-kill-"));
  const port = await findFreePort();
  const crew = Array.from({ length: clients }, () => new Client());
  try {
    let token: string | undefined;
    for (let round = 0; round <= rounds; round++) {
      const server = await startNorthwind(directory, port);
      token ??= await fetchAdminToken(directory, port);
      const api = createApiClient(port, token);
      const peaceful = round === rounds;
      const working = Promise.all(crew.map((client) => client.work(api, peaceful)));
      if (!peaceful) {
        await delay(Math.random() * maxLifeMs);
        await server.kill();
      }
      await working;
      api.close();
      if (peaceful && (await server.stop()) !== 0) throw new Error("the server did not end with exit code 0");
    }
    const done = crew.flatMap((client) => client.done);
    await checkBooks(join(directory, "store"), done);
    const replayed = done.filter(({ answer }) => answer.replayed).length;
    return { answered: done.length, cutOff: crew.reduce((sum, client) => sum + client.cutOff, 0), replayed };
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

/** Takes on one job after the other; after a cut it first finishes the one that was not answered. */
class Client {
  readonly done: Done[] = [];
  cutOff = 0;
  #current: Job | null = null;
  #next: Job[] = [];

  /** Works until the connection is cut; in peace, until what it had begun is done. */
  async work(api: ApiClient, peaceful: boolean): Promise<void> {
    for (;;) {
      if (peaceful && this.#current === null && this.#next.length === 0) return;
      this.#current ??= this.#next.shift() ?? newJob();
      const job = this.#current;
      try {
        this.#answered(job, await api.post(job.path, job.body, { "idempotency-key": job.key }));
      } catch (error) {
        if (peaceful) throw error;
        this.cutOff++;
        return;
      }
    }
  }

  #answered(job: Job, answer: Answer): void {
    if (answer.status !== 200 && answer.status !== 422) throw new Error(`${job.path}: ${answer.status} ${answer.text}`);
    this.done.push({ job, answer });
    this.#current = null;
    if (job.kind !== "create" || answer.status !== 200) return;
    const { id } = JSON.parse(answer.text).data;
    this.#next.push(
      { kind: "approve", path: `/api/v1/actions/orders/approve-order/execute/${id}`, body: {}, key: randomUUID() },
      { kind: "ship", path: `/api/v1/actions/orders/ship-order/execute/${id}`, body: { shipper: "Speedy Express" }, key: randomUUID() },
    );
  }
}

/** A job by chance. */
export function newJob(): Job {
  const product = 1 + Math.floor(Math.random() * PRODUCTS);
  const quantity = 1 + Math.floor(Math.random() * 5);
  if (Math.random() < 0.4) return { kind: "restock", path: `/api/v1/actions/products/restock/execute/${product}`, body: { quantity }, key: randomUUID() };
  const lines = [{ product, quantity }, { product: 20 + product, quantity: 1 }];
  return { kind: "create", path: "/api/v1/actions/orders/create-order/execute", body: { customer: "ALFKI", ordered_at: "2026-11-23", lines }, key: randomUUID() };
}
