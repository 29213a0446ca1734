import { createGuard } from "../../adapters/http/guard.ts";
import type { GuardedHandler } from "../../adapters/http/guard.ts";
import type { HttpHandler } from "../../adapters/http/message.ts";
import { startServer } from "../../adapters/node-http/index.ts";
import type { RunningServer, ServerAddress } from "../../adapters/node-http/index.ts";
import { createAuthorizationServer } from "../../adapters/oauth/index.ts";
import type { AuthorizationServer } from "../../adapters/oauth/index.ts";
import type { KeyRing } from "../../adapters/jwt/index.ts";
import { createRest } from "../../adapters/rest/index.ts";
import type { OpenApiOptions } from "../../adapters/rest/index.ts";
import type { Actions } from "../../domain/actions.ts";
import type { Observe, RecordStore } from "../../domain/ports.ts";
import type { Application } from "../application/application.ts";
import { toTitle } from "../application/name.ts";
import { chooseIssuer } from "../environment.ts";
import type { Environment } from "../environment.ts";
import type { Surroundings } from "./open-actions.ts";
import { routeByPath } from "./routes.ts";

/** What is served, and where. */
export interface Serving {
  readonly name: string;
  readonly application: Application;
  readonly environment: Environment;
  readonly actions: Actions;
  readonly store: RecordStore;
  readonly keys: KeyRing;
  /** Answers for `/metrics`; null: nobody does. */
  readonly metrics: HttpHandler | null;
  /** By path: how the server is. */
  readonly health: Readonly<Record<string, HttpHandler>>;
  readonly surroundings: Surroundings;
}

/** A server that listens, and who hands out its tokens. */
export interface Served {
  readonly server: RunningServer;
  readonly authorization: AuthorizationServer;
}

/** Tokens name their issuer, and so the port that was taken: the handlers are made once that is known. */
export async function serve(serving: Serving): Promise<Served> {
  const { environment, application, health, surroundings } = serving;
  const { clock, newId, observe, tracing } = surroundings;
  const made: { authorization?: AuthorizationServer } = {};
  const createHandler = (address: ServerAddress) => {
    made.authorization = createAuthorization(serving, chooseIssuer(environment, address));
    return createHandlers(serving, made.authorization, address);
  };
  const { host, port } = environment;
  const problemTypeBase = (address: ServerAddress) => chooseProblemTypeBase(serving, address);
  const server = await startServer({ ...application.server, createHandler, probes: health, problemTypeBase, host, port, clock, newId, observe, tracing });
  if (made.authorization === undefined) throw new Error("the server listens without its handler");
  return { server, authorization: made.authorization };
}

function createAuthorization({ name, application, store, keys, surroundings }: Serving, issuer: string): AuthorizationServer {
  const { permissions = {}, rest, oauth } = application;
  const { clock, newId, observe, tracing } = surroundings;
  const cors = rest?.cors === undefined ? {} : { cors: rest.cors };
  return createAuthorizationServer({ name: toTitle(name), ...cors, resource: `${issuer}/api/v1`, ...oauth, issuer, signingKeys: keys, scopes: permissions, store, clock, newId, observe, tracing });
}

function createHandlers(serving: Serving, authorization: AuthorizationServer, address: ServerAddress): HttpHandler {
  const { application, actions, store, metrics, health, surroundings } = serving;
  const { rest, routes = {} } = application;
  const { clock, newId, observe, tracing } = surroundings;
  const { authenticate, resourceMetadataUrl } = authorization;
  const problemTypeBase = chooseProblemTypeBase(serving, address);
  const openapi = describe(serving, chooseIssuer(serving.environment, address));
  const api = createRest({ ...rest, ...surroundings, actions, authenticate, resourceMetadataUrl, openapi, problemTypeBase });
  const own = typeof routes === "function" ? routes({ actions, store, authorization }) : routes;
  const guard = (route: string, handler: HttpHandler) => createGuard({ clock, newId, observe: nameRoute(observe, route), tracing, problemTypeBase })(serveOwn(route, handler));
  return routeByPath({ authorization: authorization.handler, api, metrics, health, own, guard });
}

/** A handler of the application's own, whose route is told to whoever follows requests. */
function serveOwn(path: string, handler: HttpHandler): GuardedHandler {
  return ({ request, traced }) => {
    if (traced !== null) traced.route = path;
    return handler(request);
  };
}

/** What is observed of a request, with the route that it came by. */
function nameRoute(observe: Observe, route: string): Observe {
  return (observation) => observe(observation.event === "request" ? { ...observation, route } : observation);
}

function chooseProblemTypeBase({ application, environment }: Serving, address: ServerAddress): string {
  return application.rest?.problemTypeBase ?? `${chooseIssuer(environment, address)}/api/v1/openapi.json#`;
}

function describe({ name, application }: Serving, issuer: string): OpenApiOptions {
  const { permissions = {}, openapi } = application;
  return { title: toTitle(name), servers: [{ url: issuer }], tokenUrl: `${issuer}/oauth/token`, authorizationUrl: `${issuer}/oauth/authorize`, scopes: permissions, ...openapi };
}
