import assert from "node:assert/strict";
import { test } from "node:test";
import { FAILURE_CODES } from "../../src/domain/errors.ts";
import { createIdentity, identityKey, type Identity } from "../../src/domain/identity.ts";
import { failed, invalidParams } from "../../src/domain/execution/answer/outcome.ts";
import { toCanonicalText } from "../../src/domain/json.ts";
import { isPromiseLike } from "../../src/domain/maybe-promise.ts";

test("Anything with a then is a promise, and nothing else", () => {
  const thenable: PromiseLike<number> = { then: (resolve, reject) => Promise.resolve(4).then(resolve, reject) };
  assert.ok(isPromiseLike(thenable));
  for (const value of [null, undefined, 0, "", { then: 1 }, () => 1]) assert.ok(!isPromiseLike<unknown>(value));
});

test("Equal values have one canonical text, and different ones have different texts", () => {
  assert.equal(toCanonicalText({ b: 1, a: [1, { d: 1, c: 2 }], gone: undefined }), '{"a":[1,{"c":2,"d":1}],"b":1}');
  const values = [{}, [], "", 0, null, new Date(0), new Date(1), "1970-01-01T00:00:00.000Z", 1n, 1, "1", "1n", Number.NaN, Number.POSITIVE_INFINITY, { a: new Date(0) }, { a: {} }, { a: 1n }, [[]], ["", ""], [","]];
  const texts = values.map(toCanonicalText);
  assert.equal(new Set(texts).size, values.length, texts.join(" "));
  for (const value of [new Map([["a", 1]]), new Set([1]), new Uint8Array(1), /x/, Promise.resolve()]) {
    assert.throws(() => toCanonicalText({ a: value }), { name: "TypeError", message: /^a \w+ cannot be told from another, so it cannot be sent under an idempotency key$/ });
  }
});

function permissionsOf(permissions: readonly string[], scope?: readonly string[]): Identity {
  return createIdentity({ kind: "client", id: "app", permissions, ...(scope === undefined ? {} : { scope }) });
}

test("An empty scope carries all permissions, another one the intersection", () => {
  for (const [permissions, scope, effective] of [
    [["b", "a"], undefined, ["a", "b"]],
    [["b", "a"], [], ["a", "b"]],
    [["a", "b"], ["b"], ["b"]],
    [["a", "b"], ["b", "c"], ["b"]],
    [["a", "b"], ["c"], []],
    [["a", "b"], ["*"], ["a", "b"]],
    [["a", "b"], ["*", "c"], ["a", "b"]],
    [["*"], undefined, ["*"]],
    [["*"], ["a", "b"], ["a", "b"]],
    [["*", "a"], ["*"], ["*", "a"]],
    [[], ["a"], []],
    [["a", "a"], ["a", "a"], ["a"]],
  ] as const) {
    assert.deepEqual(permissionsOf(permissions, scope).permissions, effective, `${permissions} ${scope}`);
  }
});

test("An identity can what it was granted, and all with *", () => {
  const some = permissionsOf(["a", "__proto__"]);
  assert.deepEqual(["a", "A", "b", "", "constructor", "toString", "__proto__", "*"].map((permission) => some.can(permission)), [true, false, false, false, false, false, true, false]);
  assert.ok(permissionsOf(["*"]).can("anything"));
  assert.ok(!permissionsOf(["*"], ["a"]).can("b"));
  const { can } = some;
  assert.ok(can("a"), "it needs no this");
});

test("What is granted afterwards is not granted, and an identity cannot be changed", () => {
  const granted = ["a"];
  const identity = permissionsOf(granted);
  granted.push("b");
  assert.ok(!identity.can("b"));
  assert.ok(Object.isFrozen(identity) && Object.isFrozen(identity.permissions));
});

test("An identity is named by issuer, kind and ID together", () => {
  const base = { kind: "user", id: "1", permissions: [] } as const;
  const keys = [base, { ...base, kind: "client" as const }, { ...base, id: "2" }, { ...base, issuer: "https://a" }, { ...base, id: '1","x' }].map((options) => identityKey(createIdentity(options)));
  assert.equal(new Set(keys).size, keys.length);
  assert.equal(identityKey(createIdentity({ ...base, name: "Ann", permissions: ["a"] })), keys[0]);
});

test("Every failure code has its sentence, and none says anything of the inside", () => {
  for (const code of FAILURE_CODES) {
    const { kind, message } = failed(code);
    assert.equal(kind, "failed");
    assert.match(message, /^[A-Z][^\n]*\.$/);
  }
  assert.equal(failed("internal_error").message, "Server error.");
  assert.equal(failed("unauthenticated").message, "Unauthenticated.");
  assert.deepEqual([...FAILURE_CODES], [...FAILURE_CODES].sort());
});

test("The message of invalid parameters is the first sentence, and counts the others", () => {
  assert.equal(invalidParams({ a: ["One."] }).message, "One.");
  assert.equal(invalidParams({ a: ["One.", "Two."] }).message, "One. (and 1 more error)");
  assert.equal(invalidParams({ a: ["One."], b: ["Two.", "Three."] }).message, "One. (and 2 more errors)");
  assert.equal(invalidParams({}).message, "The parameters are not valid.");
});
