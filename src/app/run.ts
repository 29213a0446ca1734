import { drainOnSignal } from "../adapters/node-http/index.ts";
import type { Observe } from "../domain/ports.ts";
import type { Application } from "./application/application.ts";
import { explain } from "./explain.ts";
import { writeInvitation } from "./invitation.ts";
import type { Environment } from "./environment.ts";
import { refuseWhileLoading } from "./loading.ts";
import { createLogLines } from "./log/log.ts";
import { createLogStream } from "./log/log-stream.ts";
import type { LogStream } from "./log/log-stream.ts";
import { prepare, start } from "./start.ts";

/**
 * Serves an application as this process: takes the variables of docs/operations.md,
 * tells a person on stdout what to do next, logs to stderr, and ends with exit code 0 when it is told to
 * stop. What keeps it from starting is one sentence on stderr and exit code 1.
 */
export function runApplication(application: Application): Promise<void> {
  // Thrown, so that a module is told that does not wait for the answer.
  refuseWhileLoading();
  return run(application).catch((error: unknown) => {
    process.stderr.write(`${typeof application?.name === "string" ? application.name : "the application"} did not start: ${explain(error)}\n`);
    process.exitCode = 1;
  });
}

async function run(application: Application): Promise<void> {
  const prepared = prepare(application, process.env);
  const log = openLog(prepared.environment);
  const observe = tellBoth(log.observe, application.observe);
  const running = await start(prepared, observe);
  const { url, credentialsPath } = running;
  const { firstCall, clients = {}, signals } = application;
  const stop = async () => {
    running.leave();
    await pause(delayOf(prepared.application.signals));
    await running.stop();
    await log.stream.flush(FLUSH_MS);
  };
  if (signals !== false) drainOnSignal({ deadlineMs: signals?.deadlineMs ?? chooseDeadline(prepared.application), stop, observe });
  process.stdout.write(credentialsPath === null ? "" : `\n${writeInvitation({ url, credentialsPath, clients: Object.keys(clients), firstCall })}`);
  process.stdout.write(`actionport listening on ${url}\n`);
}

/** The log on stderr: for people on a terminal, else for programs. */
function openLog({ logFormat, logLevel = "info", logRequests = false, noColor = false }: Environment): { readonly observe: Observe; readonly stream: LogStream } {
  const isTerminal = process.stderr.isTTY === true;
  const toLine = createLogLines({ format: logFormat ?? (isTerminal ? "text" : "json"), level: logLevel, requests: logRequests, colour: isTerminal && !noColor, clock: Date.now });
  const stream = createLogStream(process.stderr, (count) => toLine({ event: "log_lines_dropped", count }));
  const observe: Observe = (observation) => {
    const line = toLine(observation);
    if (line !== undefined) stream.write(line);
  };
  return { observe, stream };
}

/** The log first: what the application throws is swallowed, and with it what would come after. */
function tellBoth(log: Observe, own: Observe | undefined): Observe {
  if (own === undefined) return log;
  return (observation) => {
    log(observation);
    own(observation);
  };
}

/** For a reader of the log who is behind. */
const FLUSH_MS = 500;
/** For what closes behind the server: workflows, the store, the log. */
const CLOSING_MS = 800;
const DEFAULT_DRAIN_MS = 9_000;

/** By default a stop has as long as the server may take, and a little more. */
function chooseDeadline({ server, signals }: Application): number {
  return delayOf(signals) + (server?.drainTimeoutMs ?? DEFAULT_DRAIN_MS) + CLOSING_MS;
}

function delayOf(signals: Application["signals"]): number {
  return signals === false ? 0 : (signals?.delayMs ?? 0);
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => (ms === 0 ? resolve() : setTimeout(resolve, ms)));
}
