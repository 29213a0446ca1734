import { requireObject, requireOptionalText } from "./check-option.ts";
import { toJson, type Json } from "./json.ts";

/**
 * The closed set of failure codes: every failure that is not the action's own carries one of these.
 * Some are only ever said by a transport; they stand here so that the set has one place.
 */
export const FAILURE_CODES = [
  "conflict",
  "forbidden",
  "idempotency_key_reused",
  "internal_error",
  "invalid_params",
  "malformed_request",
  "method_not_allowed",
  "not_found",
  "payload_too_large",
  "precondition_failed",
  "subject_not_accepted",
  "subject_not_found",
  "subject_required",
  "too_many_requests",
  "unauthenticated",
  "unavailable",
  "unknown_action",
  "unsupported_media_type",
] as const;

/** One of {@link FAILURE_CODES}. */
export type FailureCode = (typeof FAILURE_CODES)[number];

/** Faults by field, nested fields as `lines.0.quantity`; each a sentence for a person. */
export type FieldErrors = Readonly<Record<string, readonly string[]>>;

/** What an {@link ActionError} may carry beside its message. */
export interface ActionErrorOptions {
  /** The application's own code for programs: `already_shipped`. */
  readonly code?: string;
  /** Anything JSON can say, for programs. */
  readonly details?: Json;
}

const REMEDY = 'new ActionError("It has shipped.", { code: "already_shipped" })';

/**
 * Thrown by a handler that says no: `throw new ActionError("Order #10248 has already shipped.")`.
 * The message goes to the caller as it is. Nothing the handler had changed is kept.
 *
 * @throws TypeError for options that are none, a code that is no text, and details that are no JSON.
 */
export class ActionError extends Error {
  override readonly name = "ActionError";
  readonly code: string | undefined;
  readonly details: Json | undefined;

  constructor(message: string, options: ActionErrorOptions = {}) {
    super(message);
    requireObject("ActionError: its options", options, REMEDY);
    requireOptionalText("ActionError: code", options.code, REMEDY);
    this.code = options.code;
    this.details = options.details === undefined ? undefined : toJson(options.details, "details");
  }
}

/** The store did not answer. Says nothing of why: the cause is for the log. */
export class StoreUnavailable extends Error {
  override readonly name = "StoreUnavailable";

  constructor(cause: unknown) {
    super("The store is not available.", { cause });
  }
}

/** A commit has more bytes than the store can keep in one. Trying again is of no use; making it smaller is. */
export class CommitTooLarge extends Error {
  override readonly name = "CommitTooLarge";

  constructor(bytes: number, maxBytes: number) {
    super(`a commit of ${bytes} bytes is too large; ${maxBytes} is the most`);
  }
}

/** A handler or a step did not end in its time, and what it has begun may still be under way: its unit of work is never committed. */
export class TimedOut extends Error {
  override readonly name = "TimedOut";
}

/** Nobody waits for the answer of a call any more. */
export class CallerGone extends Error {
  override readonly name = "CallerGone";

  constructor() {
    super("The caller has gone.");
  }
}

/** The turn of a record did not come in time. */
export class TurnTimedOut extends Error {
  override readonly name = "TurnTimedOut";

  constructor({ collection, id }: { readonly collection: string; readonly id: string }, timeoutMs: number) {
    super(`The turn of ${collection} ${id} did not come within ${timeoutMs} ms. A handler that calls an action on a subject whose turn it has waits for itself.`);
  }
}

/** A handler has called what waits for a turn that the handler has. The message is that of a sentence which begins with what was called. */
export class NestedCall extends Error {
  override readonly name = "NestedCall";

  constructor({ collection, id }: { readonly collection: string; readonly id: string }) {
    super(`was called by a handler that has the turn of ${collection} ${id}, and would wait for it forever; use the handler's own subjects, or call once it has returned`);
  }
}

/** Others kept changing what a transaction is based on. Nothing of it was kept; it may succeed later. */
export class Contended extends Error {
  override readonly name = "Contended";
}

/** Is it what no action and no check can have an answer for: the whole call comes to it? */
export function endsCall(error: unknown): boolean {
  return error instanceof StoreUnavailable || error instanceof CommitTooLarge || error instanceof CallerGone;
}
