import pg from "pg";
import { createPostgresStore } from "../../src/adapters/postgres/index.ts";
import { createIdentity, isSuccess } from "../../src/domain/index.ts";
import { createAmendment, PERMISSION, subjectId, SUBJECTS } from "../job/order.ts";
import { AMENDMENT_KEY, createShop } from "../job/ours.ts";
import { amendByHand, createTables } from "./by-hand.ts";

/** A process that works for so long when it is told to. */
export interface WorkerTurn {
  readonly calls: number;
  /** How long each call took, in milliseconds. */
  readonly latencies: readonly number[];
}

/** What it is told: for how many milliseconds to work. */
export interface WorkerOrder {
  readonly ms: number;
}

/** Called with what it does (`by hand`, `ours`), a database's URL, how many callers it has, and `first` when the tables are to be made. */
const [what = "", url = "", callers = "1", first] = process.argv.slice(2);
const pool = new pg.Pool({ connectionString: url, max: Number(callers) });
pool.on("error", () => undefined);
const call = what === "ours" ? await openOurs() : await openByHand();
process.on("message", (order: WorkerOrder) => void work(order.ms));
process.once("disconnect", () => void pool.end());
process.send?.("ready");

async function openByHand(): Promise<(number: number) => Promise<unknown>> {
  if (first !== undefined) await createTables(pool);
  return (number) => amendByHand(pool, subjectId(number), createAmendment(number));
}

async function openOurs(): Promise<(number: number) => Promise<unknown>> {
  const store = createPostgresStore({ query: async (text, values) => (await pool.query<Record<string, unknown>>(text, values)).rows });
  if (first !== undefined) await store.migrate();
  await store.open();
  process.once("disconnect", () => void store.close());
  const actions = await createShop({ store, ...(first === undefined ? { isFilled: true } : {}) });
  const identity = createIdentity({ kind: "client", id: "bench", permissions: [PERMISSION] });
  return async (number) => {
    const outcome = await actions.execute({ key: AMENDMENT_KEY, subject: String(subjectId(number)), identity, params: createAmendment(number) });
    if (!isSuccess(outcome)) throw new Error(JSON.stringify(outcome));
  };
}

async function work(ms: number): Promise<void> {
  const latencies: number[] = [];
  const end = performance.now() + ms;
  const caller = async (): Promise<void> => {
    for (let began = performance.now(); began < end; ) {
      await call(Math.floor(Math.random() * SUBJECTS));
      const now = performance.now();
      latencies.push(now - began);
      began = now;
    }
  };
  await Promise.all(Array.from({ length: Number(callers) }, caller));
  const turn: WorkerTurn = { calls: latencies.length, latencies: latencies.map((each) => Math.round(each * 100) / 100) };
  process.send?.(turn);
}
