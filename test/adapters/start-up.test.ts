import assert from "node:assert/strict";
import { test } from "node:test";
import { embeddedWorkflows } from "../../src/adapters/embedded-workflows/index.ts";
import { openFileStore } from "../../src/adapters/file/index.ts";
import { createFixedKeyRing, createSigningKey } from "../../src/adapters/jwt/index.ts";
import { createMemoryStore } from "../../src/adapters/memory/index.ts";
import { createNodeTimer } from "../../src/adapters/node-timer/index.ts";
import { createAuthorizationServer, createExternalAuthenticate } from "../../src/adapters/oauth/index.ts";
import { createRest } from "../../src/adapters/rest/index.ts";
import { openShop } from "./rest/shop.ts";

const clock = () => 0;
const newId = () => "id";
const ports = { clock, newId };
const rest = { ...ports, actions: openShop().actions, authenticate: () => ({ authenticated: false, reason: "invalid_token" }) };
const store = createMemoryStore({ clock });
const oauth = { ...ports, store, issuer: "https://id.example", resource: "https://id.example/api/v1", signingKeys: createFixedKeyRing([createSigningKey("EdDSA")]) };
const timer = createNodeTimer({ clock });

const CLOCK = "give one that answers epoch milliseconds, such as Date.now";
const NEW_ID = "give one that answers a fresh ID, such as crypto.randomUUID";

/** What a plain JavaScript file gets wrong, and what it is told. */
const MISTAKES: readonly (readonly [make: (options: never) => unknown, options: object, message: string])[] = [
  [createRest, { ...rest, actions: undefined }, "actions must be an object with the method execute, not undefined: give what createActions({ … }) answers"],
  [createRest, { ...rest, actions: {} }, "actions must be an object with the method execute, not an object: give what createActions({ … }) answers"],
  [createRest, { ...rest, authenticate: undefined }, "authenticate must be a function, not undefined: it gets a bearer token and answers whose it is, as that of createAuthorizationServer({ … }) does"],
  [createRest, { ...rest, authenticate: "secret" }, "authenticate must be a function, not a string: it gets a bearer token and answers whose it is, as that of createAuthorizationServer({ … }) does"],
  [createRest, { ...rest, clock: undefined }, `clock must be a function, not undefined: ${CLOCK}`],
  [createRest, { ...rest, newId: "id" }, `newId must be a function, not a string: ${NEW_ID}`],
  [createRest, { ...rest, observe: "console" }, "observe must be a function, not a string: it gets what happened"],
  [createRest, { ...rest, timer: setTimeout(() => undefined, 0) }, "timer must be a function, not a Timeout: give createNodeTimer({ clock })"],
  [createAuthorizationServer, { ...oauth, signingKeys: undefined }, "signingKeys must be an object with the method current, not undefined: give openKeyFile({ path, clock }), or createFixedKeyRing([createSigningKey()])"],
  [createAuthorizationServer, { ...oauth, signingKeys: [] }, "signingKeys must be an object with the method current, not an Array: give openKeyFile({ path, clock }), or createFixedKeyRing([createSigningKey()])"],
  [createAuthorizationServer, { ...oauth, store: new Map() }, "store must be an object with the method read, not a Map: give await openFileStore({ … }), or createMemoryStore({ clock })"],
  [createAuthorizationServer, { ...oauth, store: Promise.resolve(store) }, "store must be an object with the method read, not a Promise: give await openFileStore({ … }), or createMemoryStore({ clock })"],
  [createAuthorizationServer, { ...oauth, clock: 0 }, `clock must be a function, not a number: ${CLOCK}`],
  [createAuthorizationServer, { ...oauth, newId: undefined }, `newId must be a function, not undefined: ${NEW_ID}`],
  [createAuthorizationServer, { ...oauth, observe: console }, "observe must be a function, not an object: it gets what happened"],
  [createAuthorizationServer, { ...oauth, issuer: undefined }, "issuer: undefined must be an https URL (http for loopback only) without query, fragment or trailing slash"],
  [createExternalAuthenticate, ports, "issuers must be a list: name at least one identity provider"],
  [embeddedWorkflows, { random: Math.random }, "timer must be a function that wakes at a time: createNodeTimer({ clock })"],
  [embeddedWorkflows, { timer }, "random must be a function that answers a number from 0 to 1: Math.random"],
  [createNodeTimer, {}, "clock must be a function that answers epoch milliseconds: Date.now"],
  [createMemoryStore, {}, "clock must be a function that answers epoch milliseconds"],
];

for (const [make, options, message] of MISTAKES) {
  test(`${make.name} says: ${message}`, () => {
    assert.throws(() => Reflect.apply(make, undefined, [options]), new TypeError(message));
  });
}

test("openFileStore rejects an observe that is no function before it touches the directory", async () => {
  // @ts-expect-error A mistake of plain JavaScript.
  await assert.rejects(openFileStore({ directory: "/nowhere/at/all", clock, observe: "stderr" }), new TypeError("observe must be a function: it gets what happened"));
});
