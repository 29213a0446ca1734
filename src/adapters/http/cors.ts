import { kindOf } from "../../domain/check-option.ts";
import type { HeaderIndex } from "./headers.ts";
import type { HttpHeaders, HttpResponse } from "./message.ts";
import { noContent } from "./response.ts";

/** Which pages of other origins may call (the Fetch standard's CORS protocol). Credentials (cookies) are never allowed. */
export interface CorsOptions {
  /** Exact origins, such as `https://console.example`. Neither `*` nor `null`. */
  readonly origins: readonly string[];
  /** Request headers that a page may send. Default: Authorization, Content-Type, Idempotency-Key, If-Match, Last-Event-ID, X-Request-Id. */
  readonly requestHeaders?: readonly string[];
  /** Seconds for which a browser may remember a preflight's answer, 0 to 86400. Default 600. */
  readonly maxAgeSeconds?: number;
}

/** CORS as configured. */
export interface Cors {
  /** What to add to the answer for a request with this Origin header. */
  headersFor(origin: string | undefined): HttpHeaders;
  /** The answer to a preflight from an allowed origin; undefined for every other request. */
  answerPreflight(method: string, headers: HeaderIndex): HttpResponse | undefined;
}

const EXPOSED = "X-Request-Id, ETag, Idempotency-Replayed, Retry-After, WWW-Authenticate";
const METHODS = "GET, HEAD, POST, PUT, PATCH, DELETE";
const REQUEST_HEADERS = ["Authorization", "Content-Type", "Idempotency-Key", "If-Match", "Last-Event-ID", "X-Request-Id"] as const;
/** Told to everybody, so that no cache hands one origin's answer to another. */
const REFUSED: HttpHeaders = Object.freeze({ vary: "Origin" });

/** @throws TypeError on an origin that is not one, exactly as a browser writes it. */
export function createCors(options: CorsOptions): Cors {
  requireList("origins", options.origins, "https://console.example");
  if (options.requestHeaders !== undefined) requireList("requestHeaders", options.requestHeaders, "X-Tenant");
  const allowed = new Map(options.origins.map((origin) => [requireOrigin(origin), toAllowedHeaders(origin)] as const));
  const preflightHeaders: HttpHeaders = {
    "access-control-allow-methods": METHODS,
    "access-control-allow-headers": (options.requestHeaders ?? REQUEST_HEADERS).map(requireToken).join(", "),
    "access-control-max-age": String(requireMaxAge(options.maxAgeSeconds ?? 600)),
  };
  return {
    headersFor: (origin) => (origin === undefined ? undefined : allowed.get(origin)) ?? REFUSED,
    answerPreflight(method, headers) {
      if (method !== "OPTIONS" || headers.get("access-control-request-method") === undefined) return undefined;
      return allowed.has(headers.get("origin") ?? "") ? noContent(204, preflightHeaders) : undefined;
    },
  };
}

function toAllowedHeaders(origin: string): HttpHeaders {
  return Object.freeze({ "access-control-allow-origin": origin, "access-control-expose-headers": EXPOSED, vary: "Origin" });
}

function requireList(name: string, value: unknown, example: string): void {
  if (!Array.isArray(value)) throw new TypeError(`cors.${name} must be a list, not ${kindOf(value)}: [${JSON.stringify(example)}]`);
}

function requireOrigin(origin: string): string {
  if (/^https?:\/\/[^/]+$/.test(origin) && URL.canParse(origin) && new URL(origin).origin === origin) return origin;
  throw new TypeError(`cors.origins: ${JSON.stringify(origin)} is no origin; write it as a browser does, such as "https://console.example"`);
}

function requireToken(name: string): string {
  if (/^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/.test(name) && name !== "*") return name;
  throw new TypeError(`cors.requestHeaders: ${JSON.stringify(name)} is no header name; name each header that pages may send`);
}

function requireMaxAge(seconds: number): number {
  if (Number.isInteger(seconds) && seconds >= 0 && seconds <= 86_400) return seconds;
  throw new TypeError(`cors.maxAgeSeconds: ${seconds} is out of range; give whole seconds from 0 to 86400`);
}
