import { chmodSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { argumentsToRun } from "../../compiled.ts";
import { makeDirectory } from "./typing.ts";

/** A directory with the program as `actionport`, and the variables of a shell that finds it there. */
export function putOnPath(context: TestContext): Readonly<Record<string, string | undefined>> {
  const directory = makeDirectory(context);
  const words = [process.execPath, ...argumentsToRun("src/app/cli/main.ts")].map((word) => `'${word}'`).join(" ");
  writeFileSync(join(directory, "actionport"), `#!/bin/sh\nexec ${words} "$@"\n`);
  chmodSync(join(directory, "actionport"), 0o755);
  return { ...process.env, PATH: `${directory}:${process.env["PATH"]}` };
}
