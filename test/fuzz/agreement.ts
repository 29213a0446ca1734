import assert from "node:assert/strict";
import { isObject } from "../../src/domain/json.ts";
import { readVerdicts, type Verdict } from "./contract.ts";
import type { Referee } from "./referee.ts";
import type { Answer, Call } from "./transports.ts";

/** How often schema and reader were seen to agree. */
export interface Agreements {
  admitted: number;
  excluded: number;
}

/** What a schema cannot say, and the reader says after it: that there is no such subject, and rules between fields. */
const BEYOND_SCHEMAS = /^(There is no \w+ with the ID|required_at must not be before|.* is already in lines\.)/;

/**
 * Fails when what the schema admits was refused as `invalid_params`, or when what it excludes came through. What came so far
 * that parameters were looked at counts.
 */
export function checkAgreement({ asks, body }: Call, answer: Answer, referee: Referee, seen: Agreements): void {
  if (asks === null) return;
  const given: unknown = JSON.parse(String(body));
  const params: unknown = asks.how === "bulk" ? (isObject(given) ? (given["params"] ?? {}) : undefined) : given;
  if (!isObject(params)) return;
  const admitted = referee(asks.key, params);
  for (const verdict of readVerdicts(answer)) check(asks.how === "bulk" ? ofParams(verdict) : verdict, admitted, params, seen);
}

/** Of a bulk call only what is said of the parameters counts, and not of the list of IDs. */
function ofParams(verdict: Verdict): Verdict | null {
  if (verdict.code !== "invalid_params") return verdict;
  const fields = Object.keys(verdict.errors);
  return fields.every((field) => field.startsWith("params.")) ? verdict : null;
}

function check(verdict: Verdict | null, admitted: boolean, params: object, seen: Agreements): void {
  if (verdict === null) return;
  if (verdict.code === null) {
    assert.ok(admitted, "what the schema excludes has passed");
    seen.admitted++;
  } else if (verdict.code === "invalid_params") {
    assert.ok(!admitted || Object.values(verdict.errors).flat().every((sentence) => BEYOND_SCHEMAS.test(String(sentence))) || hasTooLongId(params), "what the schema admits was refused");
    seen.excluded++;
  }
}

/** Lengths are counted in characters by a schema, and those of IDs in bytes by the reader: docs/actions.md. */
function hasTooLongId(value: unknown): boolean {
  if (typeof value === "string") return [...value].length <= 255 && Buffer.byteLength(value) > 255;
  return typeof value === "object" && value !== null && Object.values(value).some(hasTooLongId);
}
