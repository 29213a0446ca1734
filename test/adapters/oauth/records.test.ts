import assert from "node:assert/strict";
import test from "node:test";
import { toClient } from "../../../src/adapters/oauth/clients/client-record.ts";
import { toAuthorizationCode, toUserGrant } from "../../../src/adapters/oauth/grants/grant-record.ts";
import { toUser } from "../../../src/adapters/oauth/users/user-record.ts";

const CLIENT = {
  client_id: "c-1",
  name: "Orders",
  description: "",
  type: "confidential",
  grant_types: ["client_credentials"],
  permissions: ["manage_orders"],
  roles: [],
  redirect_uris: [],
  resource_server: false,
  scopes: null,
  secrets: [{ hash: "sha256$x", expires_at: null }],
  disabled: false,
  epoch: 1,
};
const USER = { user_id: "u-1", name: "nancy", password: "scrypt$x", permissions: [], roles: ["sellers"], disabled: false, epoch: 2 };
const AGREEMENT = { grant_id: "g-1", client_id: "c-1", user_id: "u-1", scope: ["a"], client_epoch: 1, user_epoch: 2 };
const GRANT = { ...AGREEMENT, refresh_digest: "d", ends_at: 5 };
const CODE = { ...AGREEMENT, redirect_uri: "https://app.example/cb", code_challenge: "x", used: false, failed_attempts: 0 };

test("Stored clients, users, grants and codes are read as they were written", () => {
  assert.deepEqual(toClient(CLIENT), CLIENT);
  assert.deepEqual(toUser(USER), USER);
  assert.deepEqual(toUserGrant(GRANT), GRANT);
  assert.deepEqual(toAuthorizationCode(CODE), CODE);
});

test("A flag that is missing counts as false, and fields that nobody knows are left out", () => {
  const { disabled, resource_server, ...early } = CLIENT;
  const late = { ...early, secrets: [{ hash: "sha256$x", expires_at: null, added_later: 1 }], added_later: {} };
  assert.deepEqual(toClient(late), { ...CLIENT, disabled, resource_server });
  assert.deepEqual(toUserGrant({ ...GRANT, added_later: null }), GRANT);
});

test("Whatever a description holds, the client is there", () => {
  assert.equal(toClient({ ...CLIENT, description: "half \ud800 pair" }).description, "half \ud800 pair");
});

test("A damaged record is refused by the name of the field", () => {
  const message = (text: string) => ({ name: "TypeError", message: `a stored record is damaged: ${text}` });
  assert.throws(() => toUser({ ...USER, name: 7 }), message("name: Must be text."));
  assert.throws(() => toUser({}), /^TypeError: a stored record is damaged: user_id: Is required\./);
  assert.throws(() => toClient({ ...CLIENT, scopes: ["a", null] }), message("scopes.1: Must be text."));
  assert.throws(() => toClient({ ...CLIENT, secrets: ["x"] }), message("it: Must be an object."));
  assert.throws(() => toClient({ ...CLIENT, secrets: {} }), message("secrets: Must be a list."));
  assert.throws(() => toUserGrant({ ...GRANT, ends_at: null }), message("ends_at: Must be a number."));
});
