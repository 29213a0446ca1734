import { drainOnSignal } from "../adapters/node-http/index.ts";
import type { Observe } from "../domain/ports.ts";
import { readEnvironment } from "./environment.ts";
import { writeInvitation } from "./invitation.ts";
import { createLog } from "./log.ts";
import { startApplication } from "./start.ts";
import type { Application } from "./start.ts";

/**
 * Serves an application as this process: takes {@link readEnvironment}'s variables,
 * tells a person on stdout what to do next, logs to stderr as lines of JSON, and ends with exit code 0 when it is told to
 * stop. What keeps it from starting is one sentence on stderr and exit code 1.
 */
export async function runApplication(application: Application): Promise<void> {
  const observe = createLog((line) => void process.stderr.write(line), Date.now);
  try {
    await run(application, observe);
  } catch (error) {
    process.stderr.write(`${application.name} did not start: ${explain(error)}\n`);
    process.exitCode = 1;
  }
}

async function run(application: Application, observe: Observe): Promise<void> {
  const environment = readEnvironment(process.env, { dataDirectory: `.data/${application.name}` });
  const { url, credentialsPath, stop } = await startApplication(application, environment, observe);
  drainOnSignal({ stop, observe });
  const { firstCall } = application;
  process.stdout.write(credentialsPath === null ? "" : `\n${writeInvitation({ url, credentialsPath, firstCall })}`);
  process.stdout.write(`actionport listening on ${url}\n`);
}

/** What the system says when an address cannot be had, with the remedy. */
const REMEDIES: ReadonlyMap<unknown, string> = new Map([
  ["EADDRINUSE", "Another process listens there; stop it, or set PORT to another port (0 takes a free one)."],
  ["EADDRNOTAVAIL", "This machine has no such address; set HOST to one that it has."],
  ["ENOTFOUND", "There is no such host; set HOST to an address of this machine."],
  ["EACCES", "Set PORT to 1024 or more, and DATA_DIR to a directory that this user may write."],
]);

function explain(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const remedy = "code" in error ? REMEDIES.get(error.code) : undefined;
  return remedy === undefined ? error.message : `${error.message}. ${remedy}`;
}
