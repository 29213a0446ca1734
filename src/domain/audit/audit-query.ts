import type { Asking, ExecutionPorts } from "../execution/execution-ports.ts";
import { answerSafely } from "../execution/execute.ts";
import { failed, invalidParams, type Failed } from "../execution/answer/outcome.ts";
import type { FollowingPorts } from "../following/following.ts";
import type { Identity } from "../identity.ts";
import { parsePageQuery, type Page, type PageQuery } from "../page.ts";
import { tellUnlisted } from "./audit-unlisted.ts";
import { readPage, type TrailReader } from "./read-page.ts";
import { TrailFollower, type ShownEntry, type Stretch } from "./follow-trail.ts";

/** Which entries are asked for; a filter that is absent lets all through. */
export interface AuditQuery extends PageQuery {
  /** An action's key. */
  readonly action?: string | undefined;
  /** A subject's ID, or its class and ID as `northwind.Order:10248`. */
  readonly subject?: string | undefined;
  /** The ID of a user or a client. */
  readonly identity?: string | undefined;
  /** `descending` (newest first), or `ascending`: in the order of the commits. Default `descending`. */
  readonly order?: string | undefined;
}

/** The ports that read the trail. */
type AuditPorts = ExecutionPorts & Pick<TrailReader, "breath">;

/** A page of entries. */
interface TrailAnswer extends Page {
  readonly data: readonly ShownEntry[];
}

/** The permission that reading the audit trail takes. */
export const VIEW_AUDIT = "view_audit";

/** To go on with the oldest entry would leave out others in silence. */
const LOST = "The trail has no entry with the ID in after, or has one no more, so entries behind it may be missing. Begin again without after.";

/** A page of the audit trail. */
export async function readAudit(ports: AuditPorts, identity: Identity, query: AuditQuery, asking: Asking): Promise<TrailAnswer | Failed> {
  return answerSafely(ports, { ...asking, key: "audit" }, () => queryAudit(ports, identity, query));
}

async function queryAudit(ports: AuditPorts, identity: Identity, { action, subject, identity: by, order = "descending", ...asked }: AuditQuery): Promise<TrailAnswer | Failed> {
  if (!identity.can(VIEW_AUDIT)) return { ...failed("forbidden"), missing: [VIEW_AUDIT] };
  const page = parsePageQuery(asked);
  if ("errors" in page) return invalidParams(page.errors);
  if (order !== "descending" && order !== "ascending") return invalidParams({ order: ["order must be ascending or descending."] });
  await tellUnlisted(ports);
  const filters = { ...(action !== undefined && { action }), ...(subject !== undefined && { subject }), ...(by !== undefined && { identity: by }) };
  const { entries, next, lost } = await readPage(ports, { ...page, ...filters, order });
  if (lost === true) return invalidParams({ after: [LOST] });
  return { kind: "page", data: entries.map(({ id, value }) => ({ id, ...value })), next };
}

/** Which entries are followed, from which one on. */
export type AuditFollowQuery = Pick<AuditQuery, "action" | "subject" | "identity" | "after">;

/** How many entries are read at a time. */
const READ_AT_ONCE = 100;

/** The audit trail from one entry on, in the order of the commits, and what comes. That it can be read from there is seen at once. */
export async function followAudit(ports: AuditPorts, identity: Identity, { after = "", ...filters }: AuditFollowQuery, following: FollowingPorts & { readonly asking: Asking }): Promise<TrailFollower | Failed> {
  const read = (behind: string): Promise<Stretch | Failed> =>
    answerSafely(ports, { ...following.asking, key: "audit" }, () => readStretch(ports, identity, { ...filters, order: "ascending", limit: READ_AT_ONCE, after: behind }));
  const first = await read(after);
  return first.kind === "failed" ? first : new TrailFollower({ ...following, read }, after, first);
}

/** Which entry is the latest is asked before: what is added while the page is read may be wanted. */
async function readStretch(ports: AuditPorts, identity: Identity, query: AuditQuery): Promise<Stretch | Failed> {
  const isFiltered = query.action !== undefined || query.subject !== undefined || query.identity !== undefined;
  const [latest] = isFiltered ? (await ports.store.trail({ order: "descending", limit: 1 })).entries : [];
  const page = await queryAudit(ports, identity, query);
  if (page.kind === "failed") return page;
  return { kind: "stretch", entries: page.data, ...(latest !== undefined && page.next === null && { lookedUpTo: latest.id }) };
}
