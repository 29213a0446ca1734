import assert from "node:assert/strict";
import { test } from "node:test";
import { isObject } from "../../../src/domain/json.ts";
import { compileParams } from "../../../src/domain/params/index.ts";
import { createChance, generateShape } from "./generate.ts";
import { admits } from "./schema-checker.ts";

const SHAPES = 1500;
const INPUTS = 12;
const SEED = 20261123;

test("validator and published schema never disagree, whichever way the schema's patterns are read", () => {
  const chance = createChance(SEED);
  const count = { admitted: 0, refused: 0 };
  for (let round = 0; round < SHAPES; round++) {
    const { shape, input } = generateShape(chance);
    const { schema, parse } = compileParams(shape);
    for (let time = 0; time < INPUTS; time++) {
      const value = input(chance);
      const { ok } = parse(value);
      count[ok ? "admitted" : "refused"]++;
      for (const flags of ["", "u"] as const) {
        assert.equal(ok, admits(schema, value, flags), `flags "${flags}", shape ${round}: ${JSON.stringify(schema)} and ${show(value)}`);
      }
    }
  }
  // A test that only ever saw one of them would show little.
  assert.ok(count.admitted > 4000 && count.refused > 4000, JSON.stringify(count));
});

test("what comes out is frozen, goes in again and comes out the same", () => {
  const chance = createChance(SEED + 1);
  let seen = 0;
  for (let round = 0; round < SHAPES / 3; round++) {
    const { shape, input } = generateShape(chance);
    const { parse, subjects } = compileParams(shape);
    if (subjects.length > 0) continue;
    for (let time = 0; time < INPUTS; time++) {
      const first = parse(input(chance));
      if (!first.ok) continue;
      seen++;
      assertFrozen(first.value);
      assert.deepEqual(parse(first.value), first);
    }
  }
  assert.ok(seen > 500, String(seen));
});

function assertFrozen(value: unknown): void {
  if (typeof value === "number") assert.ok(!Object.is(value, -0));
  if (typeof value !== "object" || value === null) return;
  assert.ok(Object.isFrozen(value));
  for (const member of isObject(value) ? Object.values(value) : listItems(value)) assertFrozen(member);
}

function listItems(value: object): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** As JSON, but with what JSON cannot say. */
function show(value: unknown): string {
  return JSON.stringify(value, (_key, item: unknown) => (typeof item === "number" && (Object.is(item, -0) || !Number.isFinite(item)) ? `number ${Object.is(item, -0) ? "-0" : item}` : item));
}
