import { createHash, randomUUID } from "node:crypto";
import { mkdtemp, readdir, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { northwind } from "../examples/northwind/catalog.ts";
import { readInitialRecords } from "../examples/northwind/initial-records.ts";
import { openFileStore } from "../src/adapters/file/index.ts";
import { loadInitialRecords } from "../src/app/initial-records.ts";
import { createActions, createIdentity, type Actions } from "../src/domain/index.ts";
import { memoryUsed } from "./memory-used.ts";

/*
 * What one call of an action leaves behind in a file store, in bytes:
 *
 *   node --expose-gc --import tsx bench/footprint.ts [calls]
 *
 * Northwind's `products/restock`, which changes a record of 190 bytes and answers with it, first without and then with an
 * idempotency key; and a call that is refused. Nothing is cached, so that memory is the index alone.
 */

const CALLS = Number(process.argv[2] ?? 20_000);
const IDENTITY = createIdentity({ kind: "client", id: randomUUID(), name: "orders", permissions: ["manage_products"] });
const NOBODY = createIdentity({ kind: "client", id: randomUUID(), name: "nobody", permissions: [] });

interface Footprint {
  readonly trail: number;
  readonly records: number;
  readonly memory: number;
}

report("an action without a key", await measure((actions, turn) => call(actions, turn, IDENTITY, undefined)));
report("an action with a key", await measure((actions, turn) => call(actions, turn, IDENTITY, randomUUID())));
report("a refused call", await measure((actions, turn) => call(actions, turn, NOBODY, randomUUID())));

function call(actions: Actions, turn: number, identity: typeof IDENTITY, idempotencyKey: string | undefined): Promise<unknown> {
  return actions.execute({ key: "products/restock", subject: String(1 + (turn % 77)), params: { quantity: 1 }, identity, idempotencyKey, requestId: randomUUID() });
}

async function measure(act: (actions: Actions, turn: number) => Promise<unknown>): Promise<Footprint> {
  const directory = await mkdtemp(join(tmpdir(), "actionport-footprint-"));
  const options = { directory, clock: Date.now, maxCachedBytes: 0, maxLogMultiple: 2, minLogBytes: 4096 };
  try {
    let store = await openFileStore(options);
    await loadInitialRecords(store, readInitialRecords);
    const digest = (text: string): string => createHash("sha256").update(text).digest("hex");
    const actions = createActions({ catalog: northwind, store, clock: Date.now, newId: randomUUID, digest, maxRefusalsPerHour: CALLS + 1 });
    const before = { ...(await sizes(directory)), memory: memoryUsed() };
    for (let turn = 0; turn < CALLS; turn += 64) await Promise.all(Array.from({ length: Math.min(64, CALLS - turn) }, (_, at) => act(actions, turn + at)));
    await store.close();
    store = await openFileStore(options);
    const after = { ...(await sizes(directory)), memory: memoryUsed() };
    await store.close();
    return { trail: (after.trail - before.trail) / CALLS, records: (after.snapshot - before.snapshot) / CALLS, memory: (after.memory - before.memory) / CALLS };
  } finally {
    await rm(directory, { recursive: true });
  }
}

async function sizes(directory: string): Promise<{ readonly trail: number; readonly snapshot: number }> {
  const sum = { trail: 0, snapshot: 0 };
  for (const name of await readdir(directory)) {
    const { size } = await stat(join(directory, name));
    if (name.endsWith(".trail")) sum.trail += size;
    if (name.endsWith(".snapshot") || name.endsWith(".log")) sum.snapshot += size;
  }
  return sum;
}

function report(what: string, { trail, records, memory }: Footprint): void {
  console.log(`${what}: ${trail.toFixed(0)} bytes of trail, ${records.toFixed(0)} of records and their log, ${memory.toFixed(0)} of memory`);
}
