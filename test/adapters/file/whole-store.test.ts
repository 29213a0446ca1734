import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { openFileStore } from "../../../src/adapters/file/index.ts";
import { testWholeStore } from "../../contracts/whole-store.ts";

testWholeStore({
  name: "file",
  test,
  async open(clock) {
    const directory = mkdtempSync(join(tmpdir(), "whole-"));
    const store = await openFileStore({ directory, clock });
    return {
      store,
      async close() {
        await store.close();
        rmSync(directory, { recursive: true });
      },
    };
  },
});
