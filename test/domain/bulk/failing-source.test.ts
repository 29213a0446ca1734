import assert from "node:assert/strict";
import { test } from "node:test";
import { embeddedWorkflows } from "../../../src/adapters/embedded-workflows/index.ts";
import { createTestTime } from "../../../src/app/testing/test-time.ts";
import { defineAction, defineSubject, everyone, integerId, standardParams } from "../../../src/domain/index.ts";
import { NOBODY, turn, untyped } from "../lab.ts";
import { never, openTimedLab } from "../timed-lab.ts";

const MODES = ["each", "stop", "atomic", "preview", "later"] as const;
const INTERNAL_ERROR = { kind: "failed", code: "internal_error", message: "Server error." };
const UNAVAILABLE = { kind: "failed", code: "unavailable", message: "The service is not available right now. Try again later." };

function openPeople(answer: () => unknown, params = {}) {
  const Person = defineSubject({ class: "lab.Person", param: "person", id: integerId(), title: () => "", source: untyped(answer), list: untyped(answer), read: everyone });
  const greet = defineAction({ key: "greet", label: "Greet", subject: Person, params, authorize: everyone, handle: ({ subject }) => `${subject.id}` });
  const lab = openTimedLab([greet], { subjects: [Person], workflows: { engine: embeddedWorkflows({ timer: createTestTime().timer, random: () => 0 }) } });
  const bulk = (mode: (typeof MODES)[number]) => {
    const how = mode === "preview" ? { preview: true } : mode === "later" ? { async: true } : { mode };
    return lab.actions.bulk({ key: "greet", identity: NOBODY, requestId: "r1", input: { ids: [1, 2], ...how } });
  };
  return { ...lab, bulk };
}

test("A bulk call whose source answers nonsense is an internal error, as a single call is, and told of once", async () => {
  const answers = [
    [[{ id: 3 }], "TypeError: lab.Person: its source answered the ID 3, which was not asked for"],
    [{}, "TypeError: lab.Person: its source must answer a list of records, not object"],
    [null, "TypeError: lab.Person: its source must answer a list of records, not null"],
    [["1", "2"], "TypeError: lab.Person: its source must answer records, not string"],
  ] as const;
  for (const [answer, sentence] of answers) {
    for (const mode of MODES) {
      const { bulk, actions, observed } = openPeople(() => answer);
      assert.deepEqual(await bulk(mode), INTERNAL_ERROR, mode);
      assert.deepEqual(observed.map(({ event, action, requestId, error }) => [event, action, requestId, String(error)]), [["internal_error", "greet", "r1", sentence]], mode);
      assert.deepEqual(await actions.execute({ key: "greet", subject: "1", identity: NOBODY }), INTERNAL_ERROR);
    }
  }
});

test("A source that never answers holds up neither bulk calls nor readers for longer than an action may take", async () => {
  for (const mode of MODES) {
    const { bulk, observed, time } = openPeople(() => never());
    const answering = bulk(mode);
    for (let turns = 0; turns < 20; turns++) await turn();
    await time.pass(30_000);
    assert.deepEqual(await answering, UNAVAILABLE, mode);
    assert.deepEqual(observed.map(({ event, error }) => [event, String(error)]), [["store_unavailable", "TimedOut: lab.Person did not answer within 30000 ms."]]);
  }
  const { actions, time } = openPeople(() => never());
  const reading = [actions.subjects.get(NOBODY, "lab.Person", "1"), actions.subjects.check(NOBODY, "lab.Person", "1"), actions.subjects.list(NOBODY, "lab.Person")];
  await turn();
  await time.pass(30_000);
  assert.deepEqual(await Promise.all(reading), [UNAVAILABLE, UNAVAILABLE, UNAVAILABLE]);
});

test("Parameters that are never found right or wrong do not hold up a bulk call either", async () => {
  const schema = { "~standard": { version: 1, vendor: "test", validate: () => never<{ value: object }>() } } as const;
  for (const mode of MODES) {
    const { bulk, time } = openPeople(() => [{ id: 1 }, { id: 2 }], standardParams(schema, { schema: { type: "object", properties: {}, additionalProperties: false } }));
    const answering = bulk(mode);
    await turn();
    await time.pass(30_000);
    assert.deepEqual(await answering, UNAVAILABLE, mode);
  }
});
