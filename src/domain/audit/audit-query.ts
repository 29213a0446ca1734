import { AUDIT } from "./entry.ts";
import { answering, type Engine } from "../execution/execute.ts";
import type { Identity } from "../identity.ts";
import { isJsonObject, type JsonObject } from "../json.ts";
import { failed, invalidParams, type Failed } from "../execution/outcome.ts";
import { parsePageQuery, type Page, type PageQuery } from "../page.ts";
import type { RecordStore } from "../ports.ts";
import type { Steps } from "../steps.ts";
import { fromStore } from "../execution/unit-of-work.ts";

/** Which entries are asked for; a filter that is absent lets all through. */
export interface AuditQuery extends PageQuery {
  /** An action's key. */
  readonly action?: string;
  /** A subject's ID, or its class and ID as `northwind.Order:10248`. */
  readonly subject?: string;
  /** The ID of a user or a client. */
  readonly identity?: string;
}

/** The permission that reading the audit trail takes. */
export const VIEW_AUDIT = "view_audit";

/** How many entries one call looks at; a page may be short of its limit for it, and `next` then goes on. */
const MAX_SCANNED = 10_000;
const SCAN_PAGE = 500;

/** A page of the audit trail, newest first. */
export function* readAudit(engine: Engine, identity: Identity, query: AuditQuery): Steps<Page | Failed> {
  return yield* answering(engine, { key: "audit", identity }, queryAudit(engine.store, identity, query));
}

function* queryAudit(store: RecordStore, identity: Identity, query: AuditQuery): Steps<Page | Failed> {
  if (!identity.can(VIEW_AUDIT)) return { ...failed("forbidden"), missing: [VIEW_AUDIT] };
  const page = parsePageQuery(query);
  if ("errors" in page) return invalidParams(page.errors);
  const data: JsonObject[] = [];
  let after: string | undefined = page.after;
  for (let scanned = 0; scanned < MAX_SCANNED; scanned += SCAN_PAGE) {
    const found = yield* fromStore(() => store.list(AUDIT, { limit: SCAN_PAGE, order: "descending", ...(after === undefined ? {} : { after }) }));
    for (const [index, { id, value }] of found.records.entries()) {
      if (!matches(value, query)) continue;
      data.push(value);
      const last = found.next === null && index === found.records.length - 1;
      if (data.length === page.limit) return { kind: "page", data, next: last ? null : id };
    }
    if (found.next === null) return { kind: "page", data, next: null };
    after = found.next;
  }
  return { kind: "page", data, next: after ?? null };
}

function matches(entry: JsonObject, { action, subject, identity }: AuditQuery): boolean {
  if (action !== undefined && entry["action"] !== action) return false;
  if (subject !== undefined && !isAbout(entry["subject"], subject)) return false;
  return identity === undefined || (isJsonObject(entry["identity"]) && entry["identity"]["id"] === identity);
}

function isAbout(subject: JsonObject[string] | undefined, wanted: string): boolean {
  if (!isJsonObject(subject)) return false;
  return subject["id"] === wanted || `${subject["class"]}:${subject["id"]}` === wanted;
}
