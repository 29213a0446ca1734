import type { Randomness } from "../../domain/index.ts";
import { delayAfter, type StepCommand, type StepTry, type Tried } from "../../domain/workflow/engine.ts";
import { answered, type Entry } from "./entry.ts";
import type { HeldRun } from "./held-run.ts";
import type { Pending } from "./pending-commands.ts";

/** What a try of a step needs of its run. */
export interface StepPorts {
  readonly run: HeldRun;
  readonly random: Randomness;
  /** Epoch milliseconds. */
  readonly clock: () => number;
}

/** Tries a step and keeps what came of it. Answers the error when it is to be tried again, and null when it was answered. */
export async function workOnStep(ports: StepPorts, command: Pending<StepCommand>): Promise<{ readonly cause: unknown } | null> {
  const { run } = ports;
  await run.claim();
  const failures = run.journal.find(command.key)?.failures ?? 0;
  const { tried, mark } = await run.commitStep(toStep(run, command, failures + 1), (result) => toEntry(ports, command, result, failures));
  return "failure" in tried && mark.order === null ? tried : null;
}

function toStep(run: HeldRun, { key, name, timeoutMs, work, performs }: Pending<StepCommand>, attempt: number): StepTry {
  const { startedBy, action, subject } = run.state;
  return { runId: run.id, startedBy, action, subject, key, name, attempt, timeoutMs, work, performs };
}

/** What the journal keeps of a try: an answer, or when the next one is due. */
function toEntry({ run, random, clock }: StepPorts, { kind, retry }: Pending<StepCommand>, tried: Tried, failures: number): Entry {
  if (!("failure" in tried)) return answered(kind, run.journal.nextOrder(), failures, tried.value);
  const delay = tried.isFinal ? null : delayAfter(failures + 1, retry, random);
  const failed = { kind, failures: failures + 1, failure: tried.failure };
  return delay === null ? { ...failed, order: run.journal.nextOrder(), at: null } : { ...failed, order: null, at: clock() + delay };
}
