import { VIEW_AUDIT } from "../../../domain/audit/audit-query.ts";
import type { ShownEntry } from "../../../domain/audit/follow-trail.ts";
import type { Actions } from "../../../domain/actions.ts";
import { invalidParams, type Failed } from "../../../domain/execution/answer/outcome.ts";
import type { Identity } from "../../../domain/identity.ts";
import type { Authenticate } from "../../../domain/ports.ts";
import type { GuardedRequest } from "../../http/guard.ts";
import { chooseType } from "../../http/media/accept.ts";
import type { HttpResponse } from "../../http/message.ts";
import { LINES } from "../actions/bulk-response.ts";
import { readBearerToken } from "../bearer.ts";
import { findUnknownNames, readQuery } from "../query.ts";
import { respondWith, respondWithLines } from "../respond.ts";
import { EVENT_HEADERS, EVENTS, toEvents, TOO_MANY_STREAMS } from "../streams/events.ts";
import type { LastingStreams } from "../streams/lasting-streams.ts";

/** What this route works with. */
export interface AuditRest {
  readonly actions: Actions;
  readonly authenticate: Authenticate;
  readonly streams: LastingStreams;
  /** The answer to a failure, with the challenge that belongs to it. */
  readonly refuse: (failure: Failed) => HttpResponse;
}

const FILTERS = ["action", "subject", "identity", "order", "after"] as const;
const NAMES = [...FILTERS, "limit"] as const;

/** `GET /api/v1/audit`: a page, a page by lines, or the trail as events from an entry on. */
export async function audit(rest: AuditRest, guarded: GuardedRequest, identity: Identity): Promise<HttpResponse> {
  const unknown = identity.can(VIEW_AUDIT) ? findUnknownNames(guarded.query, NAMES) : undefined;
  if (unknown !== undefined) return rest.refuse(unknown);
  const form = chooseType(guarded.headers.get("accept") ?? "", [EVENTS, LINES]);
  if (form === EVENTS) return follow(rest, guarded, identity);
  const page = await rest.actions.audit(identity, readQuery(guarded.query, NAMES), { requestId: guarded.requestId });
  if (page.kind === "failed") return rest.refuse(page);
  if (form !== LINES) return respondWith({ success: true, data: page.data, next: page.next });
  return respondWithLines(page.data.map((entry) => `${JSON.stringify(entry)}\n`).join(""));
}

/** A reader that lost its connection says how far it had come (HTML, section 9.2.4): that counts more than where it began. */
async function follow(rest: AuditRest, { headers, query, requestId }: GuardedRequest, identity: Identity): Promise<HttpResponse> {
  const { order = "ascending", ...asked } = readQuery(query, FILTERS);
  if (order !== "ascending") return rest.refuse(invalidParams({ order: ["order must be ascending for a stream of events, or be left out."] }));
  const after = headers.get("last-event-id") || asked.after || "";
  const entries = await rest.actions.followAudit(identity, { ...asked, after }, { requestId });
  if ("kind" in entries) return rest.refuse(entries);
  const token = readBearerToken(headers) ?? "";
  const mayRead = async (): Promise<boolean> => {
    const found = await rest.authenticate(token);
    return found.authenticated && found.identity.can(VIEW_AUDIT);
  };
  const body = rest.streams.open({ identity, body: toEvents(entries, toEvent, () => entries.position), mayRead, ending: "whole" });
  return body === undefined ? rest.refuse(TOO_MANY_STREAMS) : { status: 200, headers: EVENT_HEADERS, body, lasting: true };
}

function toEvent(entry: ShownEntry): string {
  return `id: ${entry.id}\nevent: entry\ndata: ${JSON.stringify(entry)}\n\n`;
}
