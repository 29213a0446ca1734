import { BULK_MODES, type BulkMode } from "../call/bulk-input.ts";
import { countUp, succeeded, toSummary, type BulkItem } from "../bulk-outcome.ts";
import { BULK_WORKFLOW } from "../../catalog/catalog.ts";
import { ActionError } from "../../errors.ts";
import { NOT_IN_TIME, TOO_LARGE } from "../../execution/execute.ts";
import { isOutcome } from "../../execution/idempotency.ts";
import { isJsonObject, toJson, type Json, type JsonObject } from "../../json.ts";
import { failed, isSuccess, type Outcome } from "../../execution/answer/outcome.ts";
import { NO_REFERENCES } from "../../params/pending-references.ts";
import type { EachLoss, EachOptions, Flow, StepContext, Tally } from "../../workflow/flow.ts";
import type { Workflow } from "../../workflow/workflow.ts";

/** A bulk call that was checked. */
export interface BulkRunInput {
  readonly key: string;
  /** As they were sent. */
  readonly ids: readonly (string | number)[];
  readonly params: JsonObject;
  readonly mode: BulkMode;
  /** How long its action may take, in milliseconds. Absent of calls that were kept by an earlier version: as long as a step. */
  readonly timeoutMs?: number;
}

/** How many bulk calls are worked on at once, and how many items of each. */
const CONCURRENCY = 10;
const ITEMS_AT_ONCE = 8;

/** What an item is answered that is lost: as its single call would be. */
const LOST: Readonly<Record<EachLoss, string>> = { unavailable: NOT_IN_TIME, payload_too_large: TOO_LARGE };

/** What an item may take beside the functions of its action, in milliseconds. */
const BESIDE_MS = 60_000;

/** For all items in one step: each has the time of its action. */
const DAY_MS = 86_400_000;

/** Runs the items of a bulk call, each with its result in one commit. What the call was checked for is not checked again. */
export const bulkWorkflow: Workflow<BulkRunInput, BulkRunInput> = Object.freeze({
  name: BULK_WORKFLOW,
  input: Object.freeze({
    schema: {},
    names: ["key", "ids", "params", "mode", "timeoutMs"],
    subjects: [],
    makesFrozenJson: false,
    parse: (input: unknown) => ({ ok: true, value: toInput(input), references: NO_REFERENCES }) as const,
    mask: (input: unknown) => input,
    forTrail: () => null,
  }),
  signals: new Map(),
  concurrency: CONCURRENCY,
  run: runBulk,
});

async function runBulk(flow: Flow, input: BulkRunInput): Promise<JsonObject> {
  const { ids, mode } = input;
  const together = mode === "atomic" ? await runTogether(flow, input) : null;
  const work = async (index: number, step: StepContext, soFar: Tally): Promise<Json> => {
    const id = ids[index] ?? "";
    const outcome = together === null ? await runItem(input, id, step, soFar) : (together[index] ?? "skipped");
    return toJson({ index, id, outcome });
  };
  const instead = (index: number, code: EachLoss): Json => toJson({ index, id: ids[index] ?? "", outcome: failed(code, LOST[code]) });
  const tally = await flow.each(ids.length, work, { concurrency: mode === "each" ? ITEMS_AT_ONCE : 1, tally: nameOf, instead, ...timeOf(input) });
  return toSummary(countUp({ total: ids.length, succeeded: tally["succeeded"] ?? 0, skipped: tally["skipped"] ?? 0 }));
}

/** An item has the time of its action, be that longer than a step's. */
function timeOf({ timeoutMs }: BulkRunInput): EachOptions {
  return timeoutMs === undefined ? {} : { timeoutMs: timeoutMs + BESIDE_MS };
}

async function runItem({ key, params, mode }: BulkRunInput, id: string | number, step: StepContext, soFar: Tally): Promise<BulkItem["outcome"]> {
  return mode === "stop" && (soFar["failed"] ?? 0) > 0 ? "skipped" : step.tryToPerform({ key }, id, params);
}

/** All in one commit, or none: then the outcomes are kept with the refusal. */
async function runTogether(flow: Flow, { key, ids, params }: BulkRunInput): Promise<readonly BulkItem["outcome"][]> {
  try {
    const kept = await flow.step("all or nothing", async (step) => {
      const outcomes: Outcome[] = [];
      for (const id of ids) outcomes.push(await step.tryToPerform({ key }, id, params));
      if (!outcomes.every(isSuccess)) throw new ActionError("Not all succeeded.", { details: toJson(outcomes) });
      return toJson(outcomes);
    }, { timeoutMs: DAY_MS });
    return toOutcomes(kept);
  } catch (error) {
    if (!(error instanceof ActionError)) throw error;
    return toOutcomes(error.details).map((outcome) => (isSuccess(outcome) ? "skipped" : outcome));
  }
}

function toOutcomes(kept: Json | undefined): readonly Outcome[] {
  return Array.isArray(kept) ? kept.filter(isOutcome) : [];
}

/** Under which name a result is counted. */
function nameOf(result: Json): string {
  const outcome = isJsonObject(result) ? result["outcome"] : undefined;
  if (outcome === "skipped") return "skipped";
  return isOutcome(outcome) && succeeded({ index: 0, id: "", outcome }) ? "succeeded" : "failed";
}

/** The input of a run, read back from the store. */
function toInput(input: unknown): BulkRunInput {
  const kept = toJson(input);
  if (!isJsonObject(kept)) throw new TypeError("a bulk call was kept as something else");
  const { key, ids, params = {}, mode, timeoutMs } = kept;
  const known = BULK_MODES.find((name) => name === mode);
  if (typeof key !== "string" || !Array.isArray(ids) || !isJsonObject(params) || known === undefined) throw new TypeError("a bulk call was kept incompletely");
  return { key, ids: ids.filter((id) => typeof id === "string" || typeof id === "number"), params, mode: known, ...(typeof timeoutMs === "number" && { timeoutMs }) };
}
