import assert from "node:assert/strict";
import { test } from "node:test";
import { inspect } from "node:util";
import { createPostgresStore, PostgresStoreError } from "../../../src/adapters/postgres/index.ts";
import { driverError, openFake } from "./fake-database.ts";

const query = async () => [];

test("a wrong option is a TypeError that names it and the remedy", () => {
  const wrong = (options: object, message: RegExp) => assert.throws(() => createPostgresStore({ query, ...options }), (error) => error instanceof TypeError && message.test(error.message));
  wrong({ query: undefined }, /^query must be a function that runs an SQL statement with its values and answers its rows, such as /);
  wrong({ query: { query } }, /^query must be a function/);
  wrong({ listen: true }, /^listen must be a function that listens on a channel, or absent$/);
  wrong({ end: {} }, /^end must be a function that ends the driver's connections, such as \(\) => pool\.end\(\), or absent$/);
  for (const schema of ["", "Shop", "1a", "a-b", 'a"b', "pg_shop", "x".repeat(49)]) wrong({ schema }, /^schema must be a name of 1 to 48 lower-case letters, digits and underscores/);
  wrong({ clock: 5 }, /^clock must be a function that answers epoch milliseconds$/);
  wrong({ observe: 5 }, /^observe must be a function: it gets what happened$/);
  wrong({ timeoutMs: 99 }, /^timeoutMs must be a whole number from 100 to 600000, not 99$/);
  wrong({ sweepEveryMs: 0.5 }, /^sweepEveryMs must be a whole number from 100 to 3600000, not 0.5$/);
});

test("a driver that answers something else than rows of texts is told what is wanted", async () => {
  const { store } = openFake(() => [{ place: "0", version: 7, value: "{}", expires_at: null }]);
  await assert.rejects(async () => store.read("things", ["one"]), { name: "TypeError", message: "query must answer rows as objects with texts as PostgreSQL sends them; the column version is number" });
});

test("why PostgreSQL cannot be used is a sentence, whatever the driver says", async () => {
  for (const [code, expected] of [
    ["ECONNREFUSED", "PostgreSQL cannot be reached. See that it runs, and that host and port are right."],
    ["ENOTFOUND", "PostgreSQL cannot be reached. See that it runs, and that host and port are right."],
    ["28P01", "PostgreSQL does not accept the password of this role. See that user and password are right."],
    ["3D000", "There is no such database. Create it with `createdb`, or name another."],
  ] as const) {
    const { store } = openFake(() => { throw driverError(code); });
    const told = { name: "PostgresStoreError", message: expected };
    await assert.rejects(() => store.open(), told);
    await assert.rejects(() => store.ready(), told);
    await assert.rejects(() => store.migrate(), told);
    await assert.rejects(async () => store.read("things", ["one"]), told);
  }
});

test("a store that does not open is closed, so that nothing keeps the process", async () => {
  let ended = 0;
  const { store } = openFake(() => { throw driverError("3D000"); }, { end: () => void ended++ });
  await assert.rejects(() => store.open(), { code: "no_access" });
  assert.equal(ended, 1);
});

test("a URL that is none is told, and its password is not", async () => {
  const { store } = openFake(() => [{ answer: String(new URL("postgres://owner:the-secret@[host/shop")) }]);
  const error: unknown = await store.open().catch((reason: unknown) => reason);
  assert.ok(error instanceof PostgresStoreError);
  assert.equal(error.message, "The URL of the database is none. Write it as postgres://user:password@host:5432/database, with what is special in the password percent-encoded.");
  assert.equal(inspect(error).includes("the-secret"), false);
});
