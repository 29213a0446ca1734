import type { HttpHandler } from "../adapters/http/message.ts";

/** What the authorization server answers for: these paths, as they came, undecoded. */
const AUTHORIZATION_PATHS = ["/oauth/", "/.well-known/"] as const;

/** One handler out of two: the authorization server's for its own paths, the API's for all else. */
export function routeByPath(handlers: { readonly authorization: HttpHandler; readonly api: HttpHandler }): HttpHandler {
  const { authorization, api } = handlers;
  return (request) => (AUTHORIZATION_PATHS.some((path) => request.target.startsWith(path)) ? authorization(request) : api(request));
}
