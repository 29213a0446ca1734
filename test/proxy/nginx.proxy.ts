import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { Agent, request } from "node:https";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { makeDataDirectory, readCredentials, serveNorthwind } from "../app/served-northwind.ts";
import { findFreePort } from "../crash/northwind-server.ts";

const NAME = "orders.example.com";

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
}

test("Behind nginx as docs/deployment.md configures it, with TLS, all works: tokens, actions, lines, events", async (context) => {
  const directory = makeDataDirectory(context);
  const server = await serveNorthwind(directory, { ACTIONPORT_ISSUER: `https://${NAME}`, TRUSTED_PROXIES: "127.0.0.1" });
  context.after(() => server.stop());
  const send = await startNginx(context, directory, new URL(server.url).port);

  const unknown = await send("GET", "/api/v1/actions");
  assert.equal(unknown.status, 401);
  assert.match(String(unknown.headers["www-authenticate"]), new RegExp(`resource_metadata="https://${NAME}/`));

  const { client_id, client_secret } = readCredentials(directory)["clients"]?.["admin"] ?? {};
  const { access_token: token } = JSON.parse((await send("POST", "/oauth/token", { grant_type: "client_credentials", client_id, client_secret })).text);
  const headers = { authorization: `Bearer ${token}` };
  const approved = await send("POST", "/api/v1/actions/orders/approve-order/execute/11008", {}, { ...headers, "x-forwarded-for": "8.8.8.8" });
  assert.equal(approved.status, 200, approved.text);

  const lines = await send("POST", "/api/v1/actions/products/restock/bulk", { ids: [1, 2, 3], params: { quantity: 1 } }, { ...headers, accept: "application/x-ndjson" });
  assert.equal(lines.text.trim().split("\n").length, 4);

  const { workflow_id } = JSON.parse((await send("POST", "/api/v1/actions/products/restock/bulk", { ids: [1, 2], params: { quantity: 1 }, async: true }, headers)).text);
  const events = await send("GET", `/api/v1/workflows/${workflow_id}`, undefined, { ...headers, accept: "text/event-stream" });
  assert.match(events.text, /"status":"completed"/);

  const large = await send("POST", "/api/v1/actions/orders/approve-order/execute/11008", { reason: "x".repeat(1_100_000) }, headers);
  assert.equal(large.status, 413);
});

type Send = (method: string, path: string, body?: unknown, headers?: Readonly<Record<string, string>>) => Promise<Answer>;

/** The page's own configuration, with a port, a certificate made here, and a directory for what nginx writes. */
async function startNginx(context: TestContext, dataDirectory: string, upstreamPort: string): Promise<Send> {
  const prefix = join(dataDirectory, "nginx");
  mkdirSync(prefix);
  execFileSync("openssl", ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", `/CN=${NAME}`, "-addext", `subjectAltName=DNS:${NAME}`, "-keyout", join(prefix, "key.pem"), "-out", join(prefix, "cert.pem")], { stdio: "ignore" });
  const port = await findFreePort();
  const [, block = ""] = /\n( {4}server \{\n[^]*?\n {4}\}\n)/.exec(readFileSync("docs/deployment.md", "utf8")) ?? [];
  const server = block
    .replace("listen 443 ssl", `listen 127.0.0.1:${port} ssl`)
    .replace("/etc/ssl/orders.example.com.pem", join(prefix, "cert.pem"))
    .replace("/etc/ssl/orders.example.com.key", join(prefix, "key.pem"))
    .replace("127.0.0.1:3000", `127.0.0.1:${upstreamPort}`);
  const paths = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map((kind) => `${kind}_temp_path ${prefix}/${kind};`).join("\n");
  writeFileSync(join(prefix, "nginx.conf"), `daemon off;\npid ${prefix}/nginx.pid;\nerror_log stderr;\nevents {}\nhttp {\naccess_log off;\n${paths}\n${server}}\n`);
  const nginx = spawn("nginx", ["-p", prefix, "-c", join(prefix, "nginx.conf"), "-e", "stderr"], { stdio: ["ignore", "ignore", "inherit"] });
  context.after(async () => {
    nginx.kill("SIGTERM");
    await once(nginx, "exit");
  });
  const send = createSend(port, readFileSync(join(prefix, "cert.pem")), context);
  await untilReady(send);
  return send;
}

function createSend(port: number, ca: Buffer, context: TestContext): Send {
  const agent = new Agent({ keepAlive: true, ca, servername: NAME });
  context.after(() => agent.destroy());
  return (method, path, body, headers = {}) =>
    new Promise((resolve, reject) => {
      const type = body === undefined ? {} : { "content-type": "application/json" };
      const sent = request({ host: "127.0.0.1", port, agent, method, path, headers: { host: NAME, ...type, ...headers } }, (response) => {
        let text = "";
        response.setEncoding("utf8").on("data", (piece: string) => (text += piece)).on("error", reject);
        response.on("end", () => resolve({ status: response.statusCode ?? 0, headers: response.headers, text }));
      });
      sent.on("error", reject).end(body === undefined ? undefined : JSON.stringify(body));
    });
}

/** It says nowhere that it listens. */
async function untilReady(send: Send): Promise<void> {
  for (let tries = 0; ; tries++) {
    try {
      return void (await send("GET", "/api/v1/actions"));
    } catch (error) {
      if (tries === 100) throw error;
      await delay(50);
    }
  }
}
