import assert from "node:assert/strict";
import { test } from "node:test";
import { indexHeaders } from "../../../src/adapters/http/headers.ts";
import { isJson, parseMediaType } from "../../../src/adapters/http/media/media-type.ts";
import { findTargetFault } from "../../../src/adapters/http/target.ts";
import { decodeUtf8 } from "../../../src/adapters/http/utf8.ts";

test("Headers are found by lower-case name, and repeated ones are joined and counted", () => {
  const headers = indexHeaders(["Host", "a.example", "ACCEPT", "text/html", "accept", "*/*", "Cookie", "a=1", "cookie", "b=2"]);
  assert.equal(headers.get("host"), "a.example");
  assert.equal(headers.get("accept"), "text/html, */*");
  assert.equal(headers.get("cookie"), "a=1; b=2");
  assert.equal(headers.get("origin"), undefined);
  assert.deepEqual(["host", "accept", "cookie", "origin"].map((name) => headers.repeated(name)), [false, true, true, false]);
});

test("What every request is asked for is read once, whatever the case of its name", () => {
  const raw = ["HOST", "a", "authorization", "Bearer x", "Content-TYPE", "text/plain", "content-length", "3", "X-Request-ID", "id", "Idempotency-Key", "k", "Content-Encoding", "gzip", "Transfer-Encoding", "chunked", "Expect", "100-continue", "Accept", "*/*"];
  const { host, authorization, contentType, contentLength, requestId, idempotencyKey, contentEncoding, transferEncoding, expect, hasRepeats } = indexHeaders(raw);
  assert.deepEqual([host, authorization, contentType, contentLength, requestId], ["a", "Bearer x", "text/plain", "3", "id"]);
  assert.deepEqual([idempotencyKey, contentEncoding, transferEncoding, expect, hasRepeats], ["k", "gzip", "chunked", "100-continue", false]);
  const none = indexHeaders(["Accept", "a", "Accept", "b"]);
  assert.deepEqual([none.host, none.authorization, none.expect, none.hasRepeats], [undefined, undefined, undefined, false]);
  const twice = indexHeaders(["Transfer-Encoding", "gzip", "transfer-encoding", "chunked", "Host", "a", "host", ""]);
  assert.deepEqual([twice.transferEncoding, twice.host, twice.hasRepeats], ["gzip, chunked", "a, ", true]);
});

test("H12: a header named __proto__ or constructor is a header like any other", () => {
  const headers = indexHeaders(["__proto__", "x", "constructor", "y", "__PROTO__", "z"]);
  assert.equal(headers.get("__proto__"), "x, z");
  assert.equal(headers.repeated("__proto__"), true);
  assert.equal(headers.get("constructor"), "y");
  assert.equal(indexHeaders([]).get("__proto__"), undefined);
  assert.equal(indexHeaders([]).get("toString"), undefined);
});

const JSON_TYPES = [
  "application/json",
  "Application/JSON",
  "application/json; charset=utf-8",
  "application/json;charset=UTF-8",
  'application/json; charset="utf-8"',
  'application/json \t;\t charset="u\\tf-8"',
  "application/json; profile=x; charset=utf-8",
];

const NOT_JSON = [
  "application/jsonx",
  "application/json+x",
  "xapplication/json",
  "text/plain",
  "text/json",
  "application/vnd.api+json",
  "application/json; charset=utf-16",
  "application/json; charset=iso-8859-1",
];

const MALFORMED = [
  "",
  " ",
  "json",
  "application/",
  "/json",
  "application/json;",
  "application/json; ",
  "application/json\t; x",
  "application/json; x=",
  "application/json; =x",
  "application/json; charset = utf-8",
  "application/json charset=utf-8",
  "application/json, text/plain",
  "application/json/json",
  "application/json;;charset=utf-8",
  "application/json; charset=utf-8; charset=utf-16",
  "application/json; charset=utf-8; CHARSET=utf-8",
  'application/json; charset="utf-8',
  'application/json; charset="utf-8"x',
  'application/json; a="\u0001"',
  " application/json",
  "application/json ",
  "application/json\u0000",
  "application/j\u017fon",
];

test("H9: a content type is JSON only when it is understood whole and is exactly application/json in UTF-8", () => {
  for (const value of JSON_TYPES) {
    const mediaType = parseMediaType(value);
    assert.ok(mediaType !== undefined && isJson(mediaType), value);
  }
  for (const value of NOT_JSON) {
    const mediaType = parseMediaType(value);
    assert.ok(mediaType !== undefined && !isJson(mediaType), value);
  }
  for (const value of MALFORMED) assert.equal(parseMediaType(value), undefined, JSON.stringify(value));
});

test("H27: a hostile content type of 16 KiB is read in linear time", () => {
  const parts = ["; a=b".repeat(3_000), `; a="${"\\\"".repeat(8_000)}`, `;${" ".repeat(16_000)}`, "a".repeat(16_000)];
  const before = process.cpuUsage();
  for (const part of parts) assert.equal(parseMediaType(`application/json${part}`) === undefined, part[0] !== "a");
  // Not by the clock: what else the machine does is no matter.
  const { user, system } = process.cpuUsage(before);
  assert.ok(user + system < 500_000);
});

test("H10: only UTF-8 without a byte order mark is text", () => {
  const euro = [0xe2, 0x82, 0xac];
  const cases: readonly (readonly [string, readonly number[], string | undefined])[] = [
    ["nothing", [], ""],
    ["plain", [0x7b, 0x7d], "{}"],
    ["euro", euro, "€"],
    ["mark inside", [0x61, 0xef, 0xbb, 0xbf], "a\ufeff"],
    ["byte order mark", [0xef, 0xbb, 0xbf, 0x7b, 0x7d], undefined],
    ["UTF-16 mark", [0xff, 0xfe, 0x7b, 0x00], undefined],
    ["cut", euro.slice(0, 2), undefined],
    ["overlong slash", [0xc0, 0xaf], undefined],
    ["encoded surrogate", [0xed, 0xa0, 0x80], undefined],
    ["beyond Unicode", [0xf4, 0x90, 0x80, 0x80], undefined],
  ];
  for (const [name, bytes, expected] of cases) assert.equal(decodeUtf8(Uint8Array.from(bytes)), expected, name);
  assert.equal(decodeUtf8(Uint8Array.from([0x61])), "a", "a refusal leaves nothing behind");
});

test("H17, H18: only a plain path is a target", () => {
  const plain = ["/", "/a/b", "/a?b=%zz&c=?", "/%2e%2E/%00", "/a;b", "/a/../b", "/a//b", "/~a'()*!@:,"];
  const notPlain = ["", "*", "a/b", "//a", "//", "http://a/b", "a.example:443", "\\a", "?a"];
  const badCharacter = ["/a\\b", "/a#b", "/a b", "/a\tb", "/a\u0000", "/a\u007f", "/é", "/a?b#c", "/a?\u00ff", "/\\evil"];
  const badEscape = ["/%", "/%4", "/%zz", "/%4g", "/a%?b", "/%%20"];
  for (const target of plain) assert.equal(findTargetFault(target), undefined, target);
  const faults = [
    [notPlain, "The request target is not a plain path; send one that starts with a single slash."],
    [badCharacter, "The request target holds a character that must be percent-encoded."],
    [badEscape, "The path holds a percent sign without two hexadecimal digits behind it; write %25 for the sign itself."],
  ] as const;
  for (const [targets, fault] of faults) for (const target of targets) assert.equal(findTargetFault(target), fault, JSON.stringify(target));
});
