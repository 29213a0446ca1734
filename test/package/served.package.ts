import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { clientCredentials, createClient, type Auth } from "../../src/adapters/client/index.ts";
import { CONSUMER, INSTALLED } from "./pack.ts";
import { run } from "./run.ts";
import { serve } from "./serve.ts";

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
  writeFileSync(join(CONSUMER, "app.js"), APPLICATION);
  const served = await serve(context, process.execPath, "app.js");
  const client = createClient({ baseUrl: served.url, auth: readCredentials(served.data, "switch") });
  assert.deepEqual(await client.execute("lamps/turn-on", 1), { message: "Lamp on.", data: { id: 1, title: "Lamp 1", on: true } });
  assert.deepEqual(await served.stop(), 0);
});

test("Of an option that cannot be, the installed package says what is wrong, and no place inside it, also where maps are followed", () => {
  const { status, stderr } = spawnSync(process.execPath, ["--enable-source-maps", "app.js"], { cwd: CONSUMER, encoding: "utf8", env: { ...process.env, PORT: "http" } });
  assert.deepEqual([status, stderr], [1, 'home did not start: PORT must be a whole number from 0 (any free port) to 65535, not "http"\n']);
});

test("The command is there, says its version, and lists what it can", async () => {
  const { version }: { readonly version: string } = JSON.parse(readFileSync(join(INSTALLED, "package.json"), "utf8"));
  assert.equal(await run(CONSUMER, "npx", "--no-install", "actionport", "--version"), `${version}\n`);
  assert.match(await run(CONSUMER, "npx", "--no-install", "actionport", "--help"), /serve/);
});

function readCredentials(data: string, name: string): Auth {
  const { clients }: { readonly clients: Readonly<Record<string, { readonly client_id: string; readonly client_secret: string }>> } = JSON.parse(readFileSync(join(data, "credentials.json"), "utf8"));
  const { client_id: clientId = "", client_secret: clientSecret = "" } = clients[name] ?? {};
  return clientCredentials({ clientId, clientSecret });
}
