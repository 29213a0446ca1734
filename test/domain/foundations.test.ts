import assert from "node:assert/strict";
import { test } from "node:test";
import { FAILURE_CODES } from "../../src/domain/errors.ts";
import { createIdentity, identityKey, type Identity } from "../../src/domain/identity.ts";
import { failed, invalidParams } from "../../src/domain/execution/outcome.ts";
import { isPromiseLike, run, settle, type Steps } from "../../src/domain/steps.ts";
import { parseStrictJson } from "../../src/domain/strict-json.ts";

test("What is valid JSON and has one meaning is parsed as JSON.parse does", () => {
  const texts = ["null", "1", '"a"', "[]", "{}", '{"a":{"a":{"a":1}}}', '[{"a":1},{"a":2}]', '{"a:b":"c:d","e":"\\":{[\\\\"}', ' \n\t{"a" : [ 1 , -0.5e3 ] }\r\n', '{"":1}', '{"\\u0061":1,"b":2}', "1e400", '"\\ud800"'];
  for (const text of texts) assert.deepEqual(parseStrictJson(text), JSON.parse(text), text);
});

test("A string ends at the first quote with an even number of backslashes before it", () => {
  for (const text of ['"\\\\"', '["\\\\",":"]', '{"a\\\\":":","b\\\\\\"":1}', '["\\\\\\\\\\"",{"\\"":"\\":"}]', '["",":",""]']) assert.deepEqual(parseStrictJson(text), JSON.parse(text), text);
  assert.throws(() => parseStrictJson('{"a\\\\":1,"a\\\\":2}'), { name: "SyntaxError", message: "a name stands twice in one object" });
});

test("H14: a name that stands twice in one object is refused, however it is written and wherever", () => {
  for (const text of ['{"a":1,"a":1}', '{"a":1,"b":2,"a":3}', '{"a":1,"\\u0061":2}', '{"x":[{"y":{"a":1,"a":2}}]}', '{"__proto__":1,"__proto__":2}', '{"":1,"":2}', '{"a":{"b":1},"a":{"b":1}}']) {
    assert.throws(() => parseStrictJson(text), { name: "SyntaxError", message: "a name stands twice in one object" }, text);
  }
});

test("H13: nesting beyond 32 levels is refused before anything recursive sees it", () => {
  const nested = (depth: number) => "[".repeat(depth) + "]".repeat(depth);
  assert.ok(parseStrictJson(nested(32)));
  for (const text of [nested(33), "[".repeat(1_000_000), '{"a":'.repeat(1_000_000), '[{"a":'.repeat(17)]) {
    assert.throws(() => parseStrictJson(text), { name: "SyntaxError", message: "nested deeper than 32 levels" });
  }
  assert.deepEqual(parseStrictJson(`["${"[".repeat(100)}"]`), ["[".repeat(100)], "brackets in a string are no nesting");
});

test("What is no JSON is a SyntaxError", () => {
  for (const text of ["", " ", "{", '{"a":1,}', "[1,]", "{a:1}", "'a'", "01", "+1", ".5", "NaN", "Infinity", "undefined", '"\t"', '{"a" 1}', "[]]", "{}{}", '"', '"\\', '{"a":1}x', "\ufeff{}", "/**/1", "--1", '{"a"::1}']) {
    assert.throws(() => parseStrictJson(text), { name: "SyntaxError" }, JSON.stringify(text));
  }
});

test("Parsing __proto__ pollutes nothing", () => {
  const value = parseStrictJson('{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}');
  assert.deepEqual(Object.keys(Object(value)), ["__proto__", "constructor"]);
  assert.equal(Object({})["polluted"], undefined);
});

test("Steps that never wait are run at once; those that wait answer by a promise", async () => {
  function* add(...numbers: (number | Promise<number>)[]): Steps<number> {
    let sum = 0;
    for (const number of numbers) sum += yield* settle(number);
    return sum;
  }
  assert.equal(run(add(1, 2, 3)), 6);
  const pending = run(add(1, Promise.resolve(2), 3));
  assert.ok(isPromiseLike(pending));
  assert.equal(await pending, 6);
  assert.equal(await run(add(Promise.resolve(1), Promise.resolve(2))), 3);
});

test("What is thrown or rejected inside steps can be caught there, and what is not comes out", async () => {
  const error = new Error("x");
  function* guarded(value: () => Promise<number> | number): Steps<string> {
    try {
      return `${yield* settle(value())}`;
    } catch (caught) {
      if (caught === error) return "caught";
      throw caught;
    } finally {
      ended++;
    }
  }
  let ended = 0;
  assert.equal(run(guarded(() => { throw error; })), "caught");
  assert.equal(await run(guarded(() => Promise.reject(error))), "caught");
  assert.throws(() => run(guarded(() => { throw new RangeError("y"); })), RangeError);
  await assert.rejects(async () => run(guarded(() => Promise.reject(new RangeError("y")))), RangeError);
  await assert.rejects(async () => run(guarded(() => Promise.reject(undefined))), (reason) => reason === undefined);
  assert.equal(ended, 5);
});

test("Anything with a then is waited for, and nothing else", async () => {
  const thenable: PromiseLike<number> = { then: (resolve, reject) => Promise.resolve(4).then(resolve, reject) };
  function* one<T>(value: T | PromiseLike<T>): Steps<T> {
    return yield* settle(value);
  }
  assert.equal(await run(one(thenable)), 4);
  for (const value of [null, undefined, 0, "", { then: 1 }, () => 1]) assert.equal(run(one<unknown>(value)), value);
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
  assert.equal(invalidParams({ a: ["One.", "Two."] }).message, "One. (and 1 more errors)");
  assert.equal(invalidParams({ a: ["One."], b: ["Two.", "Three."] }).message, "One. (and 2 more errors)");
  assert.equal(invalidParams({}).message, "The parameters are not valid.");
});
