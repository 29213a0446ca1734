import type { Engine } from "../execution/engine.ts";
import { answerSafely } from "../execution/execute.ts";
import { failed, invalidParams, type Failed } from "../execution/answer/outcome.ts";
import type { Identity } from "../identity.ts";
import { parsePageQuery, type Page, type PageQuery } from "../page.ts";
import { tellUnlisted } from "./audit-unlisted.ts";

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

/** A page of the audit trail, newest first. */
export async function readAudit(engine: Engine, identity: Identity, query: AuditQuery): Promise<Page | Failed> {
  return answerSafely(engine, { key: "audit" }, () => queryAudit(engine, identity, query));
}

async function queryAudit(engine: Engine, identity: Identity, { action, subject, identity: by, ...asked }: AuditQuery): Promise<Page | Failed> {
  if (!identity.can(VIEW_AUDIT)) return { ...failed("forbidden"), missing: [VIEW_AUDIT] };
  const page = parsePageQuery(asked);
  if ("errors" in page) return invalidParams(page.errors);
  await tellUnlisted(engine);
  const filters = { ...(action !== undefined && { action }), ...(subject !== undefined && { subject }), ...(by !== undefined && { identity: by }) };
  const { entries, next } = await engine.store.trail({ ...page, ...filters, order: "descending" });
  return { kind: "page", data: entries.map(({ id, value }) => ({ id, ...value })), next };
}
