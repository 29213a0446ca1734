import { requireTracing } from "../../domain/check-option.ts";
import type { Clock, NewId, Observe } from "../../domain/ports.ts";
import { isPromiseLike, type MaybePromise } from "../../domain/maybe-promise.ts";
import { shieldObserver } from "../../domain/observation/shield-observer.ts";
import { tellFailure } from "../../domain/observation/tell-failure.ts";
import { readTraceparent } from "../../domain/observation/traceparent.ts";
import type { Trace } from "../../domain/observation/tracing.ts";
import { ClientGone } from "./client-gone.ts";
import { createCors } from "./cors.ts";
import type { Cors, CorsOptions } from "./cors.ts";
import { renderFailure } from "./failure.ts";
import type { HttpFailure, RenderFailure } from "./failure.ts";
import { indexHeaders } from "./headers.ts";
import type { HeaderIndex } from "./headers.ts";
import type { HttpHandler, HttpHeaders, HttpRequest, HttpResponse } from "./message.ts";
import { RequestRefused } from "./request-refused.ts";
import { toLoggable } from "./observation.ts";
import { createProblems, type ShowFailure } from "./problem.ts";
import { findTargetFault } from "./target.ts";
import { UNTRACED_REQUESTS, type RequestTracing, type TracedRequest } from "./tracing.ts";

/** A request that passed the guard. */
export interface GuardedRequest {
  /** Whose it is, as `user:nancy`; for the log, written by whoever finds it out. */
  askedBy: string | undefined;
  readonly request: HttpRequest;
  readonly headers: HeaderIndex;
  /** What stands before the first `?`, undecoded; every percent-escape in it is well-formed. */
  readonly path: string;
  /** What stands behind the first `?`, undecoded; empty when there is none. */
  readonly query: string;
  /** Already in the answer's X-Request-Id. */
  readonly requestId: string;
  /** To which trace it belongs, if that came in a form that is valid. */
  readonly traceparent: string | undefined;
  /** By which it is followed; null: nobody does. Whoever finds out the route, or who asks, writes that into it. */
  readonly traced: TracedRequest | null;
}

/** The handler behind a guard: it may throw. */
export type GuardedHandler = (guarded: GuardedRequest) => MaybePromise<HttpResponse>;

/** How a guard behaves. */
export interface GuardOptions {
  /** Makes the id of a request that brought no well-formed one. */
  readonly newId: NewId;
  /** Epoch milliseconds, for `duration_ms`. */
  readonly clock: Clock;
  /** Told `request` once for each request, and `internal_error` with the cause of each answer of 500. Default: those causes are written to stderr. */
  readonly observe?: Observe;
  /** Follows each request: `createTracing()` of `actionport/diagnostics`. Default: nobody does. */
  readonly tracing?: RequestTracing;
  /** Default: no other origin may call. */
  readonly cors?: CorsOptions;
  /** The form of the guard's own refusals. Default: that of the API, `{"success":false,"message","code"}`. */
  readonly renderFailure?: RenderFailure;
  /**
   * What stands before a failure's code in the `type` of problem details (RFC 9457), which clients get that prefer them: an absolute URL
   * such as `https://docs.example/errors#`, or a path. Default: there are none.
   */
  readonly problemTypeBase?: string;
}

/** Headers that mean one thing only; of two, a proxy in front may have believed the other (checklist H6, H7). */
const SINGLE_HEADERS = [
  ["authorization", "Authorization"],
  ["content-type", "Content-Type"],
  ["host", "Host"],
  ["idempotency-key", "Idempotency-Key"],
  ["content-length", "Content-Length"],
] as const;

const REQUEST_ID = /^[A-Za-z0-9._~-]{1,128}$/;
const SERVER_ERROR: HttpFailure = { status: 500, code: "internal_error", message: "Server error." };
const CLIENT_GONE = malformed("The request ended before its body was complete; send it again.");

/**
 * Makes what every answer needs, whatever is asked for: X-Request-Id, `Cache-Control: no-store`
 * (unless the handler gave its own), nosniff, CORS; a 400 for a request that two readers could
 * understand in two ways; an opaque 500 for whatever the handler throws. Synchronous where the
 * handler is.
 *
 * @throws TypeError on a wrong `cors` or `problemTypeBase`.
 */
export function createGuard(options: GuardOptions): (handler: GuardedHandler) => HttpHandler {
  const guard = new Guard(options);
  return (handler) => (request) => guard.answer(request, handler);
}

class Guard {
  readonly #newId: NewId;
  readonly #clock: Clock;
  /** Absent when nobody listens: then no note is made either. */
  readonly #observe: Observe | undefined;
  readonly #tracing: RequestTracing;
  readonly #cors: Cors | undefined;
  readonly #render: RenderFailure;
  readonly #show: ShowFailure | undefined;

  constructor(options: GuardOptions) {
    this.#newId = options.newId;
    this.#clock = options.clock;
    this.#observe = options.observe && shieldObserver(options.observe);
    requireTracing(options.tracing, ["request"]);
    this.#tracing = options.tracing ?? UNTRACED_REQUESTS;
    this.#cors = options.cors && createCors(options.cors);
    this.#render = options.renderFailure ?? renderFailure;
    this.#show = options.problemTypeBase === undefined ? undefined : createProblems(options.problemTypeBase);
  }

