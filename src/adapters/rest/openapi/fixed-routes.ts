import type { JsonObject } from "../../../domain/json.ts";
import { WORKFLOW_STATUSES } from "../../../domain/workflow/status.ts";
import { toLines } from "./actions/bulk.ts";
import { actingFailures, readingFailures } from "./failures.ts";
import { headers, parameters } from "./headers.ts";
import { closed, COUNT, OBJECT, orNull, ref, schema, TEXT, TIME, TRUE } from "./names.ts";
import { CLASS_SCHEMA, SUBJECTS_TAG } from "./subject-part.ts";
import { mergeComponents, type Components, type Part } from "./part.ts";

/** The tags of what is no action. They begin with a capital, so that they are no action's. */
export const FIXED_TAGS: readonly JsonObject[] = [
  { name: "Discovery", description: "What there is to call." },
  SUBJECTS_TAG,
  { name: "Audit", description: "Who did what." },
  { name: "Workflows", description: "The work that actions have started." },
];

const SUBJECT: JsonObject = closed({ required: TRUE, param: TEXT, class: TEXT, url_pattern: TEXT });
const SUMMARY = { key: TEXT, label: TEXT, description: TEXT, effect: { type: "string", enum: ["read", "write", "destructive"] } };
const ACTION_SCHEMA: JsonObject = {
  type: "object",
  properties: {
    ...SUMMARY,
    subject: SUBJECT,
    parameters: { ...OBJECT, description: "JSON Schema 2020-12 of the body." },
    returns: { type: "array", items: TEXT },
    bulk: orNull(closed({ url: TEXT, max_ids: COUNT, modes: { type: "array", items: TEXT } })),
    idempotency: closed({ retention_seconds: COUNT }),
  },
  required: [...Object.keys(SUMMARY), "parameters", "returns", "bulk", "idempotency"],
  additionalProperties: true,
};

const SUBJECT_REFERENCE: JsonObject = orNull(closed({ class: TEXT, id: TEXT }));
const RUN = {
  id: TEXT,
  name: TEXT,
  action: TEXT,
  subject: SUBJECT_REFERENCE,
  status: { type: "string", enum: WORKFLOW_STATUSES },
  progress: orNull(closed({ done: COUNT, total: COUNT })),
  created_at: TIME,
  updated_at: TIME,
  poll_after_ms: { ...orNull({ type: "number" }), description: "When it is worth asking again, in milliseconds; null: never." },
};
const RUN_ENDED = { result: { description: "When completed: what came of it." }, error: { type: "string", description: "When failed or cancelled: why." } };

const ENTRY: JsonObject = {
  type: "object",
  properties: {
    id: TEXT,
    when: TIME,
    request_id: orNull(TEXT),
    identity: { type: "object", properties: { kind: TEXT, id: TEXT, name: TEXT, issuer: TEXT }, required: ["kind", "id", "name", "issuer"], additionalProperties: true },
    via: { ...TEXT, description: "How the call came, where that is known." },
    client_id: { ...TEXT, description: "The app that a user acted through." },
    action: TEXT,
    subject: SUBJECT_REFERENCE,
    params: orNull(OBJECT),
    outcome: { type: "object", properties: { success: { type: "boolean" }, message: TEXT, code: TEXT, workflow_id: TEXT }, required: ["success"], additionalProperties: true },
    changes: { type: "array", items: schema("Change") },
  },
  required: ["id", "when", "request_id", "identity", "action", "subject", "params", "outcome", "changes"],
  additionalProperties: true,
};

function pageOf(items: JsonObject): JsonObject {
  return closed({ success: TRUE, data: { type: "array", items }, next: { ...orNull(TEXT), description: "For `after`; null on the last page." } });
}

function ok(description: string, content: JsonObject, more: JsonObject = {}): JsonObject {
  return { description, headers: headers(), content: { "application/json": { schema: content }, ...more } };
}

const EVENTS: JsonObject = { "text/event-stream": { schema: { type: "string", description: "Each state of the workflow as an event `status`, its data a WorkflowRun, until it has ended." } } };

