import { execFileSync, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { chownSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { findOwner, findProgram, type Owner } from "./programs.ts";

/** A PostgreSQL server of the example's own. */
export interface PrivatePostgres {
  readonly url: string;
  /** Lets what is under way end, and stops it. */
  stop(): Promise<void>;
}

const ROLE = "northwind";
const PASSWORD_BYTES = 18;

/** Starts it on the data in this directory, which it makes when it is new, on a free port of 127.0.0.1 that only its password opens. */
export async function startPrivatePostgres(directory: string): Promise<PrivatePostgres> {
  const owner = findOwner();
  const data = join(directory, "data");
  const passwordFile = join(directory, "password");
  if (!existsSync(join(data, "PG_VERSION"))) initialise(directory, data, passwordFile, owner);
  stopLeftOver(data, owner);
  const port = await findFreePort();
  const settings = { listen_addresses: "127.0.0.1", port: String(port), unix_socket_directories: "", logging_collector: "off" };
  const args = ["-D", data, ...Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`])];
  const server = spawn(findProgram("postgres"), args, { ...owner, cwd: directory, detached: true, stdio: ["ignore", "ignore", "pipe"] });
  const ended = once(server, "close");
  await ready(server.stderr, ended);
  return {
    url: `postgres://${ROLE}:${readFileSync(passwordFile, "utf8")}@127.0.0.1:${port}/postgres`,
    async stop() {
      server.kill("SIGINT");
      await ended;
    },
  };
}

function initialise(directory: string, data: string, passwordFile: string, owner: Owner): void {
  mkdirSync(directory, { recursive: true });
  writeFileSync(passwordFile, randomBytes(PASSWORD_BYTES).toString("base64url"), { mode: 0o600 });
  for (const path of [directory, passwordFile]) if (owner.uid !== undefined && owner.gid !== undefined) chownSync(path, owner.uid, owner.gid);
  run("initdb", ["-D", data, "-U", ROLE, "--encoding=UTF8", "--locale=C", "--auth=scram-sha-256", `--pwfile=${passwordFile}`], directory, owner);
}

/** One that is still running was left by a start that was killed. */
function stopLeftOver(data: string, owner: Owner): void {
  if (existsSync(join(data, "postmaster.pid"))) {
    try {
      run("pg_ctl", ["stop", "-D", data, "-m", "fast", "-s"], data, owner);
    } catch {
      // It does not run any more, and has only left its file.
    }
  }
}

function run(program: string, args: readonly string[], cwd: string, owner: Owner): void {
  try {
    execFileSync(findProgram(program), args, { ...owner, cwd, encoding: "utf8", stdio: ["ignore", "ignore", "pipe"] });
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") throw new Error(`${program} is not there: install PostgreSQL (Debian: apt-get install postgresql), or set DATABASE_URL`);
    throw error;
  }
}

async function ready(stderr: NodeJS.ReadableStream, ended: Promise<unknown>): Promise<void> {
  const said: string[] = [];
  const isReady = new Promise<void>((resolve) => {
    createInterface(stderr).on("line", (line) => {
      if (said.length < 20) said.push(line);
      if (line.includes("database system is ready to accept connections")) resolve();
    });
  });
  await Promise.race([isReady, ended.then(() => Promise.reject(new Error(`PostgreSQL did not start:\n${said.join("\n")}`)))]);
}

/** Free a moment ago: PostgreSQL takes no port 0. */
async function findFreePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  if (typeof address !== "object" || address === null) throw new Error("there is no free port");
  return address.port;
}
