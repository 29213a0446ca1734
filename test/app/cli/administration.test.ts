import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough, Readable } from "node:stream";
import test from "node:test";
import type { TestContext } from "node:test";
import { administerDirectory } from "../../../src/app/admin/administer-directory.ts";
import { runWords } from "../../../src/app/admin/run-command.ts";
import { startAdminChannel } from "../../../src/app/admin/admin-channel.ts";
import { readSecret } from "../../../src/app/admin/read-secret.ts";
import { adminSocketPath } from "../../../src/app/admin/socket-path.ts";
import { runCommandLine } from "../../../src/app/cli/command-line.ts";
import type { Application } from "../../../src/app/index.ts";
import { readEnvironment } from "../../../src/app/environment.ts";
import { openFileStore } from "../../../src/adapters/file/index.ts";
import { createMemoryStore } from "../../../src/adapters/memory/index.ts";
import { openKeyFile } from "../../../src/adapters/jwt/index.ts";
import { createAuthorizationServer } from "../../../src/adapters/oauth/index.ts";
import { createCatalog } from "../../../src/domain/index.ts";
import type { Observation } from "../../../src/domain/ports.ts";
import { argumentsToRun } from "../../compiled.ts";

const clock = Date.now;
const PASSWORD = "correct horse battery";

/** A directory of its own for a test; at the end its owner stops, and it goes. */
function makeDirectory(context: TestContext): string {
  const directory = mkdtempSync(join(tmpdir(), "actionport-"));
  context.after(async () => {
    await owners.get(directory)?.stop();
    rmSync(directory, { recursive: true, force: true });
  });
  return directory;
}

const owners = new Map<string, { stop(): Promise<void> }>();

/** Types a command, with a password in a pipe. */
async function type(directory: string, line: string, stdin = ""): Promise<{ readonly code: number; readonly out: string; readonly err: string }> {
  const said = { out: "", err: "" };
  const code = await runCommandLine({
    words: line.split(" ").filter((word) => word !== ""),
    variables: { DATA_DIR: directory },
    stdin: Readable.from([stdin]),
    stdout: { write: (text) => (said.out += text) },
    stderr: { write: (text) => (said.err += text) },
  });
  return { code, ...said };
}

const valueOf = (output: string, name: string) => new RegExp(`^${name}: (.*)$`, "m").exec(output)?.[1] ?? "";

/** The parts of a running server that commands are brought to. */
async function startOwner(directory: string, observed: Observation[] = []) {
  const store = await openFileStore({ directory: join(directory, "store"), clock });
  const keys = openKeyFile({ path: join(directory, "keys.json"), clock });
  const cost = { N: 16, r: 1, p: 1 };
  const authorization = createAuthorizationServer({ store, issuer: "http://127.0.0.1:3000", resource: "http://127.0.0.1:3000/api/v1", signingKeys: keys, clock, newId: randomUUID, passwordCost: cost });
  const channel = await startAdminChannel({ directory, administration: { authorization, keys }, clock, newId: randomUUID, observe: (observation) => observed.push(observation) });
  const stop = async () => {
    if (!owners.delete(directory)) return;
    await channel.close();
    await store.close();
  };
  owners.set(directory, { stop });
  return { authorization, keys, stop };
}

