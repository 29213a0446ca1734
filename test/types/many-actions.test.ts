import { resolve } from "node:path";
import { test } from "node:test";
import { checkManyActions } from "./many-actions.ts";

test("What one more action costs the compiler, client included, is bounded", (t) => {
  for (const { count, instantiations } of checkManyActions(resolve("node_modules/typescript/bin/tsc"), [100, 500], "some")) t.diagnostic(`${count} actions: ${instantiations} instantiations`);
});
