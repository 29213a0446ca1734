import type { HttpHandler } from "../../adapters/http/message.ts";
import type { OwnRoutes } from "../application/application.ts";

/** Whose paths are whose. */
export interface Handlers {
  readonly authorization: HttpHandler;
  readonly api: HttpHandler;
  /** Null: nothing is served at `/metrics`, unless the application does. */
  readonly metrics: HttpHandler | null;
  /** By path: how the server is. */
  readonly health: Readonly<Record<string, HttpHandler>>;
  readonly own: OwnRoutes;
  /** Gives the handler of an application what every answer has. */
  readonly guard: (route: string, handler: HttpHandler) => HttpHandler;
}

const API = "/api/v1";
/** What the authorization server answers for: these paths, as they came, undecoded. */
const AUTHORIZATION_PATHS = ["/oauth/", "/.well-known/"] as const;
/** Paths that are served here, with all that is below them. */
const TAKEN = [API, "/oauth", "/.well-known", "/healthz", "/readyz"] as const;
/** Where figures are read beside the API. */
const METRICS = "/metrics";
/** Serves what nobody else does. */
const ALL_ELSE = "/";
const PATH = /^(?:\/[\w.~!$&'()*+,;=:@%-]+)+$/;

/** One handler out of all: the authorization server's for its own paths, the application's own for theirs, the API's for all else. */
export function routeByPath({ authorization, api, metrics, health, own, guard }: Handlers): HttpHandler {
  checkRoutes(own, metrics === null ? TAKEN : [...TAKEN, METRICS]);
  const probes = new Map(Object.entries(health));
  // The longest first: /hooks/payment is not for whoever serves /hooks.
  const routes = Object.entries(own).sort(([one], [other]) => other.length - one.length).map(([path, handler]) => ({ path, handler: guard(path, handler) }));
  return (request) => {
    const { target } = request;
    if (isBelow(target, API)) return api(request);
    if (AUTHORIZATION_PATHS.some((path) => target.startsWith(path))) return authorization(request);
    if (metrics !== null && isBelow(target, METRICS)) return metrics(request);
    const handler = probes.get(target.split("?", 1)[0] ?? "") ?? routes.find(({ path }) => isBelow(target, path))?.handler ?? api;
    return handler(request);
  };
}

function isBelow(target: string, path: string): boolean {
  if (!target.startsWith(path)) return false;
  const next = target[path.length];
  return path === ALL_ELSE || next === undefined || next === "/" || next === "?";
}

/** @throws TypeError on a path that is none, that is taken, or that has no handler. */
function checkRoutes(own: OwnRoutes, paths: readonly string[]): void {
  if (typeof own !== "object" || own === null) throw new TypeError('routes must be an object of handlers by path, such as { "/hooks/payment": handler }');
  for (const [path, handler] of Object.entries(own)) {
    if (typeof handler !== "function") throw new TypeError(`routes: ${JSON.stringify(path)} must have a function that gets a request and answers a response`);
    if (path === ALL_ELSE) continue;
    if (!PATH.test(path)) throw new TypeError(`routes: ${JSON.stringify(path)} is no path; write it with a slash before it and none behind, such as "/hooks"`);
    const taken = paths.find((known) => isBelow(path, known) || isBelow(known, path));
    if (taken !== undefined) throw new TypeError(`routes: ${JSON.stringify(path)} would take ${taken}, which is served already; choose another path`);
  }
}
