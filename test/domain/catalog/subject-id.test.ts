import assert from "node:assert/strict";
import { test } from "node:test";
import { integerId, patternId, readId, textId, uuidId, type IdKind } from "../../../src/domain/catalog/subject-id.ts";
import { admits } from "../params/schema-checker.ts";

const UUID = "3f2504e0-4f89-41d3-9a0c-0305e82c3301";

/** What each kind makes of each text: the ID, or none. */
const KINDS: readonly (readonly [title: string, kind: IdKind, ids: readonly (readonly [string, string | number])[], none: readonly string[]])[] = [
  [
    "an integer ID has one way to be written, and is never rounded",
    integerId(),
    [["42", 42], ["0", 0], ["-7", -7], ["9007199254740991", 2 ** 53 - 1], ["-9007199254740991", 1 - 2 ** 53]],
    ["", "042", "00", "4e1", "42.0", "-0", "+42", " 42", "42 ", "42\n", "0x2a", "1_000", "４２", "-", "NaN", "Infinity", "9007199254740992", "9007199254740993", "-9007199254740992", "9".repeat(300)],
  ],
  ["an integer ID keeps to the bounds of its class", integerId({ min: 1, max: 100 }), [["1", 1], ["100", 100]], ["0", "-1", "101"]],
  [
    "a UUID is taken in either case and is lower case from then on",
    uuidId(),
    [[UUID, UUID], [UUID.toUpperCase(), UUID], ["00000000-0000-0000-0000-000000000000", "00000000-0000-0000-0000-000000000000"]],
    ["", UUID.slice(1), `${UUID}0`, `{${UUID}}`, `urn:uuid:${UUID}`, UUID.replaceAll("-", ""), `${UUID}\n`, UUID.replace("3", "g")],
  ],
  [
    "a pattern ID matches from end to end, anchored or not",
    patternId(/[A-Z]{5}|[^a-z]/u),
    [["ALFKI", "ALFKI"], ["é", "é"], ["😀", "😀"], ["/", "/"]],
    ["", "ALFK", "ALFKIX", "xALFKI", "ALFKI\n", "a", "\n", "\u0085", "\ud83d"],
  ],
  [
    "a text ID is at most 255 bytes of well-formed Unicode without control characters",
    textId(),
    [["x", "x"], [" a/b?c ", " a/b?c "], ["x".repeat(255), "x".repeat(255)], ["é".repeat(127), "é".repeat(127)], ["😀".repeat(63), "😀".repeat(63)], ["constructor", "constructor"]],
    ["", "x".repeat(256), "é".repeat(128), "😀".repeat(64), "€".repeat(86), "a\u0000b", "\t", "\u001f", "\u007f", "\u0080", "\u009f", "\ud83d", "\ude00x"],
  ],
];

for (const [title, kind, ids, none] of KINDS) {
  test(title, () => {
    for (const [text, id] of ids) assert.equal(kind.parse(text), id, text);
    for (const text of none) assert.equal(kind.parse(text), undefined, JSON.stringify(text));
  });
}

test("the schema of an ID admits what the kind takes and nothing else, but for counting characters and not bytes", () => {
  for (const [, kind, ids, none] of KINDS) {
    for (const flags of ["", "u"] as const) {
      for (const [text] of ids) assert.ok(admits(kind.schema, text, flags), text);
      for (const text of none) assert.equal(admits(kind.schema, text, flags), isOnlyTooManyBytes(kind, text), JSON.stringify(text));
    }
  }
});

function isOnlyTooManyBytes(kind: IdKind, text: string): boolean {
  return kind.name === "text" && [...text].length <= 255 && Buffer.byteLength(text) > 255;
}

test("an ID in JSON is a text, or for an integer ID also a number", () => {
  const rows: readonly (readonly [IdKind, unknown, string | number | undefined])[] = [
    [integerId(), 42, 42],
    [integerId(), "42", 42],
    [integerId(), -0, 0],
    [integerId({ max: 41 }), 42, undefined],
    [integerId(), 42.5, undefined],
    [integerId(), 2 ** 53, undefined],
    [integerId(), 1e400, undefined],
    [integerId(), null, undefined],
    [integerId(), true, undefined],
    [integerId(), [42], undefined],
    [textId(), 42, undefined],
    [patternId(/\d+/), 42, undefined],
    [uuidId(), UUID.toUpperCase(), UUID],
  ];
  for (const [kind, value, id] of rows) assert.ok(Object.is(readId(kind, value), id), `${kind.name} ${String(value)}`);
});

test("a kind that is wrongly declared throws a TypeError with the remedy", () => {
  const wrong: readonly (readonly [() => IdKind, RegExp])[] = [
    [() => patternId(/a/g), /patternId\(\): its pattern has the flags "g"/],
    [() => patternId(/a/y), /patternId\(\): its pattern has the flags "y"/],
    [() => patternId(/\p{L}/u), /patternId\(\): its pattern has a Unicode property/],
    [() => patternId(JSON.parse('"a"')), /patternId\(\) takes a regular expression such as/],
    [() => integerId({ min: 2, max: 1 }), /integerId\(\): min and max must be safe integers, and min not above max/],
    [() => integerId({ max: 2 ** 53 }), /integerId\(\): min and max must be safe integers/],
  ];
  for (const [make, message] of wrong) assert.throws(make, { name: "TypeError", message });
});
