import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { Readable } from "node:stream";
import type { TestContext } from "node:test";
import { runCommandLine } from "../../../src/app/cli/command-line.ts";
import { argumentsToRun } from "../../compiled.ts";

/** The application that the tests of the command line call, as a module that node can load here. */
export const APPLICATION = argumentsToRun("test/app/cli/fixture/application.ts").at(-1) ?? "";

/** What a program that has ended said. */
export interface Said {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** What is around a program. */
export interface Around {
  readonly variables?: Readonly<Record<string, string>>;
  readonly stdin?: string;
}

const DEADLINE_MS = 60_000;

/** Starts `actionport` as a process, with none of the variables of whoever runs the tests. */
export function start(words: readonly string[], { variables = {} }: Around = {}): ChildProcess {
  const { PATH = "", HOME = "" } = process.env;
  return spawn(process.execPath, [...argumentsToRun("src/app/cli/main.ts"), ...words], { env: { PATH, HOME, ...variables }, stdio: ["pipe", "pipe", "pipe"], timeout: DEADLINE_MS, killSignal: "SIGKILL" });
}

/** Types a command and waits for its end. */
export async function type(words: readonly string[], around: Around = {}): Promise<Said> {
  const child = start(words, around);
  const said = { out: "", err: "" };
  child.stdout?.on("data", (chunk: Buffer) => (said.out += chunk.toString()));
  child.stderr?.on("data", (chunk: Buffer) => (said.err += chunk.toString()));
  // A program that does not read its stdin is not wrong.
  child.stdin?.on("error", () => undefined);
  child.stdin?.end(around.stdin ?? "");
  const [code]: [number | null] = await once(child, "close").then(([first]: unknown[]) => [typeof first === "number" ? first : null]);
  return { code, ...said };
}

/** Types a command in this very process, which takes no time to start. */
export async function typeHere(words: readonly string[], { variables = {}, stdin = "" }: Around = {}): Promise<Said> {
  const said = { out: "", err: "" };
  const stdout = { write: (text: string) => (said.out += text) };
  const code = await runCommandLine({ words, variables, stdin: Readable.from([stdin]), stdout, stderr: { write: (text) => (said.err += text) } });
  return { code, ...said };
}

/** A directory of its own for a test. */
export function makeDirectory(context: TestContext): string {
  const directory = mkdtempSync(join(tmpdir(), "actionport-cli-"));
  context.after(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

/** An application that `actionport serve` serves. */
export interface Served {
  readonly data: string;
  /** To call it as one of its clients. */
  variables(client: string): Readonly<Record<string, string>>;
  readonly url: string;
  stop(): Promise<number | null>;
}

/** Serves the application of the tests by the command itself, until the test ends. */
export async function serve(context: TestContext, directory = makeDirectory(context)): Promise<Served> {
  const data = join(directory, "data");
  const child = start(["serve", APPLICATION, "--port", "0", "--data", data]);
  let log = "";
  child.stderr?.on("data", (chunk: Buffer) => (log += chunk.toString()));
  const ended = once(child, "exit");
  const stop = async () => {
    child.kill("SIGTERM");
    await ended;
    return child.exitCode;
  };
  context.after(stop);
  const url = await new Promise<string>((resolve, reject) => {
    if (child.stdout === null) return reject(new Error("no stdout"));
    createInterface({ input: child.stdout }).on("line", (line) => {
      const [, address] = /^actionport listening on (\S+)$/.exec(line) ?? [];
      if (address !== undefined) resolve(address);
    }).on("close", () => reject(new Error(log)));
  });
  const credentials = join(data, "credentials.json");
  return { url, data, stop, variables: () => ({ ACTIONPORT_URL: url, ACTIONPORT_CREDENTIALS: credentials, XDG_STATE_HOME: join(directory, "state") }) };
}
