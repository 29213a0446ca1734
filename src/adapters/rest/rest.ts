import type { Actions } from "../../domain/actions.ts";
import type { ExecuteCall } from "../../domain/execution/execute.ts";
import type { Identity } from "../../domain/identity.ts";
import type { Outcome } from "../../domain/execution/outcome.ts";
import type { Authenticate } from "../../domain/ports.ts";
import { run, settle, type Steps } from "../../domain/steps.ts";
import { createGuard, type GuardedRequest, type GuardOptions } from "../http/guard.ts";
import type { HttpHandler, HttpResponse } from "../http/message.ts";
import { noContent } from "../http/response.ts";
import { createChallenge, identify, type Challenge } from "./bearer.ts";
import { readJsonObject } from "./body.ts";
import { respondInLines, respondInOne, wantsLines } from "./bulk-response.ts";
import { readIdempotencyKey } from "./idempotency-key.ts";
import { readQuery } from "./query.ts";
import { refuse, respond, respondWith } from "./respond.ts";
import { findRoute, METHODS, type Route } from "./route.ts";
import { toListEntry, toSchemaDocument } from "./schema-document.ts";
import { decodeSubjectId } from "./subject-path.ts";
import { WORKFLOW_ROUTES, type WorkflowRest } from "./workflow-routes.ts";

/** What {@link createRest} takes, beside the guard's options. */
export interface RestOptions extends Omit<GuardOptions, "renderFailure"> {
  readonly actions: Actions;
  readonly authenticate: Authenticate;
  /** The largest body that is read, in bytes: 1 to 1 GiB. Default 1,048,576 (1 MiB). */
  readonly maxBodyBytes?: number;
  /** Stands in the challenges. No quotes or backslashes. Default `actionport`. */
  readonly realm?: string;
  /** The URL of the protected resource metadata (RFC 9728), for the challenges. Default: none is named. */
  readonly resourceMetadataUrl?: string;
}

/** What the routes work with. */
interface Rest extends WorkflowRest {
  readonly authenticate: Authenticate;
  readonly challenge: Challenge;
}

const ONE_MIB = 1_048_576;
const ONE_GIB = 1_073_741_824;

/**
 * The HTTP contract, sections 1 to 8, as a function from request to response.
 *
 * @throws TypeError for an option that is out of its range.
 */
export function createRest(options: RestOptions): HttpHandler {
  const { actions, authenticate, maxBodyBytes = ONE_MIB, realm = "actionport", resourceMetadataUrl, ...guard } = options;
  if (!Number.isInteger(maxBodyBytes) || maxBodyBytes < 1 || maxBodyBytes > ONE_GIB) {
    throw new TypeError(`maxBodyBytes must be a whole number from 1 to ${ONE_GIB}, not ${maxBodyBytes}`);
  }
  if (!/^[\x20-\x7e]+$/.test(realm) || /["\\]/.test(realm)) throw new TypeError("realm must be printable ASCII without quotes and backslashes");
  if (resourceMetadataUrl !== undefined && !/^https?:\/\/[\x21\x23-\x5b\x5d-\x7e]+$/.test(resourceMetadataUrl)) {
    throw new TypeError("resourceMetadataUrl must be an absolute http or https URL");
  }
  const challenge = createChallenge(resourceMetadataUrl === undefined ? { realm } : { realm, resourceMetadataUrl });
  const rest: Rest = { actions, authenticate, challenge, maxBodyBytes, refuse: (failure) => answerOutcome({ challenge }, failure) };
  return createGuard(guard)((guarded) => run(answer(rest, guarded)));
}

function* answer(rest: Rest, guarded: GuardedRequest): Steps<HttpResponse> {
  const route = findRoute(guarded.path);
  if (route === null) return refuse("not_found");
  const { method } = guarded.request;
  if (method === "OPTIONS" || !METHODS[route.kind].includes(method)) return answerMethod(method, METHODS[route.kind].join(", "));
  const caller = yield* identify(guarded.headers, rest.authenticate, rest.challenge);
  if ("refusal" in caller) return caller.refusal;
  return yield* ROUTES[route.kind](rest, guarded, caller.identity, route);
}

function answerMethod(method: string, allow: string): HttpResponse {
  return method === "OPTIONS" ? noContent(204, { allow }) : refuse("method_not_allowed", `Use one of ${allow} here.`, { allow });
}

/** How each kind of resource answers. */
type Answer = (rest: Rest, guarded: GuardedRequest, identity: Identity, route: Route) => Steps<HttpResponse>;

const ROUTES: Readonly<Record<Route["kind"], Answer>> = { list, schema, execute, preview, bulk, audit, ...WORKFLOW_ROUTES };

function* list({ actions }: Rest): Steps<HttpResponse> {
  return respondWith({ success: true, data: actions.list().map(toListEntry) });
}

function* schema({ actions }: Rest, _guarded: GuardedRequest, _identity: Identity, route: Route): Steps<HttpResponse> {
  const description = actions.describe(route.key);
  return description === undefined ? refuse("unknown_action") : respondWith(toSchemaDocument(description));
}

function* execute(rest: Rest, guarded: GuardedRequest, identity: Identity, route: Route): Steps<HttpResponse> {
  const read = yield* readJsonObject(guarded, rest.maxBodyBytes);
  if ("refusal" in read) return read.refusal;
  const retry = readIdempotencyKey(guarded.headers);
  if ("refusal" in retry) return retry.refusal;
  const outcome = yield* settle(rest.actions.execute({ ...toCall(guarded, identity, route), params: read.body, ...retry }));
  return answerOutcome(rest, outcome);
}

function* preview(rest: Rest, guarded: GuardedRequest, identity: Identity, route: Route): Steps<HttpResponse> {
  const read = yield* readJsonObject(guarded, rest.maxBodyBytes);
  if ("refusal" in read) return read.refusal;
  return answerOutcome(rest, yield* settle(rest.actions.preview({ ...toCall(guarded, identity, route), params: read.body })));
}

function* bulk(rest: Rest, guarded: GuardedRequest, identity: Identity, route: Route): Steps<HttpResponse> {
  const read = yield* readJsonObject(guarded, rest.maxBodyBytes);
  if ("refusal" in read) return read.refusal;
  const retry = readIdempotencyKey(guarded.headers);
  if ("refusal" in retry) return retry.refusal;
  const call = { key: route.key, identity, input: read.body, requestId: guarded.requestId, ...retry };
  return yield* wantsLines(guarded.headers.get("accept")) ? respondInLines(rest.actions, call) : respondInOne(rest.actions, call);
}

function* audit(rest: Rest, { query }: GuardedRequest, identity: Identity): Steps<HttpResponse> {
  const page = yield* settle(rest.actions.audit(identity, readQuery(query, ["action", "subject", "identity", "after", "limit"])));
  return page.kind === "failed" ? answerOutcome(rest, page) : respondWith({ success: true, data: page.data, next: page.next });
}

function toCall({ requestId }: GuardedRequest, identity: Identity, { key, rawId }: Route): ExecuteCall {
  return rawId === null ? { key, identity, requestId } : { key, identity, requestId, subject: decodeSubjectId(rawId) ?? "" };
}

function answerOutcome({ challenge }: Pick<Rest, "challenge">, outcome: Outcome): HttpResponse {
  if (outcome.kind !== "failed" || outcome.code !== "forbidden") return respond(outcome);
  return refuse("forbidden", outcome.message, challenge("insufficient_scope", outcome.missing));
}