async function exerciseEveryCommand(directory: string): Promise<void> {
  const created = await type(directory, "client create Orders --permission manage_orders --role sellers");
  assert.deepEqual([created.code, created.err], [0, ""]);
  const id = valueOf(created.out, "client_id");
  assert.match(created.out, /^client_id: [0-9a-f-]{36}\nclient_secret: [A-Za-z0-9]{43}\n$/);
  const portal = await type(directory, "client create Portal --public --redirect-uri http://127.0.0.1/callback");
  assert.match(portal.out, /^client_id: [0-9a-f-]{36}\n$/);
  assert.match((await type(directory, "client list")).out, new RegExp(`${id} +Orders +confidential +client_credentials +manage_orders,role:sellers +live`));
  assert.match((await type(directory, `client rotate-secret ${id} --keep-previous-seconds 0`)).out, /^client_secret: [A-Za-z0-9]{43}$/m);
  assert.equal((await type(directory, "role set sellers view_reports restock")).out, "sellers: view_reports restock\n");
  assert.match((await type(directory, "role list")).out, /sellers +view_reports,restock/);
  assert.match((await type(directory, "user create nancy --permission manage_orders --role sellers", `${PASSWORD}\n`)).out, /^user_id: [0-9a-f-]{36}\n$/);
  assert.equal((await type(directory, "user set-password nancy", `${PASSWORD}!\r\n`)).out, "password changed: nancy\n");
  assert.match((await type(directory, "user list")).out, /nancy +manage_orders,role:sellers +live/);
  for (const order of [`token issue ${id} --scope restock`, `token issue ${valueOf(portal.out, "client_id")} --user nancy`]) assert.match((await type(directory, order)).out, /^eyJ[\w-]+\.[\w-]+\.[\w-]+\n$/);
  assert.equal((await type(directory, "user disable nancy")).out, "disabled: nancy\n");
  assert.equal((await type(directory, "user enable nancy")).out, "enabled: nancy\n");
  assert.equal((await type(directory, `client disable ${id}`)).out, "disabled: Orders\n");
  assert.match((await type(directory, "client list")).out, /Orders .* disabled/);
  assert.equal((await type(directory, `client enable ${id}`)).out, "enabled: Orders\n");
  const rotated = valueOf((await type(directory, "keys rotate")).out, "kid");
  assert.match((await type(directory, "keys list")).out, new RegExp(`^kid .*\n${rotated} +EdDSA +2`));
}

test("Every command works on a directory that no server has open", async (context) => {
  const directory = makeDirectory(context);
  await (await startOwner(directory)).stop();
  await exerciseEveryCommand(directory);
});

test("Every command works while a server has the directory open", async (context) => {
  const directory = makeDirectory(context);
  await startOwner(directory);
  await exerciseEveryCommand(directory);
});

test("What is done while the server runs counts there at once", async (context) => {
  const directory = makeDirectory(context);
  const owner = await startOwner(directory);
  const id = valueOf((await type(directory, "client create Orders --permission manage_orders")).out, "client_id");
  const token = (await type(directory, `token issue ${id}`)).out.trim();
  const alive = async () => (await owner.authorization.authenticate(token)).authenticated;
  assert.equal(await alive(), true);
  await type(directory, `client disable ${id}`);
  assert.equal(await alive(), false);
  const kid = valueOf((await type(directory, "keys rotate --forget-old")).out, "kid");
  assert.equal(owner.keys.current().kid, kid);
});

test("A wrong command is told with its remedy, and the exit code says whether it was typed wrong or refused", async (context) => {
  const directory = makeDirectory(context);
  const owner = await startOwner(directory);
  const cases: readonly (readonly [string, number, RegExp])[] = [
    ["client", 2, /^"client" needs another word: create, list, rotate-secret, disable or enable\.$/m],
    ["client creat X", 2, /^There is no command "client creat"\. Did you mean "client create"\?/],
    ["client create", 2, /^NAME is missing: What people see\. Usage: actionport client create NAME/],
    ["client list extra", 2, /^"extra" is one word too many\./],
    ["client create X --secret x", 2, /^Secrets are not taken as arguments/],
    ["client create X --permision x", 2, /^"client create" has no option --permision\. Did you mean --permission\?/],
    ["client create X --public", 2, /^client: redirect_uris must name at least one/],
    ["client disable nobody", 1, /^there is no client nobody; see: client list$/m],
    ["client rotate-secret x --keep-previous-seconds soon", 2, /^--keep-previous-seconds must be a whole number/],
    ["user create nancy", 2, /^user: password must have 8 to 1024 characters$/m],
    ["user disable nobody", 1, /^there is no user nobody; see: user list$/m],
    ["token issue nobody", 2, /^token: there is no such client/],
  ];
  const tryAll = async () => {
    for (const [line, exitCode, message] of cases) {
      const { code, out, err } = await type(directory, line);
      assert.match(err, message);
      assert.deepEqual([code, out], [exitCode, ""], line);
    }
  };
  await tryAll();
  await owner.stop();
  await tryAll();
  writeFileSync(join(directory, "a-file"), "");
  const inFile = await type(join(directory, "a-file"), "client list");
  assert.deepEqual([inFile.code, inFile.err], [2, `there is no data in ${join(directory, "a-file")}; set DATA_DIR, or start the server once\n`]);
  assert.match((await type(join(directory, "elsewhere"), "client list")).err, /^there is no data in .*; set DATA_DIR, or start the server once$/m);
});

