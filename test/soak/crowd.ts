import { setTimeout as delay } from "node:timers/promises";
import { anyBulk, anyRead, anyRefused, approveOrder, bulkLater, createOrder, forgetOrder, fulfilOrder, hang, restock, shipOrder, slowAudit, type SoakCall } from "./calls.ts";
import { SoakConnection, STAGES, type SoakAnswer } from "./connection.ts";

/** What a crowd of clients is told, as JSON in the first argument. */
export interface CrowdOrder {
  readonly port: number;
  readonly tokens: Readonly<Record<string, string>>;
  readonly secrets: { readonly client_id: string; readonly client_secret: string };
  readonly clients: number;
  /** Each client waits up to so long between two calls. */
  readonly maxPauseMs: number;
}

/** What it tells: a call is begun; it is answered; something came that should not. */
export type CrowdNews = { readonly begun: SoakCall } | { readonly ended: SoakCall; readonly answer: SoakAnswer } | { readonly wrong: string } | { readonly counts: Readonly<Record<string, number>> };

/** How long most clients stay with what hangs. */
const PATIENCE_MS = 200;
const order: CrowdOrder = JSON.parse(process.argv[2] ?? "");
const counts: Record<string, number> = {};

function tell(news: CrowdNews): void {
  process.send?.(news);
}

function count(what: string): void {
  counts[what] = (counts[what] ?? 0) + 1;
}

class SoakClient {
  readonly #connection = new SoakConnection(order.port, order.tokens);

  async work(): Promise<never> {
    for (;;) {
      await delay(Math.random() * order.maxPauseMs);
      await this.#doSomething(Math.random());
    }
  }

  #doSomething(chance: number): Promise<unknown> {
    if (chance < 0.05) return this.#call(anyRefused());
    if (chance < 0.06) return this.#leave();
    if (chance < 0.065) return this.#hang();
    if (chance < 0.075) return this.#call(slowAudit(), 20);
    if (chance < 0.08) return this.#fetchToken();
    if (chance < 0.12) return this.#call(anyBulk());
    if (chance < 0.13) return this.#runLater();
    if (chance < 0.16) return this.#fulfil();
    if (chance < 0.3) return this.#trade();
    return chance < 0.55 ? this.#call(restock()) : this.#call(anyRead());
  }

  /** Makes a call; a keyed one that was cut off is left to whoever repeats it at the end. */
  async #call(call: SoakCall, pauseMs = 0): Promise<SoakAnswer | null> {
    if (call.key !== undefined) tell({ begun: call });
    try {
      const closedBefore = this.#connection.closedWhileIdle;
      const answer = await this.#connection.send(call, pauseMs);
      if (this.#connection.closedWhileIdle > closedBefore) count("asked again on another connection");
      count(`${call.kind} ${answer.status}`);
      if (!call.expected.includes(answer.status)) tell({ wrong: `${call.kind}: ${answer.status} ${answer.text.slice(0, 500)}` });
      else if (call.key !== undefined) tell({ ended: call, answer });
      return answer;
    } catch (error) {
      tell({ wrong: `${call.kind}: ${String(error)}` });
      return null;
    }
  }

  async #leave(): Promise<void> {
    const call = Math.random() < 0.5 ? restock() : Math.random() < 0.5 ? anyBulk() : anyRead();
    const stage = STAGES[Math.floor(Math.random() * STAGES.length)] ?? "in the head";
    if (call.key !== undefined) tell({ begun: call });
    await this.#connection.abort(call, stage);
    count(`left ${stage}`);
  }

  async #hang(): Promise<void> {
    if (Math.random() < 0.3) return void (await this.#call(hang()));
    const answer = await this.#connection.giveUpAfter(hang(), PATIENCE_MS);
    count(`hang ${answer?.status ?? "given up"}`);
  }

  async #fetchToken(): Promise<void> {
    const body = JSON.stringify({ grant_type: "client_credentials", ...order.secrets });
    await this.#call({ kind: "token", method: "POST", path: "/oauth/token", body, as: null, expected: [200] });
  }

  async #trade(): Promise<void> {
    const id = idOf(await this.#call(createOrder()));
    if (id === null) return;
    await this.#call(approveOrder(id));
    await this.#call(shipOrder(id));
    await this.#call(forgetOrder(id));
  }

  async #fulfil(): Promise<void> {
    const id = idOf(await this.#call(createOrder()));
    if (id === null) return;
    const run = runOf(await this.#call(fulfilOrder(id)));
    if (run !== null) await this.#pick(run);
    await this.#call(forgetOrder(id));
  }

  async #pick(run: string): Promise<void> {
    const picked: SoakCall = { kind: "signal", method: "POST", path: `/api/v1/workflows/${run}/signal/picked`, body: JSON.stringify({ by: "Nancy" }), as: "orders", expected: [200, 409] };
    await this.#call(picked);
    await this.#follow(run, "orders");
  }

  async #runLater(): Promise<void> {
    const run = runOf(await this.#call(bulkLater()));
    if (run === null) return;
    await this.#follow(run, "admin");
    await this.#call({ kind: "results", method: "GET", path: `/api/v1/workflows/${run}/results`, body: "", as: "admin", accept: "application/x-ndjson", expected: [200] });
  }

  /** Every state of a run, until it has ended. */
  async #follow(run: string, as: "admin" | "orders"): Promise<void> {
    const answer = await this.#call({ kind: "events", method: "GET", path: `/api/v1/workflows/${run}`, body: "", as, accept: "text/event-stream", expected: [200] });
    if (answer?.status === 200 && !/"status":"(completed|failed|cancelled)"/.test(answer.text)) tell({ wrong: `events: the stream ended before the run: ${answer.text.slice(-300)}` });
  }
}

function idOf(answer: SoakAnswer | null): number | null {
  const [, id] = /"data":\{"id":(\d+)/.exec(answer?.text ?? "") ?? [];
  return id === undefined ? null : Number(id);
}

function runOf(answer: SoakAnswer | null): string | null {
  return /"workflow_id":"([^"]+)"/.exec(answer?.text ?? "")?.[1] ?? null;
}

for (let client = 0; client < order.clients; client++) void new SoakClient().work();
setInterval(() => tell({ counts }), 500);
process.on("disconnect", () => process.exit());