  answer(request: HttpRequest, handler: GuardedHandler): MaybePromise<HttpResponse> {
    const trace = this.#tracing.request;
    const guarded = this.#open(request);
    return trace === null ? this.#answer(guarded, handler) : this.#follow(trace, guarded, handler);
  }

  #follow(trace: Trace<TracedRequest>, guarded: GuardedRequest, handler: GuardedHandler): MaybePromise<HttpResponse> {
    const traced = toTraced(guarded);
    return trace(traced, () => this.#answer({ ...guarded, traceparent: traced.traceparent, traced }, handler), ({ status }) => (traced.status = status));
  }

  #answer(guarded: GuardedRequest, handler: GuardedHandler): MaybePromise<HttpResponse> {
    const startedAt = this.#observe === undefined ? 0 : this.#clock();
    let answer: MaybePromise<HttpResponse>;
    try {
      answer = this.#refuse(guarded) ?? handler(guarded);
    } catch (error) {
      answer = this.#fail(guarded, error);
    }
    return isPromiseLike(answer) ? this.#finishLater(guarded, answer, startedAt) : this.#finish(guarded, answer, startedAt);
  }

  #open(request: HttpRequest): GuardedRequest {
    const { headers = indexHeaders(request.rawHeaders), target } = request;
    const mark = target.indexOf("?");
    return {
      askedBy: undefined,
      request,
      headers,
      path: mark < 0 ? target : target.slice(0, mark),
      query: mark < 0 ? "" : target.slice(mark + 1),
      requestId: this.#chooseRequestId(headers),
      traceparent: readTraceparent(headers.traceparent),
      traced: null,
    };
  }

  #chooseRequestId(headers: HeaderIndex): string {
    const given = headers.requestId;
    return given !== undefined && REQUEST_ID.test(given) ? given : this.#newId();
  }

  /** The answer that needs no handler: a refusal, or that to a preflight. */
  #refuse({ request, headers, requestId }: GuardedRequest): HttpResponse | undefined {
    const fault = findHeaderFault(headers) ?? findTargetFault(request.target);
    if (fault !== undefined) return this.#render(malformed(fault), requestId);
    return this.#cors?.answerPreflight(request.method, headers);
  }

  async #finishLater(guarded: GuardedRequest, pending: MaybePromise<HttpResponse>, startedAt: number): Promise<HttpResponse> {
    let answer: HttpResponse;
    try {
      answer = await pending;
    } catch (error) {
      answer = this.#fail(guarded, error);
    }
    return this.#finish(guarded, answer, startedAt);
  }

  #fail({ requestId, traced }: GuardedRequest, error: unknown): HttpResponse {
    if (error instanceof ClientGone) return this.#render(CLIENT_GONE, requestId);
    if (error instanceof RequestRefused) return this.#render(error.failure, requestId);
    if (traced !== null) traced.error = error;
    (this.#observe ?? tellFailure)({ event: "internal_error", requestId, error });
    return this.#render(SERVER_ERROR, requestId);
  }

  #finish(guarded: GuardedRequest, answer: HttpResponse, startedAt: number): HttpResponse {
    const isShown = answer.status >= 400 && this.#show !== undefined;
    const { status, headers: own, body, lasting } = isShown ? this.#show(answer, guarded.headers, guarded.requestId) : answer;
    if (this.#observe !== undefined) this.#note(this.#observe, guarded, status, startedAt);
    const headers = { "cache-control": "no-store", ...own, "x-content-type-options": "nosniff", "x-request-id": guarded.requestId };
    const shared = this.#cors?.headersFor(guarded.headers.get("origin"));
    const shown = shared ? addShared(headers, own["vary"], shared) : headers;
    return lasting === true ? { status, headers: shown, body, lasting } : { status, headers: shown, body };
  }

  #note(observe: Observe, { askedBy, request, path, requestId }: GuardedRequest, status: number, startedAt: number): void {
    observe({
      event: "request",
      requestId,
      method: toLoggable(request.method),
      path: toLoggable(path),
      status,
      duration_ms: this.#clock() - startedAt,
      identity: askedBy,
    });
  }
}

function toTraced({ request, headers, requestId, traceparent }: GuardedRequest): TracedRequest {
  const tracestate = traceparent === undefined ? undefined : headers.get("tracestate");
  return { method: request.method, requestId, traceparent, tracestate, route: null, identity: null, status: null };
}

function addShared(headers: HttpHeaders, vary: string | readonly string[] | undefined, shared: HttpHeaders): HttpHeaders {
  return { ...headers, ...shared, vary: vary === undefined ? "Origin" : `${vary}, Origin` };
}

function findHeaderFault(headers: HeaderIndex): string | undefined {
  if (!headers.hasRepeats) return undefined;
  for (const [name, label] of SINGLE_HEADERS) {
    if (headers.repeated(name)) return `The ${label} header was sent more than once; send it once.`;
  }
  return undefined;
}

function malformed(message: string): HttpFailure {
  return { status: 400, code: "malformed_request", message };
}
