import type { ApiEntry, AuditEntry } from "../../adapters/client/index.ts";
import { isSuccess, type BulkItem, type BulkOutcome, type FailureCode, type Failed, type FieldErrors, type Outcome, type Preview, type Refused, type Succeeded } from "../../domain/index.ts";
import type { RecordChange } from "./recorded-store.ts";
import type { StartedRun } from "./watched-engine.ts";

/** What came of something, beside its answer: plain data, the same in every run of the test. */
export interface Effects {
  /** What was put and deleted, in the order of the commits. */
  readonly changes: readonly RecordChange[];
  /** What the trail says of it, as it is shown to those who may see it. */
  readonly entries: readonly AuditEntry[];
  /** The workflows that it has started. */
  readonly workflows: readonly StartedRun[];
}

/** Why a call did not succeed, told apart by `code`; `refused` when the action gave none of its own. */
export type CallRefusal<E extends ApiEntry> = GeneralRefusal | DeclaredRefusal<E["errors"]>;

interface GeneralRefusal {
  readonly code: FailureCode | "refused";
  readonly message: string;
  /** With `invalid_params`: sentences by field. */
  readonly errors?: FieldErrors;
}

type DeclaredRefusal<Errors extends ApiEntry["errors"]> = Errors extends unknown ? { readonly code: Errors["code"]; readonly message: string; readonly details: Errors["details"] } : never;

/** What an execution came to. */
export interface Tried<E extends ApiEntry> extends Effects {
  readonly outcome: Outcome;
  /** The body of the success: `message`, `data` or `workflow_id`. @throws Error that says what happened instead. */
  readonly result: E["result"];
  /** Why it did not succeed. @throws Error when it did. */
  readonly failure: CallRefusal<E>;
}

/** What a preview came to: nothing of it is kept. */
export interface TriedPreview<E extends ApiEntry> extends Pick<Tried<E>, "result" | "failure"> {
  /** With the `changes` that would be made, as the identity would see them, and the `etag` for `ifMatch`. */
  readonly outcome: Preview;
}

/** What a bulk call came to. */
export interface TriedBulk extends Effects {
  readonly outcome: BulkOutcome | Outcome;
  /** What became of each subject, in the order of the IDs. @throws Error when the whole call was refused. */
  readonly items: readonly BulkItem[];
}

/** The outcome with what can be asked of it. `name` is for people: `orders/approve-order on 42`. */
class Answered<E extends ApiEntry, O extends Outcome> {
  readonly outcome: O;
  readonly #name: string;

  constructor(name: string, outcome: O) {
    this.#name = name;
    this.outcome = outcome;
  }

  get result(): E["result"] {
    if (!isSuccess(this.outcome)) throw new Error(`${this.#name} did not succeed: ${explain(this.outcome)}`);
    // What the handler returned is of the type that its declaration was inferred from.
    return toBody(this.outcome) as E["result"];
  }

  get failure(): CallRefusal<E> {
    const outcome: Outcome = this.outcome;
    if (isSuccess(outcome)) throw new Error(`${this.#name} was expected not to succeed, and did: ${JSON.stringify(toBody(outcome))}`);
    const { kind: _, replayed: __, ...parts } = { replayed: undefined, ...outcome };
    // Codes and details of an action's own are those that it declares.
    return { code: "refused", ...parts } as CallRefusal<E>;
  }
}

class Executed<E extends ApiEntry> extends Answered<E, Outcome> implements Tried<E> {
  readonly changes: readonly RecordChange[];
  readonly entries: readonly AuditEntry[];
  readonly workflows: readonly StartedRun[];

  constructor(name: string, outcome: Outcome, effects: Effects) {
    super(name, outcome);
    ({ changes: this.changes, entries: this.entries, workflows: this.workflows } = effects);
  }
}

/** What this execution came to. */
export function tried<E extends ApiEntry>(name: string, outcome: Outcome, effects: Effects): Tried<E> {
  return new Executed<E>(name, outcome, effects);
}

/** What this preview came to. */
export function triedPreview<E extends ApiEntry>(name: string, outcome: Preview): TriedPreview<E> {
  return new Answered<E, Preview>(name, outcome);
}

/** What this bulk call came to. */
export function triedBulk(name: string, outcome: BulkOutcome | Outcome, effects: Effects): TriedBulk {
  return {
    outcome,
    ...effects,
    get items() {
      if (outcome.kind === "bulk") return outcome.items;
      throw new Error(`${name} has no items: ${isSuccess(outcome) ? JSON.stringify(toBody(outcome)) : explain(outcome)}`);
    },
  };
}

/** A success as its caller sees it, without `success`. */
function toBody(outcome: Succeeded): object {
  const { kind: _, redirect: __, replayed: ___, ...body } = { redirect: undefined, replayed: undefined, ...outcome };
  return body;
}

function explain({ message, code = "refused", ...more }: Refused | Failed): string {
  const { kind: _, replayed: __, ...rest } = { replayed: undefined, ...more };
  return `${message} (${code})${Object.keys(rest).length === 0 ? "" : ` ${JSON.stringify(rest)}`}`;
}
