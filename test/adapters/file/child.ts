import type { FileStore } from "../../../src/adapters/file/index.ts";
import { ABSENT } from "../../../src/domain/ports.ts";
import { openSmallStore } from "./real-store.ts";

/*
 * A process that works on a store until it is killed: opens the directory in argv[2], says so, and
 * counts up one record, and beside it makes one record and one entry of the trail for each count: every other time
 * in so many bytes that the commit is written ahead in parts. It
 * tells of a count when it is durable, and never earlier. `hold` in argv[3]: it opens the store, and keeps it.
 */

const [directory = "", task = "count"] = process.argv.slice(2);

try {
  const store = await openSmallStore(directory, () => 0, { maxSegmentEntries: 10, flushBytes: 1 }, { maxBytes: 300, partBytes: 100 });
  process.stdout.write("open\n");
  if (task === "hold") setInterval(() => undefined, 60_000);
  else await count(store);
} catch (error) {
  process.stdout.write(`failed ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}

async function count(store: FileStore): Promise<void> {
  const most = Number(task === "count" ? Number.POSITIVE_INFINITY : task);
  const last = (await store.read("counts", ["last"]))[0];
  let version = last?.version ?? ABSENT;
  const start = Number(last?.value["n"] ?? 0);
  for (let n = start + 1; n <= start + most; n++) {
    const result = await store.commit([
      { kind: "put", collection: "counts", id: "last", basedOn: version, value: { n } },
      { kind: "put", collection: "made", id: String(n), basedOn: ABSENT, value: { n, filler: "x".repeat(n % 300) } },
      ...(n > 200 ? [{ kind: "delete" as const, collection: "made", id: String(n - 200), basedOn: version - 199 }] : []),
    ], [{ at: 0, expiresAt: 1, action: "count", subject: null, identity: "child", value: { n } }]);
    if (!result.committed) throw new Error(`conflicts ${JSON.stringify(result.conflicts)}`);
    version = result.version;
    if (n % 3 === 0) continue;
    await store.durable();
    process.stdout.write(`${n}\n`);
  }
  await store.close();
}
