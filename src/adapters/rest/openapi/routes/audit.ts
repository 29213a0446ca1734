import type { JsonObject } from "../../../../domain/json.ts";
import { toLines } from "../actions/bulk.ts";
import { readingFailures } from "../failures.ts";
import { parameters } from "../headers.ts";
import { OBJECT, orNull, schema, TEXT, TIME } from "../names.ts";
import type { Components, Part } from "../part.ts";
import { asEvents, ok, pageOf, query, read, SUBJECT_REFERENCE } from "./route.ts";

const IDENTITY: JsonObject = { type: "object", properties: { kind: TEXT, id: TEXT, name: TEXT, issuer: TEXT }, required: ["kind", "id", "name", "issuer"], additionalProperties: true };
const OUTCOME: JsonObject = { type: "object", properties: { success: { type: "boolean" }, message: TEXT, code: TEXT, workflow_id: TEXT }, required: ["success"], additionalProperties: true };

const ENTRY: JsonObject = {
  type: "object",
  properties: {
    id: TEXT,
    when: TIME,
    request_id: orNull(TEXT),
    identity: IDENTITY,
    via: { ...TEXT, description: "How the call came, where that is known." },
    traceparent: { ...TEXT, description: "To which trace the call belongs (W3C Trace Context), if it came with one." },
    client_id: { ...TEXT, description: "The app that a user acted through." },
    action: TEXT,
    subject: SUBJECT_REFERENCE,
    params: orNull(OBJECT),
    outcome: OUTCOME,
    changes: { type: "array", items: schema("Change") },
  },
  required: ["id", "when", "request_id", "identity", "action", "subject", "params", "outcome", "changes"],
  additionalProperties: true,
};

export const AUDIT_COMPONENTS: Components = { schemas: { AuditEntry: ENTRY } };

const FILTERS = [query("action", "An action's key."), query("subject", "A subject's ID, or its class and ID as `shop.Item:42`."), query("identity", "The ID of a user or a client.")];
const ORDER = query("order", "`ascending` follows the trail from an entry on, in the order of the commits.", { type: "string", enum: ["ascending", "descending"] });
const LAST_EVENT_ID: JsonObject = { name: "Last-Event-ID", in: "header", description: "Goes on with a stream of events behind this entry.", schema: TEXT };
const FORMS: JsonObject = { ...toLines("The entries of a page, one a line.", schema("AuditEntry")), ...asEvents("Each entry as an event `entry` with its ID, its data an AuditEntry, from now or from `after` on.") };

/** Who did what. */
export const AUDIT_ROUTES: Part = {
  paths: {
    "/api/v1/audit": read("read_audit", "Audit", "Who did what: a page, or all that comes from now on", {
      parameters: [...FILTERS, ORDER, LAST_EVENT_ID, ...parameters("After", "Limit")],
      responses: { 200: ok("A page of the trail.", pageOf(schema("AuditEntry")), FORMS), ...readingFailures("Forbidden", "Invalid") },
    }),
  },
};
