import assert from "node:assert/strict";
import { test } from "node:test";
import type { Change } from "../../../../src/domain/ports.ts";
import { commitIdOf, driverError, openFake, type Asked } from "../fake-database.ts";

const CHANGES: readonly Change[] = [{ kind: "put", collection: "things", id: "one", basedOn: 0, value: { n: 1 } }];
const COMMITTED = { committed: true, version: 7 };

test("a commit is one round trip, and an empty one none", async () => {
  const { store, asked } = openFake(() => [{ answer: "committed 7 3" }]);
  assert.deepEqual(await store.commit(CHANGES), COMMITTED);
  assert.deepEqual(await store.commit([]), COMMITTED);
  assert.deepEqual(asked.map(({ name }) => name), ["commit"]);
});

test("changes go in the order of collection and ID, and conflicts come back in the order given", async () => {
  const { store, asked } = openFake(() => [{ answer: "conflicts 0,2" }]);
  const ids = ["b", "\u{1f600}", "a", "\uffff"];
  const result = await store.commit(ids.map((id) => ({ kind: "check", collection: "things", id, basedOn: 1 })));
  const sent: readonly (readonly string[])[] = JSON.parse(asked[0]?.values[0] ?? "");
  assert.equal(sent[0]?.filter((text) => text === "check").length, 4);
  assert.deepEqual(result, { committed: false, conflicts: [{ collection: "things", id: "\u{1f600}" }, { collection: "things", id: "a" }] });
});

for (const code of ["ECONNRESET", "EPIPE", "57P01", "57P03", "08006", "08P01", "XX000"]) {
  test(`when the answer is lost to ${code} the commit is looked up under its ID before anything is said`, async () => {
    const { store, asked } = openFake(({ name }) => {
      if (name === "commit") throw driverError(code);
      return [{ answer: "committed 7 0" }];
    });
    assert.deepEqual(await store.commit(CHANGES), COMMITTED);
    assert.deepEqual(asked.map(({ name }) => name), ["commit", "outcome"]);
    assert.deepEqual(asked[1]?.values, [commitIdOf(asked[0] ?? NOTHING), "0"]);
  });
}

test("a commit that certainly did not happen is sent again under another ID", async () => {
  const { store, asked } = openFake(({ name }) => {
    if (name === "commit" && asked.length === 1) throw driverError("ECONNRESET");
    return [{ answer: name === "commit" ? "committed 7 0" : "refused" }];
  });
  assert.deepEqual(await store.commit(CHANGES), COMMITTED);
  assert.deepEqual(asked.map(({ name }) => name), ["commit", "outcome", "commit"]);
  const [first = NOTHING, , second = NOTHING] = asked;
  assert.notEqual(commitIdOf(first), commitIdOf(second));
});

test("an answer that does not come in time counts as lost", async () => {
  const { store, asked } = openFake(({ name }) => (name === "commit" ? new Promise<never>(() => undefined) : [{ answer: "committed 7 0" }]));
  assert.deepEqual(await store.commit(CHANGES), COMMITTED);
  assert.deepEqual(asked.map(({ name }) => name), ["commit", "outcome"]);
});

test("when nobody can say what became of a commit, that is said", async () => {
  const { store } = openFake(() => { throw driverError("ECONNREFUSED"); });
  await assert.rejects(async () => store.commit(CHANGES), {
    name: "PostgresStoreError", code: "outcome_unknown",
    message: "The connection was lost while a commit was under way, and PostgreSQL could not be asked what became of it.",
  });
});

for (const code of ["40001", "40P01"]) {
  test(`a commit that PostgreSQL has undone with ${code} is sent again, but not for ever`, async () => {
    let failing = 2;
    const { store, asked } = openFake(() => {
      if (failing-- > 0) throw driverError(code);
      return [{ answer: "committed 7 0" }];
    });
    assert.deepEqual(await store.commit(CHANGES), COMMITTED);
    assert.equal(asked.length, 3);
    failing = 100;
    await assert.rejects(async () => store.commit(CHANGES), { code: "contended", message: "Commits stood in each other's way too often. Nothing of this one was kept." });
    assert.equal(asked.length, 8);
  });
}

test("what PostgreSQL itself refuses is undone: nothing is looked up, and the sentence has the remedy", async () => {
  for (const [state, code, message] of [
    ["53100", "full", "The disk of PostgreSQL is full. Nothing of the commit was kept; make room there."],
    ["57014", "timed_out", "PostgreSQL has cancelled the statement, most likely as it took longer than statement_timeout. Nothing of it was kept."],
    ["42501", "no_access", "The role lacks a right in PostgreSQL. Let the role that serves own the schema, or grant it what docs/postgres.md lists."],
    ["22023", "failed", "PostgreSQL has refused a statement with SQLSTATE 22023. Its log says more."],
  ] as const) {
    const { store, asked } = openFake(() => { throw driverError(state); });
    await assert.rejects(async () => store.commit(CHANGES), { code, message });
    assert.equal(asked.length, 1);
  }
});

test("a commit and a key that PostgreSQL cannot hold are refused before anything is sent, and a read of such a key finds nothing", async () => {
  const { store, asked } = openFake(() => []);
  const large = { text: "x".repeat(64 * 1024 * 1024) };
  await assert.rejects(async () => store.commit([{ kind: "put", collection: "things", id: "one", basedOn: 0, value: large }]), { name: "CommitTooLarge", message: /^a commit of 671\d{5} bytes is too large; 67108864 is the most$/ });
  await assert.rejects(async () => store.commit([{ kind: "put", collection: "things", id: "x".repeat(2495), basedOn: 0, value: {} }]), { name: "CommitTooLarge", message: "a commit of 2501 bytes is too large; 2500 is the most" });
  assert.deepEqual(await store.read("things", ["x".repeat(2495)]), [undefined]);
  assert.deepEqual(asked, []);
});

const NOTHING: Asked = { name: "", values: [] };
