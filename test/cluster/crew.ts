import { randomUUID } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import { createApiClient, type Answer, type ApiClient } from "../crash/api-client.ts";
import { newJob, type Done, type Job } from "../crash/kill-loop.ts";

/** A fulfilment that was asked for. */
export interface Fulfilment {
  readonly order: number;
  readonly run: string;
  /** What becomes of the order: it is picked, or cancelled. */
  readonly plan: "pick" | "cancel";
}

/** The clients of a cluster. Each asks whichever process it comes by, until it is answered. */
export class Crew {
  readonly done: Done[] = [];
  readonly fulfilments: Fulfilment[] = [];
  /** How many answers said that nothing could be done just now, or did not come. */
  refused = 0;
  readonly #apis: readonly ApiClient[];
  #isOver = false;

  constructor(ports: readonly number[], token: string) {
    this.#apis = ports.map((port) => createApiClient(port, token));
  }

  /** Lets so many clients work until {@link finish}. */
  work(clients: number): Promise<unknown> {
    return Promise.all(Array.from({ length: clients }, (_, number) => (number % 4 === 0 ? this.#fulfil() : this.#trade())));
  }

  /** Nothing new is begun. */
  finish(): void {
    this.#isOver = true;
  }

  close(): void {
    for (const api of this.#apis) api.close();
  }

  /** Asks again, of whomever, until there is an answer that is final. */
  async ask({ path, body, key }: Pick<Job, "path" | "body" | "key">): Promise<Answer> {
    for (;;) {
      const api = this.#apis[Math.floor(Math.random() * this.#apis.length)];
      try {
        const answer = await api?.post(path, body, { "idempotency-key": key });
        if (answer !== undefined && !MAY_PASS.has(answer.status) && !isContended(answer)) return answer;
      } catch {
        // The process is gone, or PostgreSQL is: whether it was done is found out by the same key.
      }
      this.refused++;
      await pause(20 + 80 * Math.random());
    }
  }

  async #trade(): Promise<void> {
    while (!this.#isOver) {
      const made = await this.#do(newJob());
      if (made.job.kind !== "create") continue;
      const id = idOf(made.answer);
      await this.#do({ kind: "approve", path: `/api/v1/actions/orders/approve-order/execute/${id}`, body: {}, key: randomUUID() });
      await this.#do({ kind: "ship", path: `/api/v1/actions/orders/ship-order/execute/${id}`, body: { shipper: "Speedy Express" }, key: randomUUID() });
    }
  }

  async #fulfil(): Promise<void> {
    while (!this.#isOver) {
      const product = 30 + Math.floor(Math.random() * 40);
      const lines = [{ product, quantity: 1 }];
      const made = await this.#do({ kind: "create", path: "/api/v1/actions/orders/create-order/execute", body: { customer: "ALFKI", ordered_at: "2026-11-23", lines }, key: randomUUID() });
      const order = idOf(made.answer);
      const started = await this.ask({ path: `/api/v1/actions/orders/fulfil-order/execute/${order}`, body: {}, key: randomUUID() });
      if (started.status !== 200) throw new Error(`order ${order}: ${started.status} ${started.text}`);
      const fulfilment: Fulfilment = { order, run: JSON.parse(started.text).workflow_id, plan: order % 3 === 0 ? "cancel" : "pick" };
      this.fulfilments.push(fulfilment);
      await this.#decide(fulfilment);
    }
  }

  /** A signal may come twice, when its answer was lost: the run takes one of them. */
  async #decide({ run, plan }: Fulfilment): Promise<void> {
    const path = plan === "pick" ? `/api/v1/workflows/${run}/signal/picked` : `/api/v1/workflows/${run}/cancel`;
    const answer = await this.ask({ path, body: {}, key: randomUUID() });
    if (answer.status !== 200 && answer.status !== 202 && answer.status !== 409) throw new Error(`${path}: ${answer.status} ${answer.text}`);
  }

  async #do(job: Job): Promise<Done> {
    const answer = await this.ask(job);
    if (answer.status !== 200 && answer.status !== 422) throw new Error(`${job.path}: ${answer.status} ${answer.text}`);
    const done = { job, answer };
    this.done.push(done);
    return done;
  }
}

const MAY_PASS: ReadonlySet<number> = new Set([429, 500, 502, 503]);

/** Others were faster too often: nothing was kept. */
function isContended({ status, text }: Answer): boolean {
  return status === 409 && !text.includes("This workflow has ended");
}

function idOf({ status, text }: Answer): number {
  if (status !== 200) throw new Error(`an order was not taken: ${text}`);
  return Number(JSON.parse(text).data.id);
}
