import type { Actions } from "../../domain/actions.ts";
import { failed, type Failed, type Outcome } from "../../domain/execution/answer/outcome.ts";
import { checkWhole, requireFunction, requireMethods, requireOptionalFunction } from "../../domain/check-option.ts";
import { DEFAULT_MAX_ASYNC_BULK_IDS } from "../../domain/bulk/call/bulk-input.ts";
import type { Identity } from "../../domain/identity.ts";
import { toTracedIdentity } from "../../domain/observation/tracing.ts";
import { isPromiseLike, type MaybePromise } from "../../domain/maybe-promise.ts";
import type { Authenticate, Authentication, Timer } from "../../domain/ports.ts";
import { createGuard, type GuardedRequest, type GuardOptions } from "../http/guard.ts";
import type { HttpHandler, HttpResponse } from "../http/message.ts";
import { DEFAULT_PROBLEM_TYPE_BASE } from "../http/problem.ts";
import { noContent } from "../http/response.ts";
import { createChallenge, readBearerToken, refuseToken, type Challenge } from "./bearer.ts";
import { readBody } from "./body.ts";
import { audit } from "./audit/audit-routes.ts";
import { respondInLines, respondInOne, wantsLines } from "./actions/bulk-response.ts";
import { readIfMatch, refuseIfMatch } from "./actions/if-match.ts";
import { readIdempotencyKey } from "./actions/idempotency-key.ts";
import { OpenApiDocument } from "./openapi/document.ts";
import { checkOpenApiOptions, type OpenApiOptions } from "./openapi/options.ts";
import { LastingStreams } from "./streams/lasting-streams.ts";
import { refuse, respond, respondWith, respondWithText } from "./respond.ts";
import { findRoute, METHODS, templateOf, type Route } from "./route.ts";
import { toListEntry, toSchemaDocument } from "./actions/schema-document.ts";
import { decodeSubjectId } from "./actions/subject-path.ts";
import { SUBJECT_ROUTES } from "./subjects/subject-routes.ts";
import { WORKFLOW_ROUTES, type WorkflowRest } from "./workflows/workflow-routes.ts";

/** Options of {@link createRest}, beside those of every HTTP handler. */
export interface RestOptions extends Omit<GuardOptions, "renderFailure" | "problemTypeBase"> {
  readonly actions: Actions;
  readonly authenticate: Authenticate;
  /** The largest body that is read, in bytes: 1 to 1 GiB. Default 1,048,576 (1 MiB). */
  readonly maxBodyBytes?: number;
  /** Streams (events, results by lines) that one identity may have open; the next one is answered 429. 1 to 100,000; default 20. */
  readonly maxStreamsPerIdentity?: number;
  /** Wakes a silent stream once a minute, to ask again who reads it. Default: that is asked only when something comes. */
  readonly timer?: Timer;
  /** Stands in the challenges. No quotes or backslashes. Default `actionport`. */
  readonly realm?: string;
  /** The URL of the protected resource metadata (RFC 9728), for the challenges. Default: none is named. */
  readonly resourceMetadataUrl?: string;
  /**
   * What stands before a failure's code in the `type` of problem details, for clients that prefer those: an absolute URL such as
   * `https://docs.example/errors#`, or a path. Default `/api/v1/openapi.json#`.
   */
  readonly problemTypeBase?: string;
  /** What the OpenAPI document says of the API as a whole. */
  readonly openapi?: OpenApiOptions;
}

/** What the routes work with. */
interface Rest extends WorkflowRest {
  readonly challenge: Challenge;
  readonly document: OpenApiDocument;
}

const ONE_MIB = 1_048_576;
const ONE_GIB = 1_073_741_824;

/**
 * The HTTP API of docs/http.md as a function from request to response.
 *
 * @throws TypeError for an option that is out of its range.
 */
