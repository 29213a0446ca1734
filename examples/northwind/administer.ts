import { runCommandLine } from "actionport/app";

process.exitCode = await runCommandLine({
  words: process.argv.slice(2),
  variables: process.env,
  applicationName: "northwind",
  stdin: process.stdin,
  writeOutput: (text) => void process.stdout.write(text),
  writeError: (text) => void process.stderr.write(text),
});
