import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import type { HttpHandler } from "../../../src/adapters/http/message.ts";
import { addTransport, clearTransports, TRANSPORTS } from "../../adapters/rest/harness.ts";
import { toRequest } from "../../adapters/rest/transports/sent.ts";
import { createCheck, type CheckAnswer } from "./documented.ts";

const [inProcess] = TRANSPORTS;
assert.ok(inProcess !== undefined);
const send = inProcess[1];
let checked = 0;
let latest: CheckAnswer | undefined;
const checks = new Map<string, CheckAnswer>();

/** The tokens that the tests' own servers know. */
const TOKENS = ["manager-token", "clerk"];

/** What the server that is tested says of itself. Nothing that it counts is touched: the request brings its ID. */
async function readDocument(handler: HttpHandler, sent: string): Promise<string | undefined> {
  for (const token of [sent, ...TOKENS]) {
    const { status, body } = await handler(toRequest({ method: "GET", path: "/api/v1/openapi.json", token, headers: [["X-Request-Id", "document"]] }));
    if (status === 200 && typeof body === "string") return body;
  }
  return undefined;
}

clearTransports();
addTransport("against the document", async (handler, sent) => {
  const received = await send(handler, sent);
  const check = await findCheck(handler, received.status, sent.token ?? "manager-token");
  check(sent, received);
  checked++;
  return received;
});

/** A server that knows nobody, or is out of order, is like the one before. */
async function findCheck(handler: HttpHandler, status: number, token: string): Promise<CheckAnswer> {
  const text = status === 500 && latest !== undefined ? undefined : await readDocument(handler, token);
  if (text === undefined) return latest ?? assert.fail("there is no document");
  const check = checks.get(text) ?? createCheck(JSON.parse(text));
  checks.set(text, check);
  return (latest = check);
}

/** Every file whose tests go through the transports. */
const FOLDER = new URL("../../adapters/rest/", import.meta.url);
const files = readdirSync(FOLDER, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".test.ts") && /\b(?:testCases|TRANSPORTS)\b/.test(readFileSync(new URL(name, FOLDER), "utf8")));
for (const file of files) await import(new URL(file, FOLDER).href);

test("so many answers were held against the document", () => assert.ok(checked > 400, `${checked} answers`));