test("The channel is a socket for its owner alone, and a dead one in its place is replaced", async (context) => {
  const directory = makeDirectory(context);
  writeFileSync(adminSocketPath(directory), "left behind");
  const owner = await startOwner(directory);
  assert.equal(statSync(adminSocketPath(directory)).mode & 0o777, 0o600);
  await owner.stop();
  writeFileSync(adminSocketPath(directory), "left behind");
  assert.equal((await type(directory, "role list")).code, 0);
});

test("A path that is too long for a socket leaves the server without the channel, and says so", async (context) => {
  const directory = join(makeDirectory(context), "x".repeat(100));
  mkdirSync(directory);
  const observed: Observation[] = [];
  const owner = await startOwner(directory, observed);
  assert.equal(observed.at(-1)?.event, "admin_channel_unavailable");
  await owner.stop();
});

test("On a terminal a password is asked for twice and never shown", async () => {
  const modes: boolean[] = [];
  const terminal = Object.assign(new PassThrough(), { isTTY: true, setRawMode: (raw: boolean) => modes.push(raw) });
  const answerWith = async (...lines: readonly string[]) => {
    const typed = [...lines];
    let shown = "";
    const secret = await readSecret(terminal, "Password", (text) => {
      shown += text;
      if (text.endsWith(": ")) setImmediate(() => terminal.write(typed.shift() ?? ""));
    });
    return { secret, shown };
  };
  assert.deepEqual(await answerWith("secrex\u007ft\r", "secret\r"), { secret: "secret", shown: "Password: \nPassword, once more: \n" });
  await assert.rejects(answerWith("one\r", "two\r"), { message: "the two are not the same" });
  await assert.rejects(answerWith("one\u0003"), { message: "given up" });
  assert.deepEqual(modes, [true, false, true, false, true, false, true, false, true, false]);
});

test("As a program it reads DATA_DIR and ends with the exit code", async (context) => {
  const directory = makeDirectory(context);
  const owner = await startOwner(directory);
  const child = spawn(process.execPath, [...argumentsToRun("src/app/cli/main.ts"), "user", "create", "andrew"], { env: { ...process.env, DATA_DIR: directory }, stdio: ["pipe", "pipe", "inherit"] });
  child.stdin.end(`${PASSWORD}\n`);
  let out = "";
  child.stdout.on("data", (chunk: Buffer) => (out += chunk.toString()));
  const [code] = await once(child, "close");
  assert.equal(code, 0);
  assert.match(out, /^user_id: /);
  assert.equal((await owner.authorization.users.findByName("andrew"))?.name, "andrew");
});

test("Where the application has a store of its own, --app opens that", async (context) => {
  const directory = makeDirectory(context);
  const store = createMemoryStore({ clock });
  const held: { readonly application: Application } = { application: { name: "own", catalog: createCatalog({ subjects: [], actions: [] }), store } };
  const made = await runWords({ authorization: createAuthorizationServer({ store, issuer: "http://127.0.0.1:3000", resource: "http://127.0.0.1:3000/api/v1", signingKeys: openKeyFile({ path: join(directory, "keys.json"), clock }), clock, newId: randomUUID }), keys: undefined }, ["role", "set", "sellers", "restock"], "");
  assert.equal(made.kind, "one");
  const environment = readEnvironment({ DATA_DIR: directory }, { dataDirectory: directory });
  const listed = await administerDirectory(environment, ["role", "list"], "", held.application);
  assert.deepEqual(listed, { kind: "many", columns: ["name", "permissions"], rows: [{ name: "sellers", permissions: ["restock"] }] });
});
