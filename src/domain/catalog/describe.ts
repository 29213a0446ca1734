import type { Action } from "./action.ts";
import type { DeclaredError } from "./declared/declared-errors.ts";
import type { ExampleDescription } from "./examples.ts";
import type { Effect } from "./definition.ts";
import { BULK_MODES, limitsOf, type BulkLimits, type BulkMode } from "../bulk/call/bulk-input.ts";
import type { JsonObject } from "../json.ts";
import type { ReturnKind } from "../execution/answer/result.ts";

/** An action as a list shows it. */
export interface ActionSummary {
  readonly key: string;
  readonly label: string;
  readonly description: string;
  readonly effect: Effect;
  /** Absent when the action takes none. */
  readonly subject?: { readonly required: true; readonly param: string; readonly class: string };
}

/** A declared error as programs are told of it. */
export interface ErrorDescription {
  readonly code: string;
  readonly details: JsonObject | null;
  readonly retry: boolean;
}

/** An action in full: all that a client must know to call it. */
export interface ActionDescription extends ActionSummary {
  /** JSON Schema 2020-12 of the parameters, of type `object`. */
  readonly parameters: JsonObject;
  /** What a success can answer with, and `error` for the action's own refusal. */
  readonly returns: readonly (ReturnKind | "error")[];
  /** JSON Schema of the `data` of a success, when the action declares it. */
  readonly result: JsonObject | null;
  /** The errors of its own that it declares: JSON Schema of their `details`, null for none, and whether the same call may go well later. */
  readonly errors: readonly ErrorDescription[];
  /** Calls as somebody might make them. */
  readonly examples: readonly ExampleDescription[];
  /** Null when there is no bulk call because the action takes no subject. */
  readonly bulk: { readonly max_ids: number; readonly modes: readonly BulkMode[] } | null;
  /** How long a repeat with the same idempotency key gets the same answer. */
  readonly idempotency: { readonly retention_seconds: number };
}

export function summarizeAction({ key, label, description, effect, subject }: Action): ActionSummary {
  const about = subject === null ? {} : { subject: { required: true as const, param: subject.param, class: subject.class } };
  return { key, label, description, effect, ...about };
}

/** The description that a schema document is made from; validation comes from the same declaration. */
export function describeAction(action: Action, limits: BulkLimits, idempotencyRetentionSeconds: number): ActionDescription {
  return {
    ...summarizeAction(action),
    parameters: action.params.schema,
    returns: [...action.returns, "error"],
    result: action.result === null ? null : action.result.schema,
    errors: [...(action.errors?.values() ?? [])].map(describeError),
    examples: action.examples,
    bulk: action.subject === null ? null : { max_ids: limitsOf(action, limits).maxBulkIds, modes: BULK_MODES },
    idempotency: { retention_seconds: idempotencyRetentionSeconds },
  };
}

function describeError({ code, details, retry }: DeclaredError): ErrorDescription {
  return { code, details: details === null ? null : details.schema, retry };
}
