import type { Actions } from "../../../domain/actions.ts";
import type { Identity } from "../../../domain/identity.ts";
import { toJsonObject, type JsonObject } from "../../../domain/json.ts";
import { failed, type Failed } from "../../../domain/execution/answer/outcome.ts";
import type { Authenticate } from "../../../domain/ports.ts";
import type { WorkflowAnswer } from "../../../domain/workflow/follower.ts";
import type { GuardedRequest } from "../../http/guard.ts";
import type { BodyStream, HttpResponse } from "../../http/message.ts";
import { readBearerToken } from "../bearer.ts";
import { readBody } from "../body.ts";
import { toEntry, wantsLines } from "../actions/bulk-response.ts";
import { EVENT_HEADERS, toEvents, TOO_MANY_STREAMS, wantsEvents } from "../streams/events.ts";
import type { LastingStreamParts, LastingStreams } from "../streams/lasting-streams.ts";
import { findUnknownNames, readQuery } from "../query.ts";
import { respondWith, respondWithLines } from "../respond.ts";
import type { Route } from "../route.ts";
import { decodeSubjectId } from "../actions/subject-path.ts";
import type { WorkflowRouteKind } from "./workflow-path.ts";

/** What these routes work with. */
export interface WorkflowRest {
  readonly actions: Actions;
  readonly authenticate: Authenticate;
  readonly maxBodyBytes: number;
  readonly streams: LastingStreams;
  /** The answer to a failure, with the challenge that belongs to it. */
  readonly refuse: (failure: Failed) => HttpResponse;
}

/** How each of these resources answers. */
export type WorkflowAnswerer = (rest: WorkflowRest, guarded: GuardedRequest, identity: Identity, route: Route) => Promise<HttpResponse>;

/** `/api/v1/workflows` and what is below it. */
export const WORKFLOW_ROUTES: Readonly<Record<WorkflowRouteKind, WorkflowAnswerer>> = {
  workflows: list,
  workflow: show,
  workflow_results: results,
  workflow_cancel: cancel,
  workflow_signal: signal,
};

const LIST_NAMES = ["status", "after", "limit"] as const;

async function list({ actions, refuse }: WorkflowRest, { query, requestId }: GuardedRequest, identity: Identity): Promise<HttpResponse> {
  const unknown = findUnknownNames(query, LIST_NAMES);
  if (unknown !== undefined) return refuse(unknown);
  const page = await actions.workflows.list(identity, readQuery(query, LIST_NAMES), { requestId });
  return page.kind === "failed" ? refuse(page) : respondWith({ success: true, data: page.data, next: page.next });
}

async function show(rest: WorkflowRest, guarded: GuardedRequest, identity: Identity, route: Route): Promise<HttpResponse> {
  if (wantsEvents(guarded.headers.get("accept"))) return stream(rest, guarded, identity, route);
  return answer(rest, await rest.actions.workflows.find(identity, idOf(route), { requestId: guarded.requestId }));
}

async function cancel(rest: WorkflowRest, { request, headers, requestId }: GuardedRequest, identity: Identity, route: Route): Promise<HttpResponse> {
  const read = await readBody(rest, request, headers);
  if ("refusal" in read) return read.refusal;
  return answer(rest, await rest.actions.workflows.cancel(identity, idOf(route), { requestId }));
}

/** The body is what the signal carries. */
async function signal(rest: WorkflowRest, { request, headers, requestId }: GuardedRequest, identity: Identity, route: Route): Promise<HttpResponse> {
  const read = await readBody(rest, request, headers);
  if ("refusal" in read) return read.refusal;
  const value = toJsonOrNull(read.body);
  if (value === null) return rest.refuse(failed("malformed_request", "A number in the body is too large to be kept."));
  return answer(rest, await rest.actions.workflows.signal(identity, idOf(route), route.key, value, { requestId }));
}

/** `1e999` is JSON, and Infinity once it is parsed, which is none. */
function toJsonOrNull(body: object): JsonObject | null {
  try {
    return toJsonObject(body);
  } catch {
    return null;
  }
}

const RESULT_NAMES = ["after", "limit"] as const;

async function results(rest: WorkflowRest, guarded: GuardedRequest, identity: Identity, route: Route): Promise<HttpResponse> {
  const asked = readQuery(guarded.query, RESULT_NAMES);
  const lines = wantsLines(guarded.headers.get("accept"));
  const page = await rest.actions.workflows.results(identity, idOf(route), lines ? { ...asked, limit: asked.limit ?? LINES_PAGE } : asked, { requestId: guarded.requestId });
  if (page.kind === "failed") return rest.refuse(page);
  const unknown = findUnknownNames(guarded.query, RESULT_NAMES);
  if (unknown !== undefined) return rest.refuse(unknown);
  if (!lines) return respondWith({ success: true, data: page.items.map(toEntry), next: page.next });
  const first = page.items.map((item) => `${JSON.stringify(toEntry(item))}\n`).join("");
  const next = asked.limit === undefined ? page.next : null;
  const body = openStream(rest, guarded, { identity, id: idOf(route), body: readOn(rest, identity, idOf(route), first, next), ending: "broken" });
  return body === undefined ? rest.refuse(TOO_MANY_STREAMS) : { ...respondWithLines(body), lasting: true };
}

const LINES_PAGE = 200;

/** All that is left, a page at a time: what the client has not taken is not read. */
async function* readOn({ actions }: WorkflowRest, identity: Identity, id: string, first: string, next: string | null): AsyncGenerator<string, void, void> {
  if (first !== "") yield first;
  for (let after = next; after !== null; ) {
    const page = await actions.workflows.results(identity, id, { after, limit: LINES_PAGE });
    if (page.kind === "failed") throw new Error(page.message);
    yield page.items.map((item) => `${JSON.stringify(toEntry(item))}\n`).join("");
    after = page.next;
  }
}

/** Each state of the run as an event, until it has ended or the client has left. */
async function stream(rest: WorkflowRest, guarded: GuardedRequest, identity: Identity, route: Route): Promise<HttpResponse> {
  const changes = await rest.actions.workflows.follow(identity, idOf(route), { requestId: guarded.requestId });
  if ("kind" in changes) return rest.refuse(changes);
  const body = openStream(rest, guarded, { identity, id: idOf(route), body: toEvents(changes, toEvent), ending: "whole" });
  return body === undefined ? rest.refuse(TOO_MANY_STREAMS) : { status: 200, headers: EVENT_HEADERS, body, lasting: true };
}

/** A stream of a run, for as long as the token that asked for it counts and the run is to be seen with it. */
function openStream(rest: WorkflowRest, { headers }: GuardedRequest, parts: Omit<LastingStreamParts, "mayRead"> & { readonly id: string }): BodyStream | undefined {
  const token = readBearerToken(headers) ?? "";
  let known = parts.identity;
  const mayRead = async (): Promise<boolean> => {
    const found = await rest.authenticate(token);
    if (!found.authenticated) return false;
    if (found.identity === known) return true;
    if ((await rest.actions.workflows.find(found.identity, parts.id)).kind === "failed") return false;
    known = found.identity;
    return true;
  };
  return rest.streams.open({ ...parts, mayRead });
}

function toEvent({ run }: WorkflowAnswer): string {
  return `event: status\ndata: ${JSON.stringify(run)}\n\n`;
}

function answer({ refuse }: WorkflowRest, found: WorkflowAnswer | Failed): HttpResponse {
  return found.kind === "failed" ? refuse(found) : respondWith({ success: true, ...found.run });
}

function idOf({ rawId }: Route): string {
  return decodeSubjectId(rawId ?? "") ?? "";
}
