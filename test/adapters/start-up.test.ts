import assert from "node:assert/strict";
import { test } from "node:test";
import { embeddedWorkflows } from "../../src/adapters/embedded-workflows/index.ts";
import { toFetchHandler } from "../../src/adapters/fetch/index.ts";
import { openFileStore } from "../../src/adapters/file/index.ts";
import { createFixedKeyRing, createSigningKey, openKeyFile } from "../../src/adapters/jwt/index.ts";
import { createMemoryStore } from "../../src/adapters/memory/index.ts";
import { drainOnSignal, startServer, toRequestListener } from "../../src/adapters/node-http/index.ts";
import { createNodeTimer } from "../../src/adapters/node-timer/index.ts";
import { createAuthorizationServer, createExternalAuthenticate, createIdentityOf } from "../../src/adapters/oauth/index.ts";
import { createRest } from "../../src/adapters/rest/index.ts";
import { createActions, createIdentity, type Authenticate } from "../../src/domain/index.ts";
import { openShop } from "./rest/shop.ts";

const clock = () => 0;
const newId = () => "id";
const ports = { clock, newId };
const authenticate: Authenticate = () => ({ authenticated: false, reason: "invalid_token" });
const rest = { ...ports, actions: openShop().actions, authenticate };
const store = createMemoryStore({ clock });
const oauth = { ...ports, store, issuer: "https://id.example", resource: "https://id.example/api/v1", signingKeys: createFixedKeyRing([createSigningKey("EdDSA")]) };
const timer = createNodeTimer({ clock });

const CLOCK = "give one that answers epoch milliseconds, such as Date.now";
const NEW_ID = "give one that answers a fresh ID, such as crypto.randomUUID";

const toListener = (options: object) => toRequestListener(createRest(rest), options);
const toHandler = (options: object) => toFetchHandler(createRest(rest), options);

/** What a plain JavaScript file gets wrong, and what it is told. */
const MISTAKES: readonly (readonly [make: (options: never) => unknown, options: object | string | undefined, message: string])[] = [
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
  [createRest, { ...rest, realm: 'the "shop"' }, "realm must be printable ASCII without quotes and backslashes"],
  [createRest, { ...rest, realm: 5 }, "realm must be printable ASCII without quotes and backslashes"],
  [createRest, { ...rest, resourceMetadataUrl: 5 }, "resourceMetadataUrl must be an absolute http or https URL"],
  [createRest, { ...rest, openapi: "Shop" }, "openapi must be an object of options, not a string"],
  [createRest, { ...rest, openapi: { titel: "Shop" } }, 'openapi has no option "titel"; it has authorizationUrl, contact, description, license, scopes, servers, title, tokenUrl, version'],
  [createRest, { ...rest, openapi: { scopes: ["greet"] } }, "openapi.scopes must be an object, not an Array: see docs/openapi.md"],
  [createRest, { ...rest, cors: "https://a.example" }, 'cors.origins must be a list, not undefined: ["https://console.example"]'],
  [createRest, { ...rest, cors: { origins: [], requestHeaders: "X-A" } }, 'cors.requestHeaders must be a list, not a string: ["X-Tenant"]'],
  [createRest, { ...rest, problemTypeBase: 5 }, 'problemTypeBase: 5 is no URL; write what stands before a code, such as "https://docs.example/errors#"'],
  [createAuthorizationServer, { ...oauth, randomBytes: 5 }, "randomBytes must be a function, not a number: give that of node:crypto"],
  [createAuthorizationServer, { ...oauth, fetch: {} }, "fetch must be a function, not an object: give one like the global fetch"],
  [createAuthorizationServer, { ...oauth, name: 5 }, "name must be a text, not a number: what the pages call this server"],
  [createAuthorizationServer, { ...oauth, scopes: ["greet"] }, 'scopes must be an object, not an Array: sentences by permission, such as { manage_orders: "Manage orders" }'],
  [createAuthorizationServer, { ...oauth, passwordCost: null }, "passwordCost must be an object, not null: such as { N: 16384, r: 8, p: 5 }"],
  [createAuthorizationServer, { ...oauth, issuers: null }, "issuers must be a list, not null"],
  [toListener, { clock: 5 }, `clock must be a function, not a number: ${CLOCK}`],
  [toListener, { newId: "id" }, `newId must be a function, not a string: ${NEW_ID}`],
  [toListener, { trustedProxies: "10.0.0.7" }, 'trustedProxies must be a list, not a string: ["10.0.0.0/8"]'],
  [toListener, { trustedProxies: [7] }, 'trustedProxies: 7 is no address; write one such as "10.0.0.7" or a network such as "10.0.0.0/8"'],
  [toHandler, { clock: 5 }, `clock must be a function, not a number: ${CLOCK}`],
  [toHandler, { newId: "id" }, `newId must be a function, not a string: ${NEW_ID}`],
  [embeddedWorkflows, { random: Math.random }, "timer must be a function that wakes at a time: createNodeTimer({ clock })"],
  [embeddedWorkflows, { timer }, "random must be a function that answers a number from 0 to 1: Math.random"],
  [createNodeTimer, {}, "clock must be a function that answers epoch milliseconds: Date.now"],
  [createMemoryStore, undefined, "createMemoryStore: its options must be an object, not undefined: { clock: Date.now }"],
  [openKeyFile, { path: "", clock }, 'path must be a text, not an empty one: where the keys are kept, such as "data/keys.json"'],
  [openKeyFile, { path: "/nowhere/at/all", clock: 0 }, `clock must be a function, not a number: ${CLOCK}`],
  [openKeyFile, { path: "/nowhere/at/all", clock, retainMs: "2h" }, "retainMs must be a whole number from 0 to 9007199254740991, not 2h"],
  [openKeyFile, { path: "/nowhere/at/all", clock, publishAheadMs: -1 }, "publishAheadMs must be a whole number from 0 to 9007199254740991, not -1"],
  [createSigningKey, "ES256", 'createSigningKey: the algorithm must be EdDSA or RS256, not "ES256"'],
  [createFixedKeyRing, createSigningKey(), "createFixedKeyRing takes a list of keys, not an object: [createSigningKey()]"],
  [createIdentityOf, undefined, "store must be an object with the method read, not undefined: give the one that createAuthorizationServer has"],
  [drainOnSignal, { stop: undefined }, "stop must be a function, not undefined: it stops everything, such as () => server.close()"],
  [createActions, undefined, "createActions: its options must be an object, not undefined: { catalog, store, clock, newId }"],
  [createIdentity, undefined, 'createIdentity: its options must be an object, not undefined: { kind: "user", id, permissions }'],
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

for (const [wrong, message] of [
  [{ host: 5 }, "host must be a text, not a number: the address to listen on, such as 127.0.0.1"],
  [{ host: null }, "host must be a text, not null: the address to listen on, such as 127.0.0.1"],
  [{ probes: { "/healthz": "fine" } }, 'probes["/healthz"] must be a function, not a string: it answers how the server is'],
  [{ port: "3000" }, "port: 3000 is out of range; give a whole number from 0 (any free port) to 65535"],
] as const) {
  test(`startServer says: ${message}`, async () => {
    await assert.rejects(async () => Reflect.apply(startServer, undefined, [{ port: 0, createHandler: () => createRest(rest), ...wrong }]), new TypeError(message));
  });
}
