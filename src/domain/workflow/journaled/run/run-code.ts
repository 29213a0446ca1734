import type { Json, JsonObject, Workflow } from "../../../index.ts";
import { createFlow, toJsonObject, toValue, type Command } from "../../engine-parts.ts";
import type { RunEnd } from "../state/end-run.ts";
import { CodeChanged } from "../run-errors.ts";
import type { StoredRun } from "../state/held-run.ts";

/** How a workflow's code has ended by itself. */
export type CodeEnd = Exclude<RunEnd, { readonly status: "cancelled" | "failed" }> | { readonly status: "failed"; readonly cause: unknown };

/** What is done for a workflow's code. */
export interface CodePorts {
  ask(command: Command): Promise<Json | undefined>;
  progress(done: number, total: number): void;
  cancel(reason: string): void;
  /** It has ended. To be told of once more does not count. */
  ended(end: CodeEnd): void;
}

/** The input of the run that goes on, as that of one that is started: a run that cannot begin would be of no use to anybody. */
function toInput(workflow: Workflow, next: object): JsonObject {
  const input = toJsonObject(next, "the input of flow.continueAs()");
  const parsed = workflow.input.parse(input);
  if (!parsed.ok) throw new TypeError(`the input of flow.continueAs() is not valid: ${JSON.stringify(parsed.errors)}`);
  return input;
}

/** Lets a workflow's code run. Throws when it does not take its input any more. */
export function startCode({ id, workflow, input }: StoredRun, { ended, ...ports }: CodePorts): void {
  const parsed = workflow.input.parse(input);
  if (!parsed.ok) throw new CodeChanged(workflow.name, "it does not take the input it was started with any more");
  const flow = createFlow({
    id,
    ...ports,
    continueAs: (next) => ended({ status: "continued", input: toInput(workflow, next) }),
  });
  const run = async (): Promise<void> => {
    try {
      ended({ status: "completed", result: toValue(await workflow.run(flow, parsed.value), workflow.name) });
    } catch (cause) {
      ended({ status: "failed", cause });
    }
  };
  void run();
}
