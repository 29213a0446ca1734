import { findRoute, templateOf } from "../../adapters/rest/route.ts";
import type { Observation } from "../../domain/ports.ts";

/** Paths of the authorization server. */
const AUTHORIZATION = /^\/(?:oauth\/(?:token|authorize|revoke|introspect|jwks)|\.well-known\/oauth-(?:authorization-server|protected-resource)(?:\/api\/v1)?)$/;
/** Statuses of calls whose action was found: what is answered before that may be about anything. */
const OF_KNOWN_ACTIONS: ReadonlySet<unknown> = new Set([200, 403, 409, 412, 422, 500]);

/**
 * A request as the log shows it. IDs in a path may be names or addresses of people, and what somebody sent by mistake a secret: so the route stands for
 * the path, with names in the place of what varies; that of an action has its key once it is sure to be one.
 */
export function toLoggedRequest({ event, requestId, method, path, route, ...details }: Observation): Observation {
  return { event, method, route: route ?? toRoute(String(path), details["identity"], details["status"]), ...details, ...(requestId === undefined ? {} : { requestId }) };
}

function toRoute(path: string, identity: unknown, status: unknown): string {
  const found = findRoute(path);
  if (found === null) return AUTHORIZATION.test(path) ? path : "-";
  const template = templateOf(found);
  return identity !== undefined && OF_KNOWN_ACTIONS.has(status) ? template.replace("{key}", () => found.key) : template;
}
