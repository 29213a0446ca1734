import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openFileStore } from "../../../src/adapters/file/index.ts";
import { recordStoreContract } from "../../contracts/record-store.ts";

for (const [name, limits] of [["file", {}], ["file, compacting all the time", { minLogBytes: 4096, maxLogMultiple: 2 }]] as const) {
  recordStoreContract(name, async (clock) => {
    const directory = await mkdtemp(join(tmpdir(), "actionport-store-"));
    const store = await openFileStore({ directory, clock, ...limits });
    return {
      store,
      async close() {
        await store.close();
        await rm(directory, { recursive: true });
      },
    };
  });
}
