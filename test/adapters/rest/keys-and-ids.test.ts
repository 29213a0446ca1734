import { failure, NO_SUBJECT, NOT_FOUND, SUBJECT_NOT_ACCEPTED, SUBJECT_REQUIRED, UNKNOWN_ACTION } from "./failures.ts";
import { testCases, type Case, type Expected } from "./harness.ts";
import { DEVICE_ID, LONGEST_ID } from "./shop.ts";

const BASE = "/api/v1/actions";

function says(message: string): Expected {
  return { status: 200, body: { success: true, message } };
}

/** Rows of one subject class: what stands in the URL, and the ID that is found by it or null. */
function idCases(param: string, type: string, ids: readonly (readonly [raw: string, found: string | null])[]): readonly Case[] {
  return ids.map(([raw, found]) => [
    `the ${param} ID ${raw.length > 60 ? `${raw.slice(0, 60)}… (${raw.length})` : raw || "(empty)"} ${found === null ? "names nothing" : "names one"}`,
    { path: `${BASE}/show/${param}/execute/${raw}` },
    found === null ? NO_SUBJECT : says(`${type} ${found}`),
  ]);
}

testCases(
  idCases("item", "number", [
    ["42", "42"],
    ["%34%32", "42"],
    ["0", "0"],
    ["-7", "-7"],
    ["9007199254740991", "9007199254740991"],
    ["043", null],
    ["042", null],
    ["4e1", null],
    ["42.0", null],
    ["42.", null],
    ["-0", null],
    ["+42", null],
    ["--7", null],
    ["0x2A", null],
    ["0b101010", null],
    ["4_2", null],
    ["%2042", null],
    ["42%20", null],
    ["42%0A", null],
    ["42%00", null],
    ["42/", null],
    ["42%2F", null],
    ["/42", null],
    ["%D9%A4%D9%A2", null],
    ["%EF%BC%94%EF%BC%92", null],
    ["Infinity", null],
    ["NaN", null],
    ["null", null],
    ["true", null],
    ["", null],
    ["9007199254740992", null],
    ["9007199254740993", null],
    ["-9007199254740993", null],
    ["18446744073709551658", null],
    ["1".repeat(400), null],
    ["42;x=1", null],
    ["42,43", null],
    ["7", null],
    ["__proto__", null],
    ["constructor", null],
  ]),
);

testCases(
  idCases("tag", "string", [
    ["a%2Fb", "a/b"],
    ["a%2fb", "a/b"],
    ["a/b", "a/b"],
    ["a%252Fb", "a%2Fb"],
    ["a%25252Fb", null],
    ["%C3%A4", "ä"],
    ["a%CC%88", null],
    ["%F0%9F%98%80", "\u{1F600}"],
    ["execute/1", "execute/1"],
    ["x/execute/y", "x/execute/y"],
    ["bulk", "bulk"],
    ["..", ".."],
    ["%2e%2E", ".."],
    ["a%20b", "a b"],
    ["a+b", null],
    ["+", "+"],
    [encodeURIComponent(LONGEST_ID), LONGEST_ID],
    [encodeURIComponent(`${LONGEST_ID}x`), null],
    ["x".repeat(256), null],
    ["", null],
    ["%FF", null],
    ["%C3", null],
    ["%C3%28", null],
    ["%C0%AF", null],
    ["%ED%A0%80", null],
    ["%F4%90%80%80", null],
    ["%EF%BB%BFbulk", null],
    ["%00", null],
    ["bulk%00", null],
    ["bulk%0D%0A", null],
    ["%09", null],
    ["%7F", null],
    ["%C2%85", null],
    ["__proto__", null],
    ["constructor", null],
    ["bulk/", null],
  ]),
);

testCases(
  idCases("device", "string", [
    [DEVICE_ID, DEVICE_ID],
    [DEVICE_ID.toUpperCase(), DEVICE_ID],
    [`%30${DEVICE_ID.slice(1)}`, DEVICE_ID],
    [`{${DEVICE_ID}}`.replace("{", "%7B").replace("}", "%7D"), null],
    [`urn:uuid:${DEVICE_ID}`, null],
    [DEVICE_ID.replaceAll("-", ""), null],
    [`${DEVICE_ID}%0A`, null],
    [DEVICE_ID.replace("0b", "0g"), null],
    [DEVICE_ID.replace("0b", "0c"), null],
  ]),
);

testCases(
  idCases("customer", "string", [
    ["ALFKI", "ALFKI"],
    ["alfki", null],
    ["ALFKIX", null],
    ["ALFKI%0A", null],
    ["XALFKI", null],
    ["BOLID", null],
  ]),
);

