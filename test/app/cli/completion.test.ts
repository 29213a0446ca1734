import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { test } from "node:test";
import { promisify } from "node:util";
import { putOnPath } from "./program-on-path.ts";
import { APPLICATION } from "./typing.ts";

/** What bash would offer for this line, with the cursor at its end. */
async function completeInBash(env: Readonly<Record<string, string | undefined>>, line: string): Promise<readonly string[]> {
  const script = `
    eval "$(actionport completion bash)"
    COMP_LINE=$1 COMP_POINT=\${#1}
    read -r -a COMP_WORDS <<< "$1"; [[ $1 == *" " ]] && COMP_WORDS+=("")
    COMP_CWORD=$((\${#COMP_WORDS[@]} - 1))
    "$(complete -p actionport | sed 's/.*-F \\([^ ]*\\).*/\\1/')"
    printf '%s\\n' "\${COMPREPLY[@]}"`;
  const { stdout } = await promisify(execFile)("bash", ["-euo", "pipefail", "-c", script, "bash", line], { env });
  return stdout.split("\n").filter((each) => each !== "");
}

test("bash completes commands, options, choices, keys and parameters by the script that the program writes", async (context) => {
  const env = putOnPath(context);
  const app = `--app ${APPLICATION}`;
  const [commands, choices, keys, parameters] = await Promise.all([
    completeInBash(env, "actionport work"),
    completeInBash(env, "actionport completion "),
    completeInBash(env, `actionport run ${app} tick`),
    completeInBash(env, `actionport run ${app} tickets/close-ticket 7 --t`),
  ]);
  assert.deepEqual(commands, ["workflow"]);
  assert.deepEqual(choices, ["bash", "zsh", "fish"]);
  assert.deepEqual(keys, ["tickets/close-ticket", "tickets/wait-for-answer"]);
  assert.deepEqual(parameters, ["--timeout", "--tags"]);
});
