#!/usr/bin/env node
import { runCommandLine } from "./command-line.ts";
import { EXIT_CODES } from "./exit-codes.ts";
import { interruptible } from "./interruptible.ts";

// Whoever reads may have enough: `actionport list | head -1` is no failure.
for (const stream of [process.stdout, process.stderr]) {
  stream.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE") process.exit();
    // Thrown, it would end the process with 1: a script would take what was done for refused.
    if (stream === process.stdout) process.stderr.write(`The answer could not be written: ${error.message}\n`);
    process.exit(EXIT_CODES.fault);
  });
}

const code = await runCommandLine({
  words: process.argv.slice(2),
  variables: process.env,
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  get signal() {
    return interruptible();
  },
});

process.exitCode = code;
// What was not done leaves nothing that goes on, such as a server that the module of an application has started by itself.
if (code !== 0) process.exit();