export function createRest(options: RestOptions): HttpHandler {
  const { actions, authenticate, maxBodyBytes = ONE_MIB, maxStreamsPerIdentity = 20, timer, realm = "actionport", resourceMetadataUrl, openapi = {}, ...guard } = options;
  requirePorts(options);
  checkWhole("maxBodyBytes", maxBodyBytes, ONE_GIB);
  checkWhole("maxStreamsPerIdentity", maxStreamsPerIdentity, 100_000);
  requireRoomForIds(maxBodyBytes, actions.bulkLimits.maxAsyncBulkIds ?? 0);
  if (typeof realm !== "string" || !/^[\x20-\x7e]+$/.test(realm) || /["\\]/.test(realm)) throw new TypeError("realm must be printable ASCII without quotes and backslashes");
  if (resourceMetadataUrl !== undefined && !/^https?:\/\/[\x21\x23-\x5b\x5d-\x7e]+$/.test(resourceMetadataUrl)) {
    throw new TypeError("resourceMetadataUrl must be an absolute http or https URL");
  }
  const challenge = createChallenge(resourceMetadataUrl === undefined ? { realm } : { realm, resourceMetadataUrl });
  const streams = new LastingStreams({ maxPerIdentity: maxStreamsPerIdentity, timer, clock: guard.clock });
  const document = new OpenApiDocument({ actions, options: checkOpenApiOptions(openapi) });
  const rest: Rest = { actions, authenticate, challenge, document, maxBodyBytes, streams, refuse: (failure) => answerOutcome({ challenge }, failure) };
  return createGuard({ problemTypeBase: DEFAULT_PROBLEM_TYPE_BASE, ...guard })((guarded) => answer(rest, guarded));
}

function requirePorts({ actions, authenticate, clock, newId, observe, timer }: RestOptions): void {
  requireMethods("actions", actions, ["execute", "bulk", "preview", "describe", "list"], "give what createActions({ … }) answers");
  requireFunction("authenticate", authenticate, "it gets a bearer token and answers whose it is, as that of createAuthorizationServer({ … }) does");
  requireFunction("clock", clock, "give one that answers epoch milliseconds, such as Date.now");
  requireFunction("newId", newId, "give one that answers a fresh ID, such as crypto.randomUUID");
  requireOptionalFunction("observe", observe, "it gets what happened");
  requireOptionalFunction("timer", timer, "give createNodeTimer({ clock })");
}

/** Who raises the maximum wants it to be reached: the shortest IDs at least, 0 to n - 1, must fit into a body. */
function requireRoomForIds(maxBodyBytes: number, maxAsyncBulkIds: number): void {
  if (maxAsyncBulkIds <= DEFAULT_MAX_ASYNC_BULK_IDS) return;
  const needed = bytesOfShortestIds(maxAsyncBulkIds);
  if (needed <= maxBodyBytes) return;
  throw new TypeError(`maxAsyncBulkIds is ${maxAsyncBulkIds}, but so many IDs take ${needed} bytes at least, and maxBodyBytes is ${maxBodyBytes}; make that larger, or maxAsyncBulkIds smaller`);
}

/** `{"ids":[0,1,…],"async":true}`. */
function bytesOfShortestIds(count: number): number {
  let digits = 0;
  for (let from = 0, length = 1; from < count; from = 10 ** length, length++) digits += (Math.min(count, 10 ** length) - from) * length;
  return digits + (count - 1) + '{"ids":[],"async":true}'.length;
}

function answer(rest: Rest, guarded: GuardedRequest): MaybePromise<HttpResponse> {
  const route = findRoute(guarded.path);
  if (route === null) return refuse("not_found");
  if (guarded.traced !== null) guarded.traced.route = templateOf(route);
  const { method } = guarded.request;
  if (method === "OPTIONS" || !METHODS[route.kind].includes(method)) return answerMethod(method, METHODS[route.kind].join(", "));
  const token = readBearerToken(guarded.headers);
  if (token === null) return refuse("unauthenticated", undefined, rest.challenge(null));
  const found = rest.authenticate(token);
  return isPromiseLike(found) ? answerLater(rest, guarded, route, token, found) : answerTo(rest, guarded, route, token, found);
}

async function answerLater(rest: Rest, guarded: GuardedRequest, route: Route, token: string, pending: PromiseLike<Authentication>): Promise<HttpResponse> {
  return answerTo(rest, guarded, route, token, await pending);
}

function answerTo(rest: Rest, guarded: GuardedRequest, route: Route, token: string, found: Authentication): MaybePromise<HttpResponse> {
  if (typeof found?.authenticated !== "boolean") throw new TypeError(NO_ANSWER);
  if (!found.authenticated) return refuseToken(token, found, rest.challenge);
  if (guarded.traced !== null) guarded.traced.identity = toTracedIdentity(found.identity);
  const { kind, id, issuer } = found.identity;
  guarded.askedBy = `${kind}:${id}`;
  if (guarded.request.countFor?.(`${issuer} ${guarded.askedBy}`) === false) return respond(TOO_MANY_CALLS);
  return ROUTES[route.kind](rest, guarded, found.identity, route);
}

/** What plain JavaScript gets wrong: an identity alone, or nothing, would keep everybody out without a word. */
const NO_ANSWER = 'authenticate must answer { authenticated: true, identity } or { authenticated: false, reason: "invalid_token" }';
const TOO_MANY_CALLS = failed("too_many_requests", "Too many of your calls are under way; wait for the answers of some, then try again.");

function answerMethod(method: string, allow: string): HttpResponse {
  return method === "OPTIONS" ? noContent(204, { allow }) : refuse("method_not_allowed", `Use one of ${allow} here.`, { allow });
}

/** How each kind of resource answers. */
type Answer = (rest: Rest, guarded: GuardedRequest, identity: Identity, route: Route) => MaybePromise<HttpResponse>;

const ROUTES: Readonly<Record<Route["kind"], Answer>> = { list, schema, execute, preview, bulk, audit, openapi, ...SUBJECT_ROUTES, ...WORKFLOW_ROUTES };

function list({ actions }: Rest): HttpResponse {
  return respondWith({ success: true, data: actions.list().map(toListEntry) });
}

function schema({ actions }: Rest, _guarded: GuardedRequest, _identity: Identity, route: Route): HttpResponse {
  const description = actions.describe(route.key);
  return description === undefined ? refuse("unknown_action") : respondWith(toSchemaDocument(description));
}

async function openapi({ actions, document }: Rest, { requestId }: GuardedRequest, identity: Identity): Promise<HttpResponse> {
  return respondWithText(await document.piecesFor(identity, { requestId }), actions);
}

async function execute(rest: Rest, { request, headers, requestId, traceparent }: GuardedRequest, identity: Identity, { key, rawId }: Route): Promise<HttpResponse> {
  const read = await readBody(rest, request, headers);
  if ("refusal" in read) return read.refusal;
  const retry = readIdempotencyKey(headers);
  if ("refusal" in retry) return retry.refusal;
  const seen = readIfMatch(headers);
  if ("refusal" in seen) return seen.refusal;
  const call = { key, identity, subject: readSubjectId(rawId), params: read.body, requestId, via: "http", traceparent, idempotencyKey: retry.idempotencyKey, ifMatch: seen.ifMatch, signal: request.signal };
  return answerOutcome(rest, await rest.actions.execute(call));
}

async function preview(rest: Rest, { request, headers, requestId, traceparent }: GuardedRequest, identity: Identity, { key, rawId }: Route): Promise<HttpResponse> {
  const read = await readBody(rest, request, headers);
  if ("refusal" in read) return read.refusal;
  const previewed = await rest.actions.preview({ key, identity, subject: readSubjectId(rawId), params: read.body, requestId, traceparent, signal: request.signal });
  return previewed.etag === undefined ? answerOutcome(rest, previewed) : respond(previewed, { etag: `"${previewed.etag}"` });
}

async function bulk(rest: Rest, { request, headers, requestId, traceparent }: GuardedRequest, identity: Identity, { key }: Route): Promise<HttpResponse> {
  const read = await readBody(rest, request, headers);
  if ("refusal" in read) return read.refusal;
  const retry = readIdempotencyKey(headers);
  if ("refusal" in retry) return retry.refusal;
  const refused = refuseIfMatch(headers);
  if (refused !== undefined) return refused;
  // The same text each time: only of that its hash is known.
  const token = readBearerToken(headers) ?? "";
  const call = { key, identity, identityNow: () => identityNow(rest, token), input: read.body, requestId, via: "http", traceparent, idempotencyKey: retry.idempotencyKey, signal: request.signal };
  return wantsLines(headers.get("accept")) ? respondInLines(rest.actions, call) : respondInOne(rest.actions, call);
}

/** Who the token of a request stands for by now. */
function identityNow({ authenticate }: Rest, token: string): MaybePromise<Identity | Failed> {
  const found = authenticate(token);
  return isPromiseLike(found) ? found.then(toIdentity) : toIdentity(found);
}

function toIdentity(found: Authentication): Identity | Failed {
  return found.authenticated ? found.identity : failed(found.reason === "unavailable" ? "unavailable" : "forbidden");
}

/** An ID that is no text at all is one that no subject has. */
function readSubjectId(rawId: string | null): string | undefined {
  return rawId === null ? undefined : (decodeSubjectId(rawId) ?? "");
}

function answerOutcome({ challenge }: Pick<Rest, "challenge">, outcome: Outcome): HttpResponse {
  if (outcome.kind !== "failed" || outcome.code !== "forbidden") return respond(outcome);
  return refuse("forbidden", outcome.message, challenge("insufficient_scope", outcome.missing));
}
