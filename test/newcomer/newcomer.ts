import assert from "node:assert/strict";
import { execFileSync, spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";

const WAIT_MS = 120_000;

/** A command as it is typed, and how long it took. */
export interface Typed {
  readonly command: string;
  readonly seconds: number;
}

/** A server that was started. */
export interface Serving {
  readonly url: string;
  /** What it said until then. */
  readonly printed: string;
}

/** Somebody at a terminal who has never seen Actionport, and has the package as a file. */
export class Newcomer {
  readonly typed: Typed[] = [];
  #directory: string;
  #environment: NodeJS.ProcessEnv;
  #server: ChildProcess | undefined;
  #log = "";

  /** `home` has what programs keep for a user, and nothing in it yet. */
  constructor(directory: string, home: string) {
    this.#directory = directory;
    // A test runner within another reports to it unless it does not know of it; and npm tells its scripts whose they are.
    const own = Object.entries(process.env).filter(([name]) => !/^(?:NODE_TEST_CONTEXT$|npm_)/.test(name));
    this.#environment = { ...Object.fromEntries(own), XDG_STATE_HOME: home, PORT: "0" };
  }

  enter(directory: string): void {
    this.#directory = join(this.#directory, directory);
  }

  write(path: string, text: string): void {
    writeFileSync(join(this.#directory, path), text);
  }

  /** Replaces a part of a file, which must be there once. */
  edit(path: string, before: string, after: string): void {
    const text = readFileSync(join(this.#directory, path), "utf8");
    assert.equal(text.split(before).length, 2, `${path} has ${before}`);
    this.write(path, text.replace(before, () => after));
  }

  /** Types a command; answers what it printed, and throws that when it fails. */
  type(command: string): string {
    const began = performance.now();
    const printed = this.look(command);
    this.#note(command, began);
    return printed;
  }

  /** Runs a command that is none of the newcomer's, to see what has come of them. */
  look(command: string): string {
    try {
      return execFileSync("sh", ["-ec", command], { cwd: this.#directory, env: this.#environment, encoding: "utf8", timeout: WAIT_MS, maxBuffer: 2 ** 26, stdio: ["ignore", "pipe", "pipe"] });
    } catch (error) {
      // What was written is in the error of execFileSync.
      const { stdout = "", stderr = "" } = error as { readonly stdout?: string; readonly stderr?: string };
      throw new Error(`$ ${command}\n${stdout}${stderr}`, { cause: error });
    }
  }

  /** Types a command on a terminal of 80 columns: what programs see of it is no pipe. */
  typeOnTerminal(command: string): string {
    const began = performance.now();
    const script = `stty cols 80 rows 24 && ${command}`;
    const printed = execFileSync("script", ["--quiet", "--return", "--command", script, "/dev/null"], { cwd: this.#directory, env: { ...this.#environment, TERM: "xterm" }, encoding: "utf8", timeout: WAIT_MS, stdio: ["ignore", "pipe", "inherit"] });
    this.#note(command, began);
    return printed;
  }

  /** Types a command that goes on; answers what it printed when it says that it listens. The port that it takes is its port from then on. */
  async serve(command: string): Promise<Serving> {
    const began = performance.now();
    const child = spawn("sh", ["-ec", command], { cwd: this.#directory, env: this.#environment, stdio: ["ignore", "pipe", "pipe"], detached: true });
    this.#server = child;
    this.#log = "";
    child.stderr.on("data", (piece: Buffer) => (this.#log += piece.toString()));
    const serving = await readUntilListening(child);
    this.#note(command, began);
    assert.ok(serving !== undefined, `${command} has ended: ${this.#log}`);
    this.#environment = { ...this.#environment, PORT: new URL(serving.url).port };
    return serving;
  }

  /** Presses Ctrl-C in the server's terminal: all its processes get the signal. */
  async interrupt(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    if (server?.pid === undefined) return;
    const closed = once(server, "close");
    process.kill(-server.pid, "SIGINT");
    await closed;
  }

  #note(command: string, began: number): void {
    this.typed.push({ command, seconds: (performance.now() - began) / 1000 });
  }
}

async function readUntilListening({ stdout }: ChildProcess): Promise<Serving | undefined> {
  let printed = "";
  if (stdout === null) return undefined;
  for await (const line of createInterface({ input: stdout })) {
    printed += `${line}\n`;
    const [, url] = /listening on (http\S+)$/.exec(line) ?? [];
    if (url !== undefined) return { url, printed };
  }
  return undefined;
}
