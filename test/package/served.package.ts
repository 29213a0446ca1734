import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { test } from "node:test";
import { createClient, clientCredentials } from "../../src/adapters/client/index.ts";
import { CONSUMER } from "./pack.ts";

/** An application in plain JavaScript, as small as one can be. */
const APPLICATION = `
import { createCatalog, defineAction, defineSubject, integerId } from "actionport";
import { recordsOf, runApplication } from "actionport/app";

const Lamp = defineSubject({ class: "home.Lamp", param: "lamp", id: integerId(), title: (lamp) => "Lamp " + lamp.id, fields: ["on"] });
const turnOn = defineAction({
  key: "lamps/turn-on",
  label: "Turn on",
  subject: Lamp,
  authorize: ({ identity }) => identity.can("light"),
  handle: ({ subject, subjects }) => subjects.put(Lamp, { ...subject, on: true }),
  message: "Lamp on.",
});

await runApplication({
  name: "home",
  catalog: createCatalog({ subjects: [Lamp], actions: [turnOn] }),
  initialRecords: () => [recordsOf(Lamp, [{ id: 1, on: false }])],
  clients: { switch: ["light"] },
  firstCall: { client: "switch", key: "lamps/turn-on", subject: "1", params: {} },
});
`;

test("An application of plain JavaScript is served by the installed package alone, takes a call, and stops with exit code 0", async (context) => {
  const data = mkdtempSync(join(tmpdir(), "actionport-served-"));
  context.after(() => rmSync(data, { recursive: true, force: true }));
  writeFileSync(join(CONSUMER, "app.js"), APPLICATION);
  const child = spawn(process.execPath, ["app.js"], { cwd: CONSUMER, env: { ...process.env, PORT: "0", DATA_DIR: data }, stdio: ["ignore", "pipe", "pipe"] });
  context.after(() => child.kill("SIGKILL"));
  let log = "";
  child.stderr.on("data", (piece: Buffer) => (log += piece.toString()));
  const baseUrl = await addressOf(child.stdout);
  assert.ok(baseUrl !== undefined, log);

  const { clients }: { readonly clients: { readonly switch: { readonly client_id: string; readonly client_secret: string } } } = JSON.parse(readFileSync(join(data, "credentials.json"), "utf8"));
  const { client_id: clientId, client_secret: clientSecret } = clients.switch;
  const client = createClient({ baseUrl, auth: clientCredentials({ clientId, clientSecret }) });
  assert.deepEqual(await client.execute("lamps/turn-on", 1), { message: "Lamp on.", data: { id: 1, title: "Lamp 1", on: true } });

  const exited = once(child, "exit");
  child.kill("SIGTERM");
  assert.deepEqual(await exited, [0, null], log);
});

async function addressOf(output: NodeJS.ReadableStream): Promise<string | undefined> {
  for await (const line of createInterface({ input: output })) {
    const [, address] = /listening on (\S+)$/.exec(line) ?? [];
    if (address !== undefined) return address;
  }
  return undefined;
}
