import assert from "node:assert/strict";
import { test } from "node:test";
import { createMemoryStore } from "../../../src/adapters/memory/index.ts";
import { ActionError, type CreateWorkflowEngine, type Json, type RecordStore, type WorkflowEngine } from "../../../src/domain/index.ts";
import { embeddedWorkflows } from "../../../src/adapters/embedded-workflows/index.ts";
import { CLERK, Counter, flowOf, openLab, STORES } from "./lab.ts";
import { diesAt } from "./dying-store.ts";
import { createTestTime } from "../../../src/app/testing/test-time.ts";

const RESULTS = "actionport.workflow.result";

const pairs = flowOf("pairs", async (flow) => {
  const bump = (offset: number, size: number) => flow.each(size, async (index, { subjects }) => {
    const found = await subjects.get(Counter, offset + index);
    subjects.put(Counter, { id: offset + index, count: (found?.count ?? 0) + 1 });
    return `${offset}+${index}`;
  }, { tally: (result) => `of ${String(result).charAt(0)}` });
  return [await bump(0, 3), await bump(3, 2), await bump(5, 1)];
});
const PAIRS = [{ "of 0": 3 }, { "of 3": 2 }, { "of 5": 1 }];

async function results(store: RecordStore): Promise<readonly (readonly [string, Json | undefined])[]> {
  const page = await store.list(RESULTS, { limit: 100 });
  return page.records.map(({ id, value }) => [id, value["value"]]);
}

for (const [where, open] of STORES) {
  test(`${where}: each of several calls of each works on its own and answers its own`, async () => {
    const time = createTestTime();
    const store = open(time);
    const lab = await openLab({ workflows: [pairs], time, store });
    const id = await lab.start(pairs);
    const shown = await lab.end(id);
    assert.deepEqual([shown.error, shown.result], [undefined, PAIRS]);
    assert.deepEqual(await Promise.all([0, 1, 2, 3, 4, 5, 6].map((counter) => lab.count(counter))), [1, 1, 1, 1, 1, 1, 0]);
    const kept = await results(store);
    assert.deepEqual(kept.map(([, value]) => value), ["0+0", "0+1", "0+2", "3+0", "3+1", "5+0"]);
    assert.deepEqual(kept.slice(0, 3).map(([record]) => record), [`${id}/000000000`, `${id}/000000001`, `${id}/000000002`]);
  });

  test(`${where}: a result is counted under whatever name it has`, async () => {
    const names = ["constructor", "__proto__", "toString", "constructor"];
    const seen: unknown[] = [];
    const workflow = flowOf("names", async (flow) => {
      const tally = await flow.each(names.length, (index, _step, soFar) => {
        seen.push(soFar["constructor"] ?? 0);
        return names[index] ?? "";
      }, { tally: String });
      return Object.entries(tally);
    });
    const time = createTestTime();
    const lab = await openLab({ workflows: [workflow], time, store: open(time) });
    const shown = await lab.end(await lab.start(workflow));
    assert.deepEqual(shown.result, [["constructor", 2], ["__proto__", 1], ["toString", 1]]);
    assert.deepEqual(seen, [0, 1, 1, 1]);
  });

  test(`${where}: an item whose result is no JSON, or cannot be counted, fails, and nothing of it is kept`, async () => {
    const odd: Json = Object(new Map());
    const refuseName = (): string => { throw new ActionError("It has no name."); };
    const cases: readonly (readonly [message: string, second: Json, tally: (result: Json) => string])[] = [
      ['what "each 1" answered is not JSON: Map', odd, String],
      ["It has no name.", "nameless", (result) => (result === "nameless" ? refuseName() : "named")],
    ];
    for (const [message, second, tally] of cases) {
      const workflow = flowOf("uncounted", (flow) => flow.each(3, (index, { subjects }) => {
        subjects.put(Counter, { id: 70 + index, count: 1 });
        return index === 1 ? second : index;
      }, { tally }));
      const time = createTestTime();
      const store = open(time);
      const lab = await openLab({ workflows: [workflow], time, store });
      const shown = await lab.end(await lab.start(workflow));
      assert.deepEqual([shown.status, shown.error], ["failed", message]);
      assert.deepEqual([await lab.count(70), await lab.count(71)], [1, Number.NaN]);
      assert.equal((await results(store)).length, 1);
    }
  });
}

test("the results of all calls of each are listed in their order, a page at a time", async () => {
  let engine: WorkflowEngine | undefined;
  const time = createTestTime();
  const create: CreateWorkflowEngine = (host) => (engine = embeddedWorkflows({ timer: time.timer, random: () => 0 })(host));
  const many = flowOf("many", async (flow) => {
    for (let call = 0; call < 12; call++) await flow.each(2, (index) => `${call}.${index}`);
  });
  const lab = await openLab({ workflows: [many], time, engine: create });
  const id = await lab.start(many);
  await lab.end(id);
  const pages = await pagesOf(engine, id, 5);
  assert.deepEqual(pages.map(({ length }) => length), [5, 5, 5, 5, 4]);
  assert.deepEqual(pages.flat(), Array.from({ length: 12 }, (_, call) => [`${call}.0`, `${call}.1`]).flat());
});

test("a page of results ends early where they are large, and none is left out", async () => {
  let engine: WorkflowEngine | undefined;
  const time = createTestTime();
  const create: CreateWorkflowEngine = (host) => (engine = embeddedWorkflows({ timer: time.timer, random: () => 0 })(host));
  const large = flowOf("large", (flow) => flow.each(12, (index) => `${index} ${"x".repeat(index < 5 ? 10 : 500_000)}`));
  const lab = await openLab({ workflows: [large], time, engine: create });
  const id = await lab.start(large);
  await lab.end(id);
  const pages = await pagesOf(engine, id, 200);
  assert.deepEqual(pages.map(({ length }) => length), [8, 3, 1]);
  assert.deepEqual(pages.flat().map((result) => Number.parseInt(String(result), 10)), Array.from({ length: 12 }, (_, index) => index));
});

/** The results of a run, page by page. */
async function pagesOf(engine: WorkflowEngine | undefined, id: string, limit: number): Promise<readonly (readonly Json[])[]> {
  const pages: (readonly Json[])[] = [];
  for (let after: string | null = ""; after !== null; ) {
    const page: Awaited<ReturnType<WorkflowEngine["results"]>> | undefined = await engine?.results(id, { limit, after });
    assert.ok(page !== undefined);
    pages.push(page.results);
    after = page.next;
  }
  return pages;
}

test("whatever the commit at which the process dies, each call of each does its items once", async () => {
  for (let at = 2, survived = false; !survived; at++) {
    for (const when of ["before", "behind"] as const) {
      const time = createTestTime();
      const memory = createMemoryStore({ clock: time.clock });
      const { store, died } = diesAt(memory, at, when);
      const lab = await openLab({ workflows: [pairs], store, time });
      survived = await Promise.race([lab.start(pairs).then((id) => lab.end(id)).then(() => true), died.then(() => false)]);
      const second = await openLab({ workflows: [pairs], store: memory, time });
      const listed = await second.actions.workflows.list(CLERK);
      assert.ok(listed.kind === "page");
      for (const run of listed.data) {
        assert.deepEqual((await second.end(String(run["id"]))).result, PAIRS, `commit ${at} ${when}`);
        assert.deepEqual(await Promise.all([0, 1, 2, 3, 4, 5, 6].map((id) => second.count(id))), [1, 1, 1, 1, 1, 1, 0], `commit ${at} ${when}`);
      }
    }
  }
});
