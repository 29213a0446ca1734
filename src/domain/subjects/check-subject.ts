import { awaitedLater } from "../awaited-later.ts";
import type { Action } from "../catalog/action.ts";
import type { Effect } from "../catalog/definition.ts";
import type { SubjectClass } from "../catalog/subject.ts";
import { endsCall } from "../errors.ts";
import { isSuccess, type Outcome } from "../execution/answer/outcome.ts";
import { Attempt } from "../execution/attempt.ts";
import type { Asking } from "../execution/execution-ports.ts";
import { toFailed } from "../execution/execute.ts";
import { UnitOfWork } from "../execution/unit/unit-of-work.ts";
import type { Identity } from "../identity.ts";
import type { JsonObject } from "../json.ts";
import type { StoredRecord } from "../ports.ts";
import type { Listing } from "./list-subjects.ts";

/** What an identity could do with a subject now, and why not. */
export type ActionCheck = { readonly key: string; readonly label: string; readonly effect: Effect } & (
  | { readonly allowed: true }
  | { readonly allowed: false; readonly code: "forbidden" | "refused"; readonly message: string }
);

/** A subject that was read: a record of the store, or a value from elsewhere. */
export interface ReadSubject {
  readonly subject: SubjectClass;
  /** Canonical. */
  readonly id: string;
  readonly record: StoredRecord | null;
  readonly value: JsonObject;
}

/** Who would do it. */
export interface Reader {
  readonly identity: Identity;
  readonly asking: Asking;
}

/** Asks every action on the subject's class, each in a unit of work of its own that nothing is kept of. `trials` are those of {@link toTrial}. */
export async function checkSubject(ports: Listing, reader: Reader, read: ReadSubject, trials: readonly Action[]): Promise<readonly ActionCheck[]> {
  const checks: Promise<ActionCheck>[] = [];
  for (const trial of trials) {
    const pausing = ports.breath.take();
    if (pausing !== undefined) await pausing;
    // Where one fails while others have their turn, that is told at the end.
    checks.push(awaitedLater(check(ports, reader, read, trial)));
  }
  return Promise.all(checks);
}

async function check(ports: Listing, reader: Reader, read: ReadSubject, action: Action): Promise<ActionCheck> {
  const { key, label, effect } = action;
  const outcome = await attempt(ports, reader, read, action);
  // Whoever sends parameters may send right ones.
  if (isSuccess(outcome) || (outcome.kind === "failed" && outcome.code === "invalid_params")) return { key, label, effect, allowed: true };
  const code = outcome.kind === "failed" && outcome.code === "forbidden" ? "forbidden" : "refused";
  return { key, label, effect, allowed: false, code, message: outcome.message };
}

/** A check whose functions do not end in their time is one that fails, and holds up no other. */
async function attempt(ports: Listing, { identity, asking: { requestId } }: Reader, read: ReadSubject, action: Action): Promise<Outcome> {
  const unit = new UnitOfWork(ports.store);
  if (read.record === null) unit.rememberForeign(read.subject.class, read.id, read.value);
  else unit.remember(read.subject.class, read.id, read.record);
  try {
    return await new Attempt(ports, { action, id: read.id, params: {}, identity, requestId, via: undefined, signal: undefined, traceparent: undefined, traced: null }, unit).run();
  } catch (error) {
    if (endsCall(error)) throw error;
    return toFailed(ports, { key: action.key, requestId }, error);
  }
}