/** What the routes that are no action's answer. */
export const FIXED_COMPONENTS: Components = mergeComponents([
  {
    schemas: {
      ActionSummary: closed(SUMMARY, { subject: SUBJECT }),
      ActionSchema: ACTION_SCHEMA,
      SubjectClass: CLASS_SCHEMA,
      AuditEntry: ENTRY,
      WorkflowRun: closed(RUN, RUN_ENDED),
      WorkflowAnswer: closed({ success: TRUE, ...RUN }, RUN_ENDED),
    },
    responses: {
      ActionSchema: ok("One action in full.", schema("ActionSchema")),
      WorkflowAnswer: ok("The workflow as it is now.", schema("WorkflowAnswer")),
    },
  },
]);

function query(name: string, description: string, value: JsonObject = TEXT): JsonObject {
  return { name, in: "query", description, schema: value };
}

function read(operationId: string, tag: string, summary: string, parts: JsonObject): JsonObject {
  return { get: { operationId, tags: [tag], summary, description: `${summary}.`, ...parts } };
}

const FILTERS = [query("action", "An action's key."), query("subject", "A subject's ID, or its class and ID as `shop.Item:42`."), query("identity", "The ID of a user or a client.")];
const ANY_JSON: JsonObject = { required: false, content: { "application/json": { schema: OBJECT } } };

function act(operationId: string, summary: string, more: readonly JsonObject[] = []): JsonObject {
  const responses = { 200: ref("responses", "WorkflowAnswer"), ...actingFailures("Forbidden", "NotFound", "Conflict", "Invalid") };
  return { post: { operationId, tags: ["Workflows"], summary, description: `${summary}.`, parameters: [...more, ...parameters("WorkflowId")], requestBody: ANY_JSON, responses } };
}

/** Every route that is no action's. */
export const FIXED_ROUTES: Part = {
  paths: {
    "/api/v1/openapi.json": read("read_openapi", "Discovery", "This document", { parameters: parameters(), responses: { 200: ok("An OpenAPI document.", OBJECT), ...readingFailures() } }),
    "/api/v1/actions": read("list_actions", "Discovery", "All actions, in the order of their keys", {
      parameters: parameters(),
      responses: { 200: ok("All of them.", closed({ success: TRUE, data: { type: "array", items: schema("ActionSummary") } })), ...readingFailures() },
    }),
    "/api/v1/subjects": read("list_subject_classes", "Subjects", "The classes of subjects that this identity may read", {
      parameters: parameters(),
      responses: { 200: ok("All of them.", closed({ success: TRUE, data: { type: "array", items: schema("SubjectClass") } })), ...readingFailures() },
    }),
    "/api/v1/audit": read("read_audit", "Audit", "Who did what, newest first", {
      parameters: [...FILTERS, ...parameters("After", "Limit")],
      responses: { 200: ok("A page of the trail.", pageOf(schema("AuditEntry"))), ...readingFailures("Forbidden", "Invalid") },
    }),
    "/api/v1/workflows": read("list_workflows", "Workflows", "The workflows that this identity may see, newest first", {
      parameters: [query("status", "Only those of this status.", { type: "string", enum: WORKFLOW_STATUSES }), ...parameters("After", "Limit")],
      responses: { 200: ok("A page of them.", pageOf(schema("WorkflowRun"))), ...readingFailures("Invalid") },
    }),
    "/api/v1/workflows/{id}": read("read_workflow", "Workflows", "A workflow as it is now, or all that becomes of it", {
      parameters: parameters("WorkflowId"),
      responses: { 200: ok("The workflow.", schema("WorkflowAnswer"), EVENTS), ...readingFailures("NotFound") },
    }),
    "/api/v1/workflows/{id}/results": read("read_workflow_results", "Workflows", "What became of each subject of a bulk call that is a workflow", {
      parameters: parameters("WorkflowId", "After", "Limit"),
      responses: { 200: ok("A page of results.", pageOf(schema("BulkItem")), toLines("One result a line, all that there are.", schema("BulkItem"))), ...readingFailures("NotFound", "Invalid") },
    }),
    "/api/v1/workflows/{id}/cancel": act("cancel_workflow", "Asks a workflow to end, undoing what it did"),
    "/api/v1/workflows/{id}/signal/{signal}": act("signal_workflow", "Hands a workflow what it waits for", [{ name: "signal", in: "path", required: true, description: "The signal's name.", schema: TEXT }]),
  },
};
