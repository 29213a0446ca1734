import type { FailureCode, FieldErrors } from "../../domain/errors.ts";

/**
 * What a call can come to beside the codes of docs/errors.md. `refused`: the action said no without a code of its own; `network`: no answer, or one that was cut;
 * `timeout`: the deadline; `aborted`: by the caller's signal; `unexpected_answer`: from something that is not this API, such as a proxy.
 */
export type ClientCode = "refused" | "network" | "timeout" | "aborted" | "unexpected_answer";

/** What else is known of a failure. */
export interface FailureParts<Details = unknown> {
  readonly details?: Details | undefined;
  readonly errors?: FieldErrors | undefined;
  readonly status?: number | undefined;
  readonly requestId?: string | undefined;
  readonly retryAfterMs?: number | undefined;
  readonly action?: string | undefined;
  readonly cause?: unknown;
}

/** Why a call did not succeed: the one thing that a client throws for what is no mistake in the program. Told apart by `code`. */
export class CallFailure<Code extends string = string, Details = unknown> extends Error {
  override readonly name = "CallFailure";
  /** One of docs/errors.md, one of the action's own, or one of {@link ClientCode}. */
  declare readonly code: Code;
  /** What the action gave with its own code. */
  declare readonly details: Details | undefined;
  /** With `invalid_params`: sentences by field. */
  declare readonly errors: FieldErrors | undefined;
  /** The status of HTTP; undefined when there was no answer. */
  declare readonly status: number | undefined;
  /** For whoever reads the server's log. */
  declare readonly requestId: string | undefined;
  /** From when on it may go well, as the server said, in milliseconds from the answer. */
  declare readonly retryAfterMs: number | undefined;
  /** The key of the action that was called; undefined for other calls. */
  declare readonly action: string | undefined;

  constructor(code: Code, message: string, parts: FailureParts<Details> = {}) {
    super(message, parts);
    this.code = code;
    Object.assign(this, parts);
  }
}

/** Every failure that any call can come to, told apart by `code`. */
export type GeneralFailure = { [Code in FailureCode | ClientCode]: CallFailure<Code> }[FailureCode | ClientCode];

/** Those, and the errors that an action declares. */
export type FailureOf<Errors extends { readonly code: string; readonly details?: unknown }> = GeneralFailure | DeclaredFailure<Errors>;

type DeclaredFailure<Errors extends { readonly code: string; readonly details?: unknown }> = Errors extends unknown ? CallFailure<Errors["code"], Errors["details"]> : never;

/**
 * After these the same may go well: conflict, too many requests, and what is unavailable, there or in front of it; and what has no status, that of a
 * network or of a stream. A code that came with a status may be an action's own.
 */
const PASSING: ReadonlySet<number | string> = new Set([409, 429, 502, 503, 504, "network", "unavailable"]);

/** May the same call go well later? */
export function isPassing({ code, status }: CallFailure): boolean {
  return PASSING.has(status ?? code);
}

/** No answer, or not all of it. */
export function networkFailure(action: string | undefined, cause: unknown): CallFailure {
  return cause instanceof CallFailure ? cause : new CallFailure("network", "The server could not be reached, or its answer was cut.", { cause, action });
}

/** What answered is not this API, or does not keep to it. */
export function strangeAnswer(parts: FailureParts, what = "is not one of this API"): CallFailure {
  return new CallFailure("unexpected_answer", `The answer, of status ${parts.status}, ${what}.`, parts);
}

/** The failure that an answer with this text tells of. */
export function failureOf({ status, headers }: Response, text: string, action: string | undefined, now: number): CallFailure {
  const parts = { status, action, requestId: headers.get("x-request-id") ?? undefined, retryAfterMs: readRetryAfter(headers.get("retry-after") ?? "", now) };
  let body: FailureBody = {};
  try {
    body = parseAnswer(text);
  } catch {
    // Something else has answered.
  }
  const { success, message, code, errors, details } = body;
  return success === false && typeof message === "string" ? new CallFailure(String(code ?? "refused"), message, { ...parts, errors, details }) : strangeAnswer(parts);
}

interface FailureBody {
  readonly success?: unknown;
  readonly message?: unknown;
  readonly code?: unknown;
  readonly details?: unknown;
  readonly errors?: FieldErrors;
}

/** The members of an answer's JSON, none where it is something else. */
export function parseAnswer(text: string, action?: string) {
  try {
    return Object(JSON.parse(text));
  } catch (error) {
    // Half of a JSON object is none.
    throw networkFailure(action, error);
  }
}

/** Seconds or a date (RFC 9110, section 10.2.3), as milliseconds. */
function readRetryAfter(value: string, now: number): number | undefined {
  const ms = /^\d+$/.test(value) ? Number(value) * 1000 : Date.parse(value) - now;
  return ms >= 0 ? ms : undefined;
}
