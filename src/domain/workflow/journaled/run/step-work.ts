import { delayAfter, type StepCommand, type Tried } from "../../engine-parts.ts";
import { answered, type Entry } from "../state/entry.ts";
import type { HeldRun } from "../state/held-run.ts";
import type { Pending } from "./pending-commands.ts";

/** Tries a step and keeps what came of it. True when it was answered, false when it is to be tried again. */
export async function workOnStep(run: HeldRun, command: Pending<StepCommand>): Promise<boolean> {
  await run.claim();
  const { key, name, timeoutMs, work, performs } = command;
  const failures = run.journal.find(key)?.failures ?? 0;
  const step = { key, name, attempt: failures + 1, timeoutMs, work, performs };
  const { tried, mark: entry } = await run.commitStep(step, (result, unit) => run.addEntry(unit, key, toEntry(run, command, result, failures)));
  if (entry.order !== null) return true;
  if ("failure" in tried) run.observe("workflow_step_failed", { step: name, error: tried.cause });
  return false;
}

/** What the journal keeps of a try: an answer, or when the next one is due. */
function toEntry(run: HeldRun, { kind, retry }: StepCommand, tried: Tried, failures: number): Entry {
  if (!("failure" in tried)) return answered(kind, run.journal.nextOrder(), failures, tried.value);
  const delay = tried.isFinal ? null : delayAfter(failures + 1, retry, run.ports.random);
  const failed = { kind, failures: failures + 1, failure: tried.failure };
  return delay === null ? { ...failed, order: run.journal.nextOrder(), at: null } : { ...failed, order: null, at: run.now() + delay };
}
