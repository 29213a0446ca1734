import { execFileSync, spawn, type ChildProcess } from "node:child_process";
import { chownSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

/** A PostgreSQL server of its own: nobody else's data is near, and nothing of it stays. */
export interface Cluster {
  readonly port: number;
  /** The connection URL of a role in a database. Default: the superuser in the database `postgres`. */
  url(database?: string, role?: string): string;
  /** Runs one statement as the superuser, by psql; answers what it prints. */
  psql(statement: string, database?: string): string;
  /** Ends it as a crash would (`pg_ctl stop -m immediate`): nothing is written any more, and connections break. */
  crash(): Promise<void>;
  /** Starts it again on the same data and port. */
  start(): Promise<void>;
  /** Ends it and removes everything. */
  remove(): Promise<void>;
}

/** What {@link startCluster} takes. */
export interface ClusterOptions {
  /** Settings of the server beside its own: `{ statement_timeout: "100ms" }`. */
  readonly settings?: Readonly<Record<string, string>>;
  /** An empty directory for the data, such as one on a small disk. Default: one below the system's temporary directory. */
  readonly dataDirectory?: string;
}

/** The superuser's name and password. */
export const SUPERUSER = "owner";
export const PASSWORD = "not-a-secret";

/** Makes a cluster in a temporary directory and starts it on a free port of 127.0.0.1, with fsync on, never as root. */
export async function startCluster({ settings = {}, dataDirectory }: ClusterOptions = {}): Promise<Cluster> {
  const user = findUser();
  const directory = mkdtempSync(join(tmpdir(), "actionport-postgres-"));
  const data = dataDirectory ?? join(directory, "data");
  const passwordFile = join(directory, "password");
  writeFileSync(passwordFile, PASSWORD);
  for (const path of [directory, passwordFile, ...(dataDirectory === undefined ? [] : [dataDirectory])]) giveTo(user, path);
  const { initdb, psql, postgres } = programs();
  const init = ["-D", data, "-U", SUPERUSER, "--encoding=UTF8", "--locale=C", "--no-sync", "--auth=scram-sha-256", `--pwfile=${passwordFile}`];
  execFileSync(initdb, init, { ...user, cwd: directory, stdio: ["ignore", "ignore", "inherit"] });
  const port = await findFreePort();
  const own = { listen_addresses: "127.0.0.1", port: String(port), unix_socket_directories: "", logging_collector: "off", ...settings };
  const args = ["-D", data, ...Object.entries(own).flatMap(([name, value]) => ["-c", `${name}=${value}`])];
  const url = (database = "postgres", role = SUPERUSER) => `postgres://${role}:${PASSWORD}@127.0.0.1:${port}/${database}`;
  let server: RunningProgram | undefined;
  const cluster: Cluster = {
    port,
    url,
    psql: (statement, database) => execFileSync(psql, ["-XAtqc", statement, url(database)], { encoding: "utf8" }).trim(),
    async start() {
      server = await runUntilSaid(postgres, args, { ...user, cwd: directory }, /database system is ready to accept connections/);
    },
    async crash() {
      await server?.end("SIGQUIT");
    },
    async remove() {
      await server?.end("SIGINT");
      rmSync(directory, { recursive: true, force: true });
    },
  };
  try {
    await cluster.start();
  } catch (error) {
    await cluster.remove();
    throw error;
  }
  return cluster;
}

/** A PgBouncer in transaction mode before a cluster: its URL for a database, and how to end it. */
export async function startPgBouncer(cluster: Cluster): Promise<{ url(database: string): string; remove(): Promise<void> }> {
  const user = findUser();
  const directory = mkdtempSync(join(tmpdir(), "actionport-pgbouncer-"));
  const port = await findFreePort();
  const [users, config] = [join(directory, "users.txt"), join(directory, "pgbouncer.ini")];
  writeFileSync(users, `"${SUPERUSER}" "${PASSWORD}"\n`);
  writeFileSync(config, `[databases]
* = host=127.0.0.1 port=${cluster.port}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = plain
auth_file = ${users}
pool_mode = transaction
default_pool_size = 8
max_client_conn = 200
server_lifetime = 5
`);
  for (const path of [directory, users, config]) giveTo(user, path);
  const program = await runUntilSaid("pgbouncer", [config], { ...user, cwd: directory }, /process up/);
  return {
    url: (database) => `postgres://${SUPERUSER}:${PASSWORD}@127.0.0.1:${port}/${database}`,
    async remove() {
      await program.end("SIGINT");
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

interface RunningProgram {
  /** Sends the signal and waits for the end. */
  end(signal: NodeJS.Signals): Promise<void>;
}

/** Whom a program runs as: root's own programs do not take root. */
interface Owner {
  readonly uid?: number;
  readonly gid?: number;
}

/** Starts a program and waits until it says so on stderr; what it had said is in the error when it ends before. When this process ends, it is ended and its directory removed. */
async function runUntilSaid(path: string, args: readonly string[], options: Owner & { readonly cwd: string }, ready: RegExp): Promise<RunningProgram> {
  const child = spawn(path, args, { ...options, stdio: ["ignore", "ignore", "pipe"] });
  const kill = () => {
    child.kill("SIGKILL");
    rmSync(options.cwd, { recursive: true, force: true });
  };
  process.once("exit", kill);
  endOnSignal();
  const ended = new Promise<void>((resolve) => child.once("close", () => resolve())).then(() => void process.off("exit", kill));
  await waitForLine(child, ready, path);
  return {
    async end(signal) {
      child.kill(signal);
      await ended;
    },
  };
}

let endsOnSignal = false;

/** A signal alone would end this process without its `exit`, and leave the programs behind. */
function endOnSignal(): void {
  if (endsOnSignal) return;
  endsOnSignal = true;
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => process.exit(1));
}

function waitForLine(child: ChildProcess, ready: RegExp, path: string): Promise<void> {
  const said: string[] = [];
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", () => reject(new Error(`${path} ended:\n${said.join("\n")}`)));
    if (child.stderr === null) return reject(new Error("stderr is a pipe"));
    createInterface(child.stderr).on("line", (line) => {
      if (said.length < 100) said.push(line);
      if (ready.test(line)) resolve();
    });
  });
}

/** PostgreSQL's user where there is one, else nobody; whoever is not root stays who he is. */
function findUser(): Owner {
  if (process.getuid?.() !== 0) return {};
  for (const name of ["postgres", "nobody"]) {
    try {
      const idOf = (flag: string) => Number(execFileSync("id", [flag, name], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }));
      return { uid: idOf("-u"), gid: idOf("-g") };
    } catch {
      // There is no such user.
    }
  }
  throw new Error("there is neither a user postgres nor a user nobody to run PostgreSQL as");
}

function giveTo({ uid, gid }: Owner, path: string): void {
  if (uid !== undefined && gid !== undefined) chownSync(path, uid, gid);
}

/** The programs of the latest release that is installed: Debian keeps them beside the path. */
function programs(): { readonly initdb: string; readonly psql: string; readonly postgres: string } {
  const root = "/usr/lib/postgresql";
  const releases = listDirectory(root).map(Number).sort((a, b) => b - a);
  const bin = releases.length === 0 ? "" : `${join(root, String(releases[0]), "bin")}/`;
  return { initdb: `${bin}initdb`, psql: `${bin}psql`, postgres: `${bin}postgres` };
}

function listDirectory(path: string): readonly string[] {
  try {
    return readdirSync(path);
  } catch {
    return [];
  }
}

/** Free a moment ago: neither program takes port 0. */
function findFreePort(): Promise<number> {
  const server = createServer();
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => (typeof address === "object" && address !== null ? resolve(address.port) : reject(new Error("no port"))));
    });
  });
}
