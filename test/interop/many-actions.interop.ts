import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { checkManyActions } from "../types/many-actions.ts";

process.chdir(fileURLToPath(new URL("../..", import.meta.url)));

for (const [name, compiler] of [["5.9", "test/interop/node_modules/typescript-5.9/bin/tsc"], ["7", "node_modules/typescript/bin/tsc"]] as const) {
  for (const called of ["some", "each"] as const) {
    test(`TypeScript ${name} takes the same for one more action from 100 to 3,000, where a client calls ${called} of them`, (t) => {
      for (const { count, instantiations, seconds } of checkManyActions(compiler, [100, 1_000, 3_000], called)) t.diagnostic(`${count} actions: ${instantiations} instantiations, ${seconds} s`);
    });
  }
}
