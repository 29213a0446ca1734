import type { Clock, NewId, Observe } from "../../domain/ports.ts";
import { requireFunction, requireOptionalFunction } from "../../domain/check-option.ts";
import { createGuard } from "../http/guard.ts";
import type { HttpHandler, HttpResponse } from "../http/message.ts";
import { shieldObserver } from "../../domain/observation/shield-observer.ts";
import { DEFAULT_PROBLEM_TYPE_BASE } from "../http/problem.ts";
import { RequestRefused } from "../http/request-refused.ts";
import { createPrefix } from "../http/target.ts";
import { FetchRequest } from "./fetch-request.ts";
import { toRawHeaders } from "./request-headers.ts";
import { toResponse } from "./to-response.ts";

/** A handler as Hono, Next.js, Bun, Deno and Workers take it. Never rejects for anything the client did. */
export type FetchHandler = (request: Request) => Promise<Response>;

/** Options of {@link toFetchHandler}. */
export interface FetchHandlerOptions {
  /** What stands in the path before the handler's own: `/backend` serves `/backend/api/v1/…`. Default: nothing. */
  readonly prefix?: string;
  /**
   * The address of whoever sent a request, as the platform tells it. A `Request` has no socket: without this, what is limited by
   * address (such as tries to sign in) cannot tell callers apart, and counts all of them as one. Never a header that anybody may send.
   */
  readonly clientAddress?: (request: Request) => string | undefined;
  /** Epoch milliseconds. Default: the system's clock. */
  readonly clock?: Clock;
  /** Request ids for the answers that the handler does not give. Default: random UUIDs. */
  readonly newId?: NewId;
  /** Told `internal_error`, with the cause, of a handler that throws and of a body that breaks off. Default: that is written to stderr. */
  readonly observe?: Observe;
  /** What stands before a failure's code in the `type` of problem details, where this adapter answers itself: as `createRest` has it. Default `/api/v1/openapi.json#`. */
  readonly problemTypeBase?: string;
}

/** Many frameworks call handlers with a context of their own. */
const NO_REQUEST = "what came is no Request of the Fetch standard; hand that over, such as context.req.raw or event.request";

/**
 * Puts a handler (that of `createRest`, of an authorization server, or one that asks either) behind the Fetch standard's `Request` and
 * `Response`. Bodies come and go piece by piece. Timeouts and how many requests run at once are the platform's business.
 *
 * @throws TypeError on an option that is wrong.
 */
export function toFetchHandler(handler: HttpHandler, options: FetchHandlerOptions = {}): FetchHandler {
  requireFunction("handler", handler, "give what createRest() answers");
  requireOptionalFunction("clientAddress", options.clientAddress, "it gets the Request and answers an address");
  requireOptionalFunction("observe", options.observe, "it gets what happened");
  requireOptionalFunction("clock", options.clock, "give one that answers epoch milliseconds, such as Date.now");
  requireOptionalFunction("newId", options.newId, "give one that answers a fresh ID, such as crypto.randomUUID");
  const { prefix = "", clientAddress, clock = Date.now, newId = () => crypto.randomUUID(), problemTypeBase = DEFAULT_PROBLEM_TYPE_BASE } = options;
  const observe = shieldObserver(options.observe);
  const guard = createGuard({ newId, clock, problemTypeBase, ...(options.observe && { observe }) });
  const strip = createPrefix(prefix);
  return async (request) => {
    if (typeof request?.url !== "string") throw new TypeError(NO_REQUEST);
    const asked = new FetchRequest(request, strip(targetOf(request.url)), toRawHeaders(request), clientAddress);
    const reader = ({ headers }: HttpResponse) => () => ({ signal: request.signal, onBroken: (error: unknown) => noteBroken(observe, headers["x-request-id"], error) });
    try {
      const answer = await handler(asked);
      return toResponse(answer, asked.method === "HEAD", reader(answer));
    } catch (error) {
      const answer = await guard(() => Promise.reject(error))(asked);
      return toResponse(answer, asked.method === "HEAD", reader(answer));
    }
  };
}

/** Path and query as they stand in a URL that the platform has serialized. */
function targetOf(url: string): string {
  const start = url.indexOf("/", url.indexOf("://") + 3);
  const hash = url.indexOf("#", start);
  return start < 0 ? "/" : url.slice(start, hash < 0 ? undefined : hash);
}

function noteBroken(observe: Observe, requestId: string | readonly string[] | undefined, error: unknown): void {
  if (error instanceof RequestRefused) return;
  observe({ event: "internal_error", ...(typeof requestId === "string" && { requestId }), error });
}
