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
  readonly code: Code;
  /** What the action gave with its own code. */
  readonly details: Details | undefined;
  /** With `invalid_params`: sentences by field. */
  readonly errors: FieldErrors | undefined;
  /** The status of HTTP; undefined when there was no answer. */
  readonly status: number | undefined;
  /** For whoever reads the server's log. */
  readonly requestId: string | undefined;
  /** From when on it may go well, as the server said, in milliseconds from the answer. */
  readonly retryAfterMs: number | undefined;
  /** The key of the action that was called; undefined for other calls. */
  readonly action: string | undefined;

  constructor(code: Code, message: string, parts: FailureParts<Details> = {}) {
    super(message, parts.cause === undefined ? undefined : { cause: parts.cause });
    this.code = code;
    this.details = parts.details;
    this.errors = parts.errors;
    this.status = parts.status;
    this.requestId = parts.requestId;
    this.retryAfterMs = parts.retryAfterMs;
    this.action = parts.action;
  }
}

/** Every failure that any call can come to, told apart by `code`. */
export type GeneralFailure = { [Code in FailureCode | ClientCode]: CallFailure<Code> }[FailureCode | ClientCode];

/** Those, and the errors that an action declares. */
export type FailureOf<Errors extends { readonly code: string; readonly details?: unknown }> = GeneralFailure | DeclaredFailure<Errors>;

type DeclaredFailure<Errors extends { readonly code: string; readonly details?: unknown }> = Errors extends unknown ? CallFailure<Errors["code"], Errors["details"]> : never;

/** After these statuses the same may go well: conflict, too many requests, and what is unavailable, there or in front of it. */
const PASSING: ReadonlySet<number | undefined> = new Set([409, 429, 502, 503, 504]);

/** May the same call go well later? */
export function isPassing({ code, status }: CallFailure): boolean {
  return code === "network" || code === "unavailable" || PASSING.has(status);
}

/** No answer, or not all of it. */
export function networkFailure(action: string | undefined, cause: unknown): CallFailure {
  return cause instanceof CallFailure ? cause : new CallFailure("network", "The server could not be reached, or its answer was cut.", { cause, action });
}

/** What answered is not this API. */
export function strangeAnswer(parts: FailureParts): CallFailure {
  return new CallFailure("unexpected_answer", `The answer, of status ${parts.status}, is not one of this API.`, parts);
}

/** The failure that an answer tells of. */
export async function failureOf(response: Response, action: string | undefined, now: number): Promise<CallFailure> {
  const { status, headers } = response;
  const text = await response.text();
  const retryAfterMs = readRetryAfter(headers.get("retry-after"), now);
  const common = { status, action, requestId: headers.get("x-request-id") ?? undefined, retryAfterMs };
  const body = parse(text);
  if (body?.success !== false || typeof body.message !== "string") return strangeAnswer(common);
  return new CallFailure(String(body.code ?? "refused"), body.message, { ...common, errors: body.errors, details: body.details });
}

interface FailureBody {
  readonly success?: unknown;
  readonly message?: unknown;
  readonly code?: unknown;
  readonly details?: unknown;
  readonly errors?: FieldErrors;
}

function parse(text: string): FailureBody | undefined {
  try {
    const body: unknown = JSON.parse(text);
    return typeof body === "object" && body !== null ? body : undefined;
  } catch {
    return undefined;
  }
}

/** Seconds or a date (RFC 9110, section 10.2.3), as milliseconds. */
function readRetryAfter(value: string | null, now: number): number | undefined {
  if (value === null) return undefined;
  const ms = /^\d+$/.test(value) ? Number(value) * 1000 : Date.parse(value) - now;
  return ms >= 0 ? ms : undefined;
}
