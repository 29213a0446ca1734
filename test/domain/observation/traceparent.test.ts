import assert from "node:assert/strict";
import { test } from "node:test";
import { readTraceparent } from "../../../src/domain/observation/traceparent.ts";

const TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
const SPAN = "00f067aa0ba902b7";
const VALID = `00-${TRACE}-${SPAN}-01`;

const CASES: readonly (readonly [sentence: string, given: string | undefined, expected: string | undefined])[] = [
  ["A valid one is taken as it is", VALID, VALID],
  ["One that is not sampled is valid too", `00-${TRACE}-${SPAN}-00`, `00-${TRACE}-${SPAN}-00`],
  ["Flags that nobody knows yet stand in a valid one", `00-${TRACE}-${SPAN}-ff`, `00-${TRACE}-${SPAN}-ff`],
  ["None is none", undefined, undefined],
  ["Nothing is none", "", undefined],
  ["A trace of zeros is none", `00-${"0".repeat(32)}-${SPAN}-01`, undefined],
  ["A span of zeros is none", `00-${TRACE}-${"0".repeat(16)}-01`, undefined],
  ["Capitals are not valid", VALID.toUpperCase(), undefined],
  ["Version 255 is not valid", `ff-${TRACE}-${SPAN}-01`, undefined],
  ["A trace that is too short is not valid", `00-${TRACE.slice(1)}-${SPAN}-01`, undefined],
  ["A trace that is too long is not valid", `00-${TRACE}0-${SPAN}-01`, undefined],
  ["Other letters are not valid", `00-${TRACE.slice(1)}g-${SPAN}-01`, undefined],
  ["Version 0 has nothing behind its flags", `${VALID}-00`, undefined],
  ["A dash behind the flags of version 0 is not valid either", `${VALID}-`, undefined],
  ["Two headers, as they are joined, are not valid", `${VALID}, ${VALID}`, undefined],
  ["Blanks are not valid", ` ${VALID}`, undefined],
  ["A later version is taken as version 0", `01-${TRACE}-${SPAN}-01`, VALID],
  ["A later version may have more behind a dash, which is left out", `cc-${TRACE}-${SPAN}-01-what-the-future-brings`, VALID],
  ["A later version has nothing but a dash behind its flags", `cc-${TRACE}-${SPAN}-01.what`, undefined],
  ["Of a later version's flags only those that are known are kept", `cc-${TRACE}-${SPAN}-ff`, `00-${TRACE}-${SPAN}-03`],
];

for (const [sentence, given, expected] of CASES) test(`${sentence} (traceparent)`, () => assert.equal(readTraceparent(given), expected));
