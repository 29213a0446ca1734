import assert from "node:assert/strict";
import { tracingChannel } from "node:diagnostics_channel";
import { test } from "node:test";
import { inspect } from "node:util";
import { CHANNELS, createTracing } from "../../../src/adapters/diagnostics/index.ts";
import { createMemoryStore } from "../../../src/adapters/memory/index.ts";
import { createRest } from "../../../src/adapters/rest/index.ts";
import { ActionError, createActions, createCatalog, createIdentity, defineAction, defineSubject, everyone, integerId, text } from "../../../src/domain/index.ts";
import { toRequest } from "../rest/harness.ts";

const TOKEN = "a-token-that-nobody-may-see";
const SENT = "what-was-sent";
const KEPT = "what-is-kept";
const ANSWERED = "what-is-answered";
const KEY = "an-idempotency-key";

interface NoteRecord {
  readonly id: number;
  readonly note: string;
}

const Note = defineSubject({ class: "lab.Note", param: "page", id: integerId(), title: (note: NoteRecord) => `Note ${note.id}` });

const keep = defineAction({
  key: "lab/keep",
  label: "Keep",
  subject: Note,
  params: { note: text() },
  authorize: everyone,
  handle({ subject, subjects }) {
    subjects.put(Note, { ...subject, note: KEPT });
    return { id: subject.id, title: ANSWERED };
  },
});
const refuse = defineAction({
  key: "lab/refuse",
  label: "Refuse",
  params: { note: text() },
  authorize: everyone,
  handle: ({ params }) => {
    throw new ActionError(`No: ${params.note}`, { code: "no", details: { note: params.note } });
  },
});

const CALLS = [
  ["POST", "/api/v1/actions/lab/keep/execute/1", KEY, { note: SENT }],
  ["POST", "/api/v1/actions/lab/keep/execute/1", KEY, { note: SENT }],
  ["POST", "/api/v1/actions/lab/keep/execute/1", null, { note: SENT, more: SENT }],
  ["POST", "/api/v1/actions/lab/keep/preview/1", null, { note: SENT }],
  ["POST", "/api/v1/actions/lab/refuse/execute", `${KEY}-2`, { note: SENT }],
  ["POST", "/api/v1/actions/lab/keep/bulk", `${KEY}-3`, { ids: [1, 9], params: { note: SENT } }],
  ["GET", `/api/v1/audit?subject=${SENT}`, null, undefined],
] as const;

test("No message has a token, a body, a parameter, an idempotency key or what an action keeps and answers, whatever becomes of the call", async () => {
  const tracing = createTracing();
  const shared = { clock: Date.now, newId: () => crypto.randomUUID(), observe: () => undefined, tracing };
  const store = createMemoryStore(shared);
  await store.commit([{ kind: "put", collection: Note.class, id: "1", basedOn: 0, value: { id: 1, note: "" } }]);
  const actions = createActions({ ...shared, catalog: createCatalog({ subjects: [Note], actions: [keep, refuse] }), store });
  const identity = createIdentity({ kind: "user", id: "nancy", permissions: ["view_audit"] });
  const handler = createRest({ ...shared, actions, authenticate: (token) => (token === TOKEN ? { authenticated: true, identity } : { authenticated: false, reason: "invalid_token" }) });
  const told: string[] = [];
  const note = (message: object) => void told.push(inspect(message, { depth: 20 }));
  const subscribers = { start: note, end: note, asyncStart: note, asyncEnd: note, error: note };
  const channels = [CHANNELS.request, CHANNELS.execution, CHANNELS.commit].map((name) => tracingChannel(name));
  for (const channel of channels) channel.subscribe(subscribers);
  try {
    const statuses: number[] = [];
    for (const [method, path, key, json] of CALLS) {
      const headers = [["Cookie", "session=secret-cookie"], ...(key === null ? [] : [["Idempotency-Key", key] as const])] as const;
      statuses.push((await handler(toRequest({ method, path, token: TOKEN, json, headers }))).status);
    }
    statuses.push((await handler(toRequest({ method: "GET", path: "/api/v1/actions", token: `${TOKEN}-of-another` }))).status);
    assert.deepEqual(statuses, [200, 200, 422, 200, 422, 200, 200, 401]);
  } finally {
    for (const channel of channels) channel.unsubscribe(subscribers);
  }
  assert.ok(told.length > 30);
  for (const secret of [TOKEN, SENT, KEPT, ANSWERED, KEY, "secret-cookie"]) assert.deepEqual(told.filter((message) => message.includes(secret)), [], secret);
});
