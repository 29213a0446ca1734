import assert from "node:assert/strict";
import { test } from "node:test";
import { ActionError, defineWorkflow, integer } from "../../../src/domain/index.ts";
import { flowOf, openLab } from "./lab.ts";

/** An error whose property says something else than its type. */
function errorWith(property: string, descriptor: PropertyDescriptor, error: Error = new Error("x")): Error {
  return Object.defineProperty(error, property, descriptor);
}

const unreadable = { get: () => { throw new Error("It cannot be read."); } };
const THROWN: readonly (readonly [what: string, thrown: unknown, kept: string])[] = [
  ["nothing", undefined, "undefined"],
  ["an object of no class", Object.create(null), "What was thrown cannot be kept."],
  ["an object that has no text", { toString: () => { throw new Error("No text."); } }, "What was thrown cannot be kept."],
  ["an error whose message cannot be read", errorWith("message", unreadable), "What was thrown cannot be kept."],
  ["an error whose message is a bigint", errorWith("message", { value: 10n }), "10"],
  ["an error whose message is undefined", errorWith("message", { value: undefined }), "Error"],
  ["an error of a class, without a message", new RangeError(), "RangeError"],
  ["what Node throws where no address of a name answers", new AggregateError([new Error("connect ECONNREFUSED ::1:5432"), new Error("connect ECONNREFUSED 127.0.0.1:5432")]), "connect ECONNREFUSED ::1:5432; connect ECONNREFUSED 127.0.0.1:5432"],
  ["a refusal whose details are no JSON any more", errorWith("details", { value: 10n }, new ActionError("No.")), "What was thrown cannot be kept."],
  ["a refusal whose code is no text any more", errorWith("code", { value: 10 }, new ActionError("No.")), "What was thrown cannot be kept."],
];

for (const [what, thrown, kept] of THROWN) {
  test(`whoever throws ${what} has failed, in a step, in one of many, in the code and in what undoes a step`, async () => {
    let tries = 0;
    const fail = () => {
      tries++;
      throw thrown;
    };
    const once = { retry: { maxAttempts: 1 } };
    const workflows = [
      flowOf("step", (flow) => flow.step("fail", fail, once)),
      flowOf("each", (flow) => flow.each(3, fail)),
      flowOf("code", async (flow) => (await flow.step("begin", () => 1), fail())),
      flowOf("undo", async (flow) => {
        await flow.step("begin", () => 1, { ...once, compensate: fail });
        throw new Error("No more.");
      }),
    ];
    const lab = await openLab({ workflows });
    const errors: unknown[] = [];
    for (const workflow of workflows) errors.push((await lab.end(await lab.start(workflow))).error);
    assert.deepEqual([errors, tries], [[kept, kept, kept, `No more. Undoing "begin" failed: ${kept}`], 4]);
  });
}

test("what is no number of items fails the run with the remedy", async () => {
  const counts: readonly (readonly [unknown, string])[] = [[["a", "b"], "an Array"], ["3", "a string"], [Number.NaN, "NaN"], [-1, "-1"], [1.5, "1.5"], [undefined, "undefined"]];
  for (const [count, kind] of counts) {
    const workflow = flowOf("many", (flow) => Reflect.apply(flow.each, flow, [count, () => null]));
    const lab = await openLab({ workflows: [workflow] });
    const shown = await lab.end(await lab.start(workflow));
    assert.deepEqual([shown.status, shown.error], ["failed", `flow.each(): count must be a whole number from 0, not ${kind}: how many there are, orders.length`]);
  }
});

test("a run that would go on with an input which its workflow does not take has failed, and is undone", async () => {
  const undone: string[] = [];
  const rounds = defineWorkflow({
    name: "rounds",
    input: { round: integer() },
    async run(flow) {
      await flow.step("begin", () => 1, { compensate: () => void undone.push("begin") });
      return flow.continueAs({ round: "two" });
    },
  });
  const lab = await openLab({ workflows: [rounds] });
  const shown = await lab.end(await lab.start(rounds, { round: 1 }));
  assert.deepEqual([shown.status, shown.error, undone], ["failed", 'the input of flow.continueAs() is not valid: {"round":["Must be a whole number."]}', ["begin"]]);
});

test("a length of time whose parts are misspelt, or no numbers, is a TypeError and not no time", async () => {
  const wrong: readonly object[] = [{ day: 3 }, { days: "3" }, { days: 1, hour: 2 }, new Date(0), { toString: 1 }];
  for (const duration of wrong) {
    const workflow = flowOf("nap", (flow) => Reflect.apply(flow.sleep, flow, [duration]));
    const lab = await openLab({ workflows: [workflow] });
    assert.equal((await lab.end(await lab.start(workflow))).error, "a duration must be milliseconds, or such as { days: 7 }, from 0 to a hundred years");
  }
});
