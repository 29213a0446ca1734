import type { Actions } from "../../../domain/actions.ts";
import { invalidParams, type Failed } from "../../../domain/execution/answer/outcome.ts";
import type { Identity } from "../../../domain/identity.ts";
import type { GuardedRequest } from "../../http/guard.ts";
import type { HttpResponse } from "../../http/message.ts";
import { decodeSubjectId } from "../actions/subject-path.ts";
import { respondWith } from "../respond.ts";
import type { SubjectRoute, SubjectRouteKind } from "./subject-route.ts";
import { readSubjectQuery } from "./subject-query.ts";

/** What these routes work with. */
export interface SubjectRest {
  readonly actions: Actions;
  /** The answer to a failure. */
  readonly refuse: (failure: Failed) => HttpResponse;
}

/** How each of these resources answers. */
export type SubjectAnswerer = (rest: SubjectRest, guarded: GuardedRequest, identity: Identity, route: Pick<SubjectRoute, "key" | "rawId">) => Promise<HttpResponse>;

/** `/api/v1/subjects` and what is below it. */
export const SUBJECT_ROUTES: Readonly<Record<SubjectRouteKind, SubjectAnswerer>> = { subject_classes: classes, subject_list: list, subject: show };

async function classes({ actions }: SubjectRest, { requestId }: GuardedRequest, identity: Identity): Promise<HttpResponse> {
  return respondWith({ success: true, data: actions.subjects.classes(identity, { requestId }) });
}

/** Whether there is such a class is asked before what is wrong with the question, which would tell. */
async function list({ actions, refuse }: SubjectRest, { query, requestId }: GuardedRequest, identity: Identity, { key }: Pick<SubjectRoute, "key">): Promise<HttpResponse> {
  const asked = readSubjectQuery(query);
  const page = await actions.subjects.list(identity, key, "errors" in asked ? { limit: 1 } : asked.query, { requestId });
  if (page.kind === "failed") return refuse(page);
  return "errors" in asked ? refuse(invalidParams(asked.errors)) : respondWith({ success: true, data: page.data, next: page.next });
}

async function show({ actions, refuse }: SubjectRest, { requestId }: GuardedRequest, identity: Identity, { key, rawId }: Pick<SubjectRoute, "key" | "rawId">): Promise<HttpResponse> {
  const found = await actions.subjects.check(identity, key, decodeSubjectId(rawId ?? "") ?? "", { requestId });
  return found.kind === "failed" ? refuse(found) : respondWith({ success: true, data: found.data, actions: found.actions });
}
