import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { chmodSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import { promisify } from "node:util";
import { argumentsToRun } from "../../compiled.ts";
import { APPLICATION, makeDirectory } from "./typing.ts";

/** A directory with the program as `actionport`, for the path of a shell. */
function makeProgram(context: TestContext): string {
  const directory = makeDirectory(context);
  const words = [process.execPath, ...argumentsToRun("src/app/cli/main.ts")].map((word) => `'${word}'`).join(" ");
  writeFileSync(join(directory, "actionport"), `#!/bin/sh\nexec ${words} "$@"\n`);
  chmodSync(join(directory, "actionport"), 0o755);
  return directory;
}

/** What bash would offer for this line, with the cursor at its end. */
async function completeInBash(path: string, line: string): Promise<readonly string[]> {
  const script = `
    eval "$(actionport completion bash)"
    COMP_LINE=$1 COMP_POINT=\${#1}
    read -r -a COMP_WORDS <<< "$1"; [[ $1 == *" " ]] && COMP_WORDS+=("")
    COMP_CWORD=$((\${#COMP_WORDS[@]} - 1))
    "$(complete -p actionport | sed 's/.*-F \\([^ ]*\\).*/\\1/')"
    printf '%s\\n' "\${COMPREPLY[@]}"`;
  const { stdout } = await promisify(execFile)("bash", ["-euo", "pipefail", "-c", script, "bash", line], { env: { ...process.env, PATH: `${path}:${process.env["PATH"]}` } });
  return stdout.split("\n").filter((each) => each !== "");
}

test("bash completes commands, options, choices, keys and parameters by the script that the program writes", async (context) => {
  const path = makeProgram(context);
  const app = `--app ${APPLICATION}`;
  const [commands, choices, keys, parameters] = await Promise.all([
    completeInBash(path, "actionport work"),
    completeInBash(path, "actionport completion "),
    completeInBash(path, `actionport run ${app} tick`),
    completeInBash(path, `actionport run ${app} tickets/close-ticket 7 --t`),
  ]);
  assert.deepEqual(commands, ["workflow"]);
  assert.deepEqual(choices, ["bash", "zsh", "fish"]);
  assert.deepEqual(keys, ["tickets/close-ticket", "tickets/wait-for-answer"]);
  assert.deepEqual(parameters, ["--timeout", "--tags"]);
});
