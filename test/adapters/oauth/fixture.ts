import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { createMemoryStore } from "../../../src/adapters/memory/index.ts";
import { createAuthorizationServer } from "../../../src/adapters/oauth/index.ts";
import type { AuthorizationServer, AuthorizationServerOptions } from "../../../src/adapters/oauth/index.ts";
import { createFixedKeyRing, createSigningKey } from "../../../src/adapters/jwt/index.ts";
import type { HttpRequest } from "../../../src/adapters/http/message.ts";
import type { Observation, RecordStore } from "../../../src/domain/ports.ts";
import type { Identity } from "../../../src/domain/identity.ts";

export const ISSUER = "https://auth.example";
export const RESOURCE = "https://auth.example/api/v1";
export const SIGNING_KEY = createSigningKey();

/** An answer as a test sees it. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  readonly text: string;
  /** The body as JSON; an empty object when it is none. */
  readonly json: Readonly<Record<string, unknown>>;
}

/** What a test sends. */
export interface Sent {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly rawHeaders?: readonly string[];
  readonly body?: string | Uint8Array;
  readonly remoteAddress?: string;
}

/** A server in memory whose clock the test turns. */
export interface Fixture {
  readonly server: AuthorizationServer;
  readonly store: RecordStore;
  readonly observed: Observation[];
  readonly clock: { now: number };
  send(target: string, sent?: Sent): Promise<Answer>;
  /** POST of a form. */
  post(path: string, form: Readonly<Record<string, string>>, headers?: Readonly<Record<string, string>>): Promise<Answer>;
  /** Who a token speaks for, or the reason why for nobody. */
  whoIs(token: unknown): Promise<Identity | string>;
}

export function createFixture(options: Partial<AuthorizationServerOptions> = {}): Fixture {
  const clock = { now: Date.parse("2026-11-23T12:00:00Z") };
  const observed: Observation[] = [];
  const store = options.store ?? createMemoryStore({ clock: () => clock.now });
  const server = createAuthorizationServer({
    issuer: ISSUER,
    resource: RESOURCE,
    signingKeys: createFixedKeyRing([SIGNING_KEY]),
    clock: () => clock.now,
    newId: randomUUID,
    observe: (observation) => observed.push(observation),
    passwordCost: { N: 16, r: 1, p: 1 },
    ...options,
    store,
  });
  const send = (target: string, sent: Sent = {}) => exchange(server, target, sent);
  return {
    server,
    store,
    observed,
    clock,
    send,
    post: (path, form, headers = {}) =>
      send(path, {
        method: "POST",
        headers: { "content-type": "application/x-www-form-urlencoded", ...headers },
        body: new URLSearchParams(form).toString(),
      }),
    async whoIs(token) {
      const answer = await server.authenticate(typeof token === "string" ? token : "");
      return answer.authenticated ? answer.identity : answer.reason;
    },
  };
}

/** An Authorization header with the halves as they are. */
export function basic(id: string, secret: string): Readonly<Record<string, string>> {
  return { authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString("base64")}` };
}

async function exchange(server: AuthorizationServer, target: string, sent: Sent): Promise<Answer> {
  const body = typeof sent.body === "string" ? Buffer.from(sent.body) : (sent.body ?? new Uint8Array());
  const request: HttpRequest = {
    method: sent.method ?? "GET",
    target,
    rawHeaders: sent.rawHeaders ?? Object.entries(sent.headers ?? {}).flat(),
    body: async (maxBytes) => (body.length > maxBytes ? null : body),
    remoteAddress: sent.remoteAddress ?? "192.0.2.1",
  };
  const { status, headers, body: text } = await server.handler(request);
  assert.ok(text === null || typeof text === "string");
  return { status, headers, text: text ?? "", json: parseObject(text ?? "") };
}

function parseObject(text: string): Readonly<Record<string, unknown>> {
  if (!text.startsWith("{")) return {};
  return Object.fromEntries(Object.entries(JSON.parse(text)));
}