const NOT_PLAIN = failure(400, "malformed_request", "The request target is not a plain path; send one that starts with a single slash.");
const BAD_CHARACTER = failure(400, "malformed_request", "The request target holds a character that must be percent-encoded.");
const BAD_ESCAPE = failure(400, "malformed_request", "The path holds a percent sign without two hexadecimal digits behind it; write %25 for the sign itself.");
const DEEP = says("Deep.");

const PATHS: readonly Case[] = [
  ["a key of four segments is one key", { path: `${BASE}/a/b/c/d-e/execute` }, DEEP],
  ["a query belongs to no key", { path: `${BASE}/a/b/c/d-e/execute?x=%zz&y=/execute/1` }, DEEP],
  ["a query belongs to no ID", { path: `${BASE}/show/item/execute/42?43` }, says("number 42")],
  ["a key is never decoded", { path: `${BASE}/a/b/c/d%2De/execute` }, UNKNOWN_ACTION],
  ["a slash in a key is never encoded", { path: `${BASE}/a%2Fb/c/d-e/execute` }, UNKNOWN_ACTION],
  ["a key is compared in its own case", { path: `${BASE}/A/b/c/d-e/execute` }, UNKNOWN_ACTION],
  ["a key of five segments is none", { path: `${BASE}/a/b/c/d-e/f/execute` }, UNKNOWN_ACTION],
  ["a part of a key is none", { path: `${BASE}/a/b/execute` }, UNKNOWN_ACTION],
  ["a key with a dot segment is none", { path: `${BASE}/a/./b/c/d-e/execute` }, UNKNOWN_ACTION],
  ["a key with a double slash is none", { path: `${BASE}/a//b/c/d-e/execute` }, UNKNOWN_ACTION],
  ["a key with a slash in front is none", { path: `${BASE}//a/b/c/d-e/execute` }, UNKNOWN_ACTION],
  ["an empty key is none", { path: `${BASE}//execute` }, UNKNOWN_ACTION],
  ["__proto__ is no key", { path: `${BASE}/__proto__/execute` }, UNKNOWN_ACTION],
  ["constructor is no key", { path: `${BASE}/constructor/execute` }, UNKNOWN_ACTION],
  ["words that begin like execute belong to the key", { path: `${BASE}/execute-all/executed/execute/bulk` }, says("bulk")],
  ["such words without execute behind them are no route", { path: `${BASE}/execute-all/executed` }, NOT_FOUND],
  ["an action that needs a subject says so", { path: `${BASE}/show/item/execute` }, SUBJECT_REQUIRED],
  ["an action that takes no subject says so", { path: `${BASE}/results/text/execute/42` }, SUBJECT_NOT_ACCEPTED],
  ["even when the ID is empty", { path: `${BASE}/results/text/execute/` }, SUBJECT_NOT_ACCEPTED],
  ["a path outside the API is no route", { path: "/" }, NOT_FOUND],
  ["nor is one beside the actions", { path: "/api/v1/actionsx" }, NOT_FOUND],
  ["nor is the list with a slash", { path: `${BASE}/` }, NOT_FOUND],
  ["nor is a key alone", { path: `${BASE}/results/text` }, NOT_FOUND],
  ["nor is another version", { path: "/api/v2/actions/results/text/execute" }, NOT_FOUND],
  ["nor is the API in another case", { path: "/API/v1/actions/results/text/execute" }, NOT_FOUND],
  ["nor is a path that leads back to the API", { path: `/x/..${BASE}/results/text/execute` }, NOT_FOUND],
  ["a schema has nothing behind it", { path: `${BASE}/results/text/schema/x` }, NOT_FOUND],
  ["a path that begins with two slashes is malformed", { path: `/${BASE}/results/text/execute` }, NOT_PLAIN],
  ["an absolute URL is malformed", { path: `http://shop.example${BASE}/results/text/execute` }, NOT_PLAIN],
  ["a backslash is malformed", { path: `${BASE}\\results/text/execute` }, BAD_CHARACTER],
  ["a fragment is malformed", { path: `${BASE}/results/text/execute#x` }, BAD_CHARACTER],
  ["a percent sign with no digits is malformed", { path: `${BASE}/show/tag/execute/%zz` }, BAD_ESCAPE],
  ["a percent sign with one digit is malformed", { path: `${BASE}/show/tag/execute/%4` }, BAD_ESCAPE],
  ["a percent sign at the end is malformed", { path: `${BASE}/show/tag/execute/%` }, BAD_ESCAPE],
  ["an escape by code point is malformed", { path: `${BASE}/show/tag/execute/%u0041` }, BAD_ESCAPE],
  ["a bad escape in a key is malformed", { path: `${BASE}/results%2/execute` }, BAD_ESCAPE],
  ["H24: one that may not be seen is not there", { path: `${BASE}/show/item/execute/5` }, NO_SUBJECT],
  ["one that may be seen is there", { path: `${BASE}/show/item/execute/5`, token: "root-token" }, says("number 5")],
];

testCases(PATHS);
