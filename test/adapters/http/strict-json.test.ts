import assert from "node:assert/strict";
import { test } from "node:test";
import { parseStrictJson } from "../../../src/adapters/http/media/strict-json.ts";

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
