import assert from "node:assert/strict";
import { test } from "node:test";
import { createIdentity, defineAction, everyone, integer, text } from "../../../src/domain/index.ts";
import { Counter, NOBODY, openLab, withMethods, type Lab } from "../lab.ts";

const AUDITOR = createIdentity({ kind: "user", id: "auditor", permissions: ["view_audit"] });

const note = defineAction({
  key: "note",
  label: "Note",
  subject: Counter,
  params: { length: integer(), fill: text().default("x") },
  authorize: everyone,
  handle: ({ subject, params, subjects }) => subjects.put(Counter, { ...subject, count: subject.count + 1, ...{ note: params.fill.repeat(params.length) } }),
});

/** A trail with entries of about these lengths, and what the store was asked for. */
async function openTrail(lengths: readonly number[]): Promise<Lab & { readonly asked: number[] }> {
  const asked: number[] = [];
  const lab = openLab([note], { wrap: (store) => withMethods(store, { trail: (query) => (asked.push(query.limit), store.trail(query)) }) });
  for (const length of lengths) assert.equal((await lab.actions.execute({ key: "note", subject: "1", params: { length: length / 2 }, identity: NOBODY })).kind, "data");
  return { ...lab, asked };
}

/** All pages of so many: how many entries each has. */
async function pagesOf({ actions }: Lab, limit: number, order: string): Promise<readonly number[]> {
  const counts: number[] = [];
  const seen: unknown[] = [];
  for (let after: string | null | undefined; after !== null; ) {
    const page = await actions.audit(AUDITOR, { limit, order, ...(after === undefined ? {} : { after }) });
    assert.ok(page.kind === "page");
    counts.push(page.data.length);
    seen.push(...page.data.map((entry) => entry["id"]));
    after = page.next;
  }
  assert.deepEqual(seen, order === "ascending" ? [...seen].sort() : [...seen].sort().reverse());
  assert.equal(new Set(seen).size, seen.length);
  return counts;
}

test("A page of the trail has as many entries as were asked for, where they are small", async () => {
  const lab = await openTrail(Array.from({ length: 120 }, () => 100));
  for (const order of ["ascending", "descending"]) assert.deepEqual(await pagesOf(lab, 50, order), [50, 50, 20]);
  assert.equal(Math.max(...lab.asked), 30);
});

test("It ends early where they are large, with one at least, and none is left out", async () => {
  const lab = await openTrail(Array.from({ length: 30 }, () => 400_000));
  for (const order of ["ascending", "descending"]) {
    const counts = await pagesOf(lab, 200, order);
    assert.equal(counts.reduce((sum, count) => sum + count, 0), 30);
    assert.ok(counts.every((count) => count > 0 && count <= 4), counts.join());
  }
  assert.ok(lab.asked.every((limit) => limit <= 4), lab.asked.join());
});

test("Small ones before it make no page of large ones longer", async () => {
  const lab = await openTrail([...Array.from({ length: 20 }, () => 100), ...Array.from({ length: 20 }, () => 1_000_000)]);
  const counts = await pagesOf(lab, 200, "ascending");
  assert.equal(counts.reduce((sum, count) => sum + count, 0), 40);
});
