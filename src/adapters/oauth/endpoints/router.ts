import type { GuardedHandler, GuardedRequest } from "../../http/guard.ts";
import type { HttpResponse } from "../../http/message.ts";
import { OAuthError, renderOAuthError } from "../oauth-error.ts";
import type { OAuthStore } from "../oauth-store.ts";

/** Answers one path and method. What it throws as an OAuthError becomes the JSON answer. */
export type Endpoint = (guarded: GuardedRequest) => Promise<HttpResponse>;

/** Endpoints by path, then by method. */
export type Routes = ReadonlyMap<string, ReadonlyMap<string, Endpoint>>;

/** Finds the endpoint, and holds its answer back until all that it tells is durable. */
export function createRouter(routes: Routes, store: OAuthStore): GuardedHandler {
  return async (guarded) => {
    try {
      return await store.answerDurably(() => findEndpoint(routes, guarded)(guarded));
    } catch (error) {
      if (error instanceof OAuthError) return renderOAuthError(error);
      throw error;
    }
  };
}

function findEndpoint(routes: Routes, { path, request, traced }: GuardedRequest): Endpoint {
  const methods = routes.get(path);
  if (methods === undefined) throw new OAuthError("not_found", "There is nothing here.");
  if (traced !== null) traced.route = path;
  const endpoint = methods.get(request.method) ?? (request.method === "HEAD" ? methods.get("GET") : undefined);
  if (endpoint !== undefined) return endpoint;
  const allow = [...methods.keys(), ...(methods.has("GET") ? ["HEAD"] : [])].join(", ");
  throw new OAuthError("invalid_request", "This method is not answered here.", { status: 405, headers: { allow } });
}
