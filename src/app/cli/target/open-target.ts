import type { CallOptions } from "../../../adapters/client/index.ts";
import type { Ending } from "../exit-codes.ts";
import { misused } from "../fault.ts";
import type { Input, Option } from "../language/grammar.ts";
import type { Session } from "../session.ts";
import { readCredentials, readFirstCredentials } from "./credentials.ts";
import { openServer } from "./server.ts";
import type { Target } from "./target.ts";

/** What says whose actions are called, and who calls them. */
export const TARGET_OPTIONS: readonly Option[] = [
  { name: "url", value: "URL", help: "The server to call; else ACTIONPORT_URL says so. With --client: http://127.0.0.1:3000." },
  { name: "client", value: "NAME", help: "Who calls: a client of the credentials.json that the first start has made. Else the environment says so." },
  { name: "app", value: "FILE", help: "Calls the actions of this application in this process, without a server.", completes: "file" },
  { name: "data", value: "DIR", help: "With --app: the data directory. Else the store is in memory, and gone at the end.", completes: "directory" },
  { name: "as", value: "NAME", help: "With --app: who calls. Default: cli." },
  { name: "can", value: "PERMISSION", many: true, help: "With --app: a permission of whoever calls; * is all of them." },
  { name: "timeout", value: "SECONDS", help: "For how long a call is tried. Default: 60; what lasts has no end." },
];

/** Does what a command does, with the target that was asked for. */
export function withTarget(session: Session, input: Input, work: (target: Target) => Promise<Ending>): Promise<Ending> {
  return askTarget(session, input, work);
}

/** Does some work with the target that was asked for, and closes it whatever happens. */
export async function askTarget<T>(session: Session, input: Input, work: (target: Target) => Promise<T>): Promise<T> {
  const target = await openTarget(session, input);
  try {
    return await work(target);
  } finally {
    await target.close();
  }
}

async function openTarget(session: Session, input: Input): Promise<Target> {
  const app = input.text("app");
  if (app !== undefined) {
    refuse(input, ["url", "client"], "goes with a server, and --app calls an application in this process.");
    // Asked for when it is needed: whoever calls a server need not wait for all that a server is made of.
    const { openInProcess } = await import("./in-process.ts");
    return openInProcess(session, { app, data: input.text("data"), name: input.text("as") ?? "cli", permissions: input.texts("can") });
  }
  refuse(input, ["data", "as", "can"], "goes with --app: a server has its own data, and knows by the token who calls.");
  const client = input.text("client");
  const { ACTIONPORT_URL: configured = "", PORT: port = "3000" } = session.variables;
  const url = input.text("url") ?? (configured !== "" ? configured : client === undefined ? undefined : `http://127.0.0.1:${port}`);
  if (url === undefined) throw misused("Which server? Set ACTIONPORT_URL or give --url https://…, or call an application in this process with --app ./app.ts.");
  return openServer(url, client === undefined ? readCredentials(session) : readFirstCredentials(session, client), { timeoutMs: readTimeout(input), maxTries: isLasting(input) ? LASTING_TRIES : TRIES });
}

/** Somebody waits in front of the screen. */
const TRIES = 3;
/** What goes on for long outlives a server's restart. */
const LASTING_TRIES = 10;

function isLasting(input: Input): boolean {
  return input.flag("follow") || input.flag("wait") || input.text("ids-file") !== undefined;
}

function refuse(input: Input, options: readonly string[], why: string): void {
  const given = options.find((option) => input.text(option) !== undefined);
  if (given !== undefined) throw misused(`--${given} ${why}`);
}

/** In milliseconds, if it is given. */
function readTimeout(input: Input): number | undefined {
  const text = input.text("timeout");
  if (text === undefined) return undefined;
  if (/^\d{1,6}(?:\.\d+)?$/.test(text) && Number(text) > 0) return Number(text) * 1000;
  throw misused(`--timeout must be a number of seconds, such as 10, not ${JSON.stringify(text)}.`);
}

/** Options of a call, by what was typed. */
export function callOptions(session: Session, input: Input): CallOptions {
  return { signal: session.signal, timeoutMs: readTimeout(input) };
}
