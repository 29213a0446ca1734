import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { existsSync, readFileSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";
import { chooseIssuer, readEnvironment } from "../../src/app/environment.ts";
import { explain } from "../../src/app/explain.ts";
import { writeInvitation } from "../../src/app/invitation.ts";
import type { Application } from "../../src/app/application/application.ts";
import { prepare, startApplication, type RunningApplication } from "../../src/app/start.ts";
import { VARIABLES } from "../../src/app/variables/variables.ts";
import { createCatalog } from "../../src/domain/index.ts";
import { RawClient } from "../adapters/node-http/raw-client.ts";
import { callAction, getToken, makeDataDirectory, readCredentials, serveNorthwind } from "./served-northwind.ts";

const PERMISSIONS = { orders: ["manage_orders"], reports: ["view_reports"], admin: ["*"], nobody: [] };

test("The first start makes four clients; what they change, they and their tokens' keys are there after a restart", async (context) => {
  const directory = makeDataDirectory(context);
  const first = await serveNorthwind(directory);
  const credentials = readCredentials(directory);
  const clients = Object.entries(credentials["clients"] ?? {}).filter(([name]) => Object.hasOwn(PERMISSIONS, name));
  assert.deepEqual(clients.map(([name, client]) => [name, Object.keys(client), client["permissions"]]),
    Object.entries(PERMISSIONS).map(([name, permissions]) => [name, ["client_id", "client_secret", "permissions"], permissions]));
  for (const file of ["credentials.json", "keys.json"]) assert.equal(statSync(join(directory, file)).mode & 0o777, 0o600, file);

  const stranger = await fetch(`${first.url}/api/v1/actions`);
  const [, metadata = ""] = /resource_metadata="([^"]+)"/.exec(stranger.headers.get("www-authenticate") ?? "") ?? [];
  assert.equal(stranger.status, 401);
  assert.equal((await fetch(metadata)).status, 200, "a client that has no token is told where to look, and finds it there");

  const token = await getToken(first.url, directory, "orders");
  const approved = await callAction(first.url, token, "orders/approve-order/execute/11019");
  assert.equal(approved.status, 200);
  assert.match(JSON.stringify(approved.body), /^\{"success":true,"message":"Order approved\.","data":\{"id":11019,"title":"Order #11019",.*"approved_by":"orders"/);
  assert.equal(await first.stop(), 0);

  const second = await serveNorthwind(directory, { PORT: new URL(first.url).port });
  assert.deepEqual(readCredentials(directory), credentials);
  const again = await callAction(second.url, token, "orders/approve-order/execute/11019");
  assert.deepEqual(again, { status: 422, body: { success: false, message: "Order #11019 is already approved." } });
  assert.equal((await callAction(second.url, await getToken(second.url, directory, "nobody"), "orders/approve-order/execute/11040")).status, 403);
  const report = await callAction(second.url, await getToken(second.url, directory, "reports"), "customers/send-statement/execute/ALFKI");
  assert.deepEqual(report.body, { success: true, message: "Alfreds Futterkiste: 6 orders, 4273.00 in total." });
  assert.equal(await second.stop(), 0);
});

test("Users sign in and the portal is known from the first start on", async (context) => {
  const directory = makeDataDirectory(context);
  const server = await serveNorthwind(directory);
  const { clients, users } = readCredentials(directory);
  assert.deepEqual(clients?.["portal"], { client_id: clients?.["portal"]?.["client_id"], redirect_uris: ["http://127.0.0.1/callback"] });
  assert.deepEqual(
    Object.entries(users ?? {}).map(([name, user]) => [name, Object.keys(user), user["permissions"]]),
    [["nancy", ["password", "permissions"], ["manage_orders"]], ["andrew", ["password", "permissions"], ["*"]], ["margaret", ["password", "permissions"], ["view_reports"]]],
  );
  assert.equal(await server.stop(), 0);
});

test("The command lines that the start prints work when pasted", async (context) => {
  const directory = makeDataDirectory(context);
  const server = await serveNorthwind(directory);
  assert.equal(server.said.at(-1), `actionport listening on ${server.url}`);
  const commands = server.said.filter((line) => line.includes("curl"));
  assert.equal(commands.length, 2);
  const { stdout } = await promisify(execFile)("sh", ["-c", commands.join("\n")]);
  assert.match(stdout, /^\{"success":true,"message":"Order approved\.","data":\{"id":11008,.*\}\n$/);
  assert.equal(await server.stop(), 0);
  assert.ok(!server.log().includes('"event":"request"'), "requests are logged when they are asked for");
});

test("Whatever is sent and however it is wrong, no secret is printed or logged", async (context) => {
  const directory = makeDataDirectory(context);
  const server = await serveNorthwind(directory, { LOG_LEVEL: "debug" });
  const token = await getToken(server.url, directory, "admin");
  const planted = ["planted-in-the-path", "planted-in-the-query", "planted-as-token", "planted-as-secret", "planted-as-code", "planted-as-password", "planted-as-cookie", "planted-in-the-body"] as const;
  const [path, query, bearer, secret, code, password, cookie, body] = planted;
  const form = (fields: Readonly<Record<string, string>>) => new URLSearchParams(fields);
  const client_id = String(readCredentials(directory)["clients"]?.["portal"]?.["client_id"]);
  const authorize = `/oauth/authorize?${form({ response_type: "code", client_id, redirect_uri: "http://127.0.0.1/callback", state: query, code_challenge: "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM", code_challenge_method: "S256" })}`;
  for (const [target, init] of [
    [`/api/v1/actions/${path}/execute/${path}?access_token=${query}`, { method: "POST", headers: { authorization: `Bearer ${token}` }, body }],
    [`/api/v1/actions`, { headers: { authorization: `Bearer ${bearer}`, cookie: `session=${cookie}` } }],
    [`/api/v1/subjects/northwind.Customer/${path}?q=${query}`, { headers: { authorization: `Bearer ${token}` } }],
    [`/${path}?${query}`, {}],
    ["/oauth/token", { method: "POST", body: form({ grant_type: "client_credentials", client_id: "nobody", client_secret: secret }) }],
    ["/oauth/token", { method: "POST", body: form({ grant_type: "authorization_code", client_id, code, code_verifier: secret }) }],
    ["/oauth/revoke", { method: "POST", body: form({ client_id, token: bearer }) }],
    [authorize, { headers: { cookie: `session=${cookie}` } }],
    ["/oauth/authorize", { method: "POST", body: form({ username: "nancy", password }), headers: { cookie: `session=${cookie}` } }],
  ] as const) assert.notEqual((await fetch(`${server.url}${target}`, init)).status, 500, target);
  assert.equal(await server.stop(), 0);
  const output = server.said.join("\n") + server.log();
  const lines = server.log().trimEnd().split("\n").map((line) => JSON.parse(line));
  assert.equal(lines.filter(({ event }) => event === "request").length, 10);
  assert.ok(lines.some(({ route, identity }) => route === "/api/v1/subjects/{class}/{id}" && /^client:[\w-]{36}$/.test(identity)));
  const { clients = {}, users = {} } = readCredentials(directory);
  const secrets = [...Object.values(clients), ...Object.values(users)].flatMap(({ client_secret, password: own }) => [client_secret, own]);
  for (const text of [token, ...planted, ...secrets]) if (typeof text === "string") assert.ok(!output.includes(text), text);
});

test("A reader of the log who goes away takes nothing along: calls are answered, and a stop ends with 0", async (context) => {
  const directory = makeDataDirectory(context);
  const server = await serveNorthwind(directory, { LOG_REQUESTS: "1" });
  server.closeLog();
  for (let calls = 0; calls < 20; calls++) assert.equal((await fetch(`${server.url}/api/v1/actions`)).status, 401);
  assert.equal(await server.stop(), 0);
});

test("A stop serves on for DRAIN_DELAY_MS, and says meanwhile that it is not ready", async (context) => {
  const directory = makeDataDirectory(context);
  const server = await serveNorthwind(directory, { DRAIN_DELAY_MS: "600000" });
  const stopped = server.stop();
  let ready = await fetch(`${server.url}/readyz`);
  while (ready.status === 200) ready = await fetch(`${server.url}/readyz`);
  assert.deepEqual(await ready.json(), { ready: false, parts: { server: false, store: true, workflows: true } });
  assert.equal((await fetch(`${server.url}/api/v1/actions`)).status, 401);
  // A second signal waits for nothing: 128 and the number of SIGTERM.
  assert.equal(await server.stop(), 143);
  assert.equal(await stopped, 143);
});

/** The least that can be served. */
const SMALL: Application = {
  name: "small",
  catalog: createCatalog({ subjects: [], actions: [] }),
  clients: { app: ["*"] },
};

function small(directory: string): Promise<RunningApplication> {
  return startApplication(SMALL, { PORT: "0", DATA_DIR: directory });
}

test("Whoever has taken the secrets away gets no new ones, and no invitation that cannot work", async (context) => {
  const directory = makeDataDirectory(context);
  const path = join(directory, "credentials.json");
  const first = await small(directory);
  assert.equal(first.credentialsPath, path);
  await first.stop();
  rmSync(path);
  const second = await small(directory);
  assert.equal(second.credentialsPath, null);
  await second.stop();
  assert.equal(existsSync(path), false);
});

test("A directory has one owner at a time; whoever fails to start leaves it free", async (context) => {
  const directory = makeDataDirectory(context);
  const running = await small(directory);
  await assert.rejects(small(directory), /in use by this process/);
  await running.stop();
  await assert.rejects(startApplication(SMALL, { HOST: "192.0.2.1", PORT: "1", DATA_DIR: directory }), { code: "EADDRNOTAVAIL" });
  await (await small(directory)).stop();
});

test("What keeps it from starting is said in a sentence, with the remedy", async (context) => {
  const directory = makeDataDirectory(context);
  await assert.rejects(serveNorthwind(directory, { PORT: "http" }), {
    message: 'northwind did not start: PORT must be a whole number from 0 (any free port) to 65535, not "http"\n',
  });
  const other = await small(directory);
  await assert.rejects(serveNorthwind(makeDataDirectory(context), { PORT: new URL(other.url).port }), /northwind did not start: listen EADDRINUSE.*set PORT to another port/);
  await other.stop();
  const file = join(directory, "credentials.json");
  await assert.rejects(serveNorthwind(file), { message: `northwind did not start: EEXIST: file already exists, mkdir '${file}'. Set DATA_DIR to a directory.\n` });
  await assert.rejects(serveNorthwind(join(file, "deeper")), /: ENOTDIR: not a directory, mkdir '.*'\. Set DATA_DIR to a directory, or to a new one below directories\.\n$/);
});

test("A directory below one that lets none be made in it is named at once", { skip: process.platform !== "linux" && "only Linux has /proc" }, async () => {
  for (const path of ["/proc/nope", "/proc/nope/deeper"]) {
    const said = await startApplication(SMALL, { PORT: "0", DATA_DIR: path }).then(() => "started", explain);
    assert.equal(said, "ENOENT: no such file or directory, mkdir '/proc/nope'. No directory can be made there; set DATA_DIR to one that this user may write.");
  }
});

test("Where an application's own code threw is said too, and of an option only what is wrong", () => {
  const { pathname } = new URL(import.meta.url);
  const thrown = (make: () => unknown): unknown => {
    try {
      return make();
    } catch (error) {
      return error;
    }
  };
  const text = explain(thrown(() => JSON.parse("{")));
  assert.ok(text.startsWith("Expected property name") && / \(at .*start\.test\.[jt]s:\d+:\d+\)$/.test(text) && text.includes(pathname.slice(0, -3)), text);
  assert.equal(explain(thrown(() => prepare({ ...SMALL, server: { port: 1.5 }, name: "No" }, {}))), 'name: "No" must be lower-case letters, digits, dots, dashes and underscores, 64 at most, such as "order-desk"');
  assert.match(explain(thrown(() => readFileSync("/none/at/all"))), /^ENOENT: no such file or directory, open '\/none\/at\/all' \(at .*start\.test\.[jt]s:\d+:\d+\)$/);
  assert.equal(explain("thrown text"), "thrown text");
  const denied = (syscall: string) => explain(Object.assign(new Error("denied"), { code: "EACCES", syscall, stack: "" }));
  assert.deepEqual([denied("listen"), denied("mkdir")], ["denied. Set PORT to 1024 or more, which every user may.", "denied. Set DATA_DIR to a directory that this user may write."]);
});

test("The environment has its defaults, and an empty variable is none", () => {
  const { host, port, dataDirectory, ...others } = readEnvironment({ HOST: "", PORT: "" }, { dataDirectory: "/data" });
  assert.deepEqual({ host, port, dataDirectory }, { host: "127.0.0.1", port: 3000, dataDirectory: "/data" });
  assert.deepEqual(Object.values(others).filter((value) => value !== undefined), []);
  assert.equal(Object.keys(others).length, Object.keys(VARIABLES).length - 3);
});

const FAULTS = [
  [{ HOST: "a b" }, 'HOST must be an address or a host name such as 127.0.0.1, not "a b"'],
  [{ PORT: "-1" }, 'PORT must be a whole number from 0 (any free port) to 65535, not "-1"'],
  [{ PORT: "65536" }, 'PORT must be a whole number from 0 (any free port) to 65535, not "65536"'],
  [{ PORT: "3e3" }, 'PORT must be a whole number from 0 (any free port) to 65535, not "3e3"'],
  [{ TRUSTED_PROXIES: "10.0.0.7, nginx" }, 'TRUSTED_PROXIES: "nginx" is no address; write one such as "10.0.0.7" or a network such as "10.0.0.0/8"'],
  [{ TRUSTED_PROXIES: "10.0.0.0/33" }, 'TRUSTED_PROXIES: "10.0.0.0/33" is no address; write one such as "10.0.0.7" or a network such as "10.0.0.0/8"'],
  [{ ACTIONPORT_ISSUER: "orders.example.com" }, 'ACTIONPORT_ISSUER must be an https URL without query, fragment or a slash at the end, such as https://orders.example.com, not "orders.example.com"'],
  [{ ACTIONPORT_ISSUER: "https://orders.example.com/" }, 'ACTIONPORT_ISSUER must be an https URL without query, fragment or a slash at the end, such as https://orders.example.com, not "https://orders.example.com/"'],
  [{ CORS_ORIGINS: "https://a.example, *" }, 'CORS_ORIGINS: "*" is no origin; write it as a browser does, such as "https://console.example.com"'],
  [{ LOG_FORMAT: "pretty" }, 'LOG_FORMAT must be text or json, not "pretty"'],
  [{ LOG_LEVEL: "verbose" }, 'LOG_LEVEL must be error, warn, info or debug, not "verbose"'],
  [{ LOG_REQUESTS: "yes" }, 'LOG_REQUESTS must be 1 or 0, not "yes"'],
  [{ MAX_BODY_BYTES: "1MB" }, 'MAX_BODY_BYTES must be a whole number of bytes from 1 to 1073741824, not "1MB"'],
  [{ DRAIN_TIMEOUT_MS: "-1" }, 'DRAIN_TIMEOUT_MS must be a whole number of milliseconds from 0 to 3600000, not "-1"'],
  [{ TRUSTED_PROXIES: "10.0.0.7," }, 'TRUSTED_PROXIES: "" is no address; write one such as "10.0.0.7" or a network such as "10.0.0.0/8"'],
] as const;

test("A wrong variable is a TypeError that names it and the remedy", () => {
  for (const [variables, message] of FAULTS) {
    assert.throws(() => readEnvironment(variables, { dataDirectory: "/data" }), { name: "TypeError", message });
  }
});

/** Ten wrong secrets from an address close it for the client; does that of another proxy's client stay open? */
async function countsApart(application: Application, variables: Record<string, string>, directory: string): Promise<boolean> {
  const { url, stop } = await startApplication(application, { PORT: "0", DATA_DIR: directory, ...variables });
  const guess = async (address: string) => {
    const body = new URLSearchParams({ grant_type: "client_credentials", client_id: "app", client_secret: "wrong" });
    const answer = await fetch(`${url}/oauth/token`, { method: "POST", body, headers: { "x-forwarded-for": address } });
    return answer.status;
  };
  for (let tries = 0; tries < 10; tries++) assert.equal(await guess("192.0.2.1"), 401);
  assert.equal(await guess("192.0.2.1"), 429);
  const status = await guess("192.0.2.2");
  await stop();
  return status === 401;
}

test("Behind a proxy that is named, by the application or by TRUSTED_PROXIES, clients are told apart by their own address", async (context) => {
  const behind = { ...SMALL, server: { trustedProxies: ["127.0.0.1"] } };
  assert.equal(await countsApart(behind, {}, makeDataDirectory(context)), true);
  assert.equal(await countsApart(SMALL, { TRUSTED_PROXIES: "10.0.0.0/8, 127.0.0.1" }, makeDataDirectory(context)), true);
  assert.equal(await countsApart(behind, { TRUSTED_PROXIES: "10.0.0.0/8" }, makeDataDirectory(context)), false);
});

test("What an operator says by a variable counts before what the application says, and reaches what it is for", async (context) => {
  const application: Application = { ...SMALL, rest: { maxBodyBytes: 100_000, cors: { origins: ["https://a.example"], maxAgeSeconds: 60 } }, store: { maxCachedBytes: 0 } };
  const variables = { PORT: "0", DATA_DIR: makeDataDirectory(context), MAX_BODY_BYTES: "10", CORS_ORIGINS: "https://b.example", AUDIT_RETENTION_SECONDS: "60", MAX_HEAP_BYTES: "999999999" };
  const { url, authorization, stop } = await startApplication(application, variables);
  const { access_token } = await authorization.issueToken({ client_id: (await authorization.clients.list())[0]?.client_id ?? "" });
  const headers = { authorization: `Bearer ${access_token}`, origin: "https://b.example", "content-type": "application/json" };
  const answer = await fetch(`${url}/api/v1/actions/a/execute`, { method: "POST", headers, body: '{"text":"long"}' });
  assert.equal(answer.status, 413);
  assert.equal(answer.headers.get("access-control-allow-origin"), "https://b.example");
  await stop();
  const prepared = prepare(application, { ...variables, DRAIN_TIMEOUT_MS: "5" });
  assert.deepEqual(prepared.application.store, { maxCachedBytes: 0, maxHeapBytes: 999_999_999 });
  assert.equal(prepared.application.actions?.auditRetentionSeconds, 60);
  assert.equal(prepared.application.server?.drainTimeoutMs, 5);
  const withOwn = prepare({ ...application, oauth: { cors: { origins: ["https://a.example"] } } }, variables);
  assert.deepEqual(withOwn.application.oauth?.cors?.origins, ["https://b.example"]);
});

test("510 sockets with half a body to /oauth/token lock nobody out", async (context) => {
  const { url, stop } = await small(makeDataDirectory(context));
  const sockets = Array.from({ length: 510 }, () => new RawClient(Number(new URL(url).port)));
  let refused = 0;
  await new Promise<void>((resolve) => {
    for (const socket of sockets) {
      socket.send(["POST /oauth/token HTTP/1.1", "Host: a", "Content-Type: application/json", "Content-Length: 100"], '{"grant_type":');
      void socket.readRest().then((text) => text.includes("temporarily_unavailable") && ++refused === 410 && resolve());
    }
  });
  const answer = await fetch(`${url}/oauth/token`, { method: "POST", body: new URLSearchParams({ grant_type: "client_credentials", client_id: "app", client_secret: "wrong" }) });
  assert.equal(answer.status, 401);
  assert.equal((await fetch(`${url}/api/v1/actions`)).status, 401);
  assert.equal(refused, 410);
  for (const { socket } of sockets) socket.destroy();
  await stop();
});

test("The issuer is the address on this machine; elsewhere it must be given", () => {
  const issuer = (variables: Record<string, string>, url: string) =>
    chooseIssuer(readEnvironment(variables, { dataDirectory: "/data" }), { url, port: 3000 });
  assert.equal(issuer({}, "http://127.0.0.1:3000"), "http://127.0.0.1:3000");
  assert.equal(issuer({ HOST: "0.0.0.0" }, "http://0.0.0.0:3000"), "http://127.0.0.1:3000");
  assert.equal(issuer({ HOST: "10.0.0.5", ACTIONPORT_ISSUER: "https://shop.example" }, "http://10.0.0.5:3000"), "https://shop.example");
  assert.throws(() => issuer({ HOST: "10.0.0.5" }, "http://10.0.0.5:3000"), {
    name: "TypeError",
    message: "HOST is 10.0.0.5: set ACTIONPORT_ISSUER to the https URL under which clients reach this server",
  });
});

test("The command lines hold whatever stands in a path or in the parameters", () => {
  const text = writeInvitation({
    url: "http://127.0.0.1:1",
    credentialsPath: "/it's here/credentials.json",
    clients: ["a-b"],
    firstCall: { client: "a-b", key: "notes/add-note", params: { text: "it's" } },
  });
  assert.ok(text.includes(`require("/it'\\''s here/credentials.json").clients["a-b"]`));
  assert.ok(text.includes(`-d '{"text":"it'\\''s"}'`));
});
