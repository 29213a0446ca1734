import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { test } from "node:test";
import { promisify } from "node:util";
import { putOnPath } from "../app/cli/program-on-path.ts";
import { APPLICATION } from "../app/cli/typing.ts";

const CASES: readonly (readonly [line: string, offered: readonly string[]])[] = [
  ["actionport comp", ["completion"]],
  ["actionport store ", ["backup", "check", "copy", "export"]],
  ["actionport completion z", ["zsh"]],
  [`actionport run --app ${APPLICATION} tick`, ["tickets/close-ticket", "tickets/wait-for-answer"]],
  [`actionport run --app ${APPLICATION} tickets/close-ticket 7 --no`, ["--note"]],
];

test("fish offers what the program says", async (context) => {
  const env = putOnPath(context);
  for (const [line, offered] of CASES) {
    const { stdout } = await promisify(execFile)("fish", ["--no-config", "-c", "actionport completion fish | source; complete -C $argv[1]", line], { env });
    assert.deepEqual(stdout.split("\n").filter((each) => each !== "").sort(), offered.toSorted(), line);
  }
});

/** The functions of zsh's own completion that the script calls, such that they say what they are given. */
const ZSH = 'compdef() { :; }; compadd() { shift; print -l -- "$@"; }; _files() { print -- paths "$@"; }; eval "$(actionport completion zsh)"; words=("${(@s: :)1}"); CURRENT=$#words; _actionport || true';

test("zsh offers what the program says", async (context) => {
  const env = putOnPath(context);
  for (const [line, offered] of [...CASES, ["actionport serve ", ["paths"]], ["actionport store copy --from ", ["paths -/"]]] as const) {
    const { stdout } = await promisify(execFile)("zsh", ["-f", "-c", ZSH, "zsh", line], { env });
    assert.deepEqual(stdout.split("\n").filter((each) => each !== "").sort(), offered.toSorted(), line);
  }
});
