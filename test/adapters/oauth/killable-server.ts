import { randomUUID } from "node:crypto";
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { openFileStore } from "../../../src/adapters/file/index.ts";
import { openKeyFile } from "../../../src/adapters/jwt/index.ts";
import { startServer } from "../../../src/adapters/node-http/index.ts";
import { createAuthorizationServer } from "../../../src/adapters/oauth/index.ts";

/** An authorization server on a real disk, to be killed at any moment: `node killable-server.ts <directory>` prints its URL. */
const directory = process.argv[2] ?? "";
const clock = Date.now;
const store = await openFileStore({ directory: join(directory, "store"), clock });
const cost = { N: 16, r: 1, p: 1 };
const authorization = createAuthorizationServer({
  store, issuer: "https://auth.example", resource: "https://auth.example/api", signingKeys: openKeyFile({ path: join(directory, "keys.json"), clock }), clock, newId: randomUUID, passwordCost: cost,
});
const seeded = join(directory, "clients.json");
if (!existsSync(seeded)) {
  await authorization.users.create({ name: "nancy", password: "correct horse battery" });
  const { client_id } = await authorization.clients.create({ name: "Portal", type: "public", redirect_uris: ["https://app.example/cb"] });
  const api = await authorization.clients.create({ name: "API", resource_server: true });
  writeFileSync(seeded, JSON.stringify({ portal: client_id, ...api }));
}
const server = await startServer({ port: 0, createHandler: () => authorization.handler });
process.stdout.write(`${server.url}\n`);
