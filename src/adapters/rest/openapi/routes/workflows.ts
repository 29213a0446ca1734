import type { JsonObject } from "../../../../domain/json.ts";
import { WORKFLOW_STATUSES } from "../../../../domain/workflow/status.ts";
import { toLines } from "../actions/bulk.ts";
import { actingFailures, readingFailures } from "../failures.ts";
import { parameters } from "../headers.ts";
import { closed, COUNT, OBJECT, orNull, ref, schema, TEXT, TIME, TRUE } from "../names.ts";
import type { Components, Part } from "../part.ts";
import { asEvents, ok, pageOf, query, read, SUBJECT_REFERENCE } from "./route.ts";

const STATUS: JsonObject = { type: "string", enum: WORKFLOW_STATUSES };
const RUN = {
  id: TEXT,
  name: TEXT,
  action: TEXT,
  subject: SUBJECT_REFERENCE,
  status: STATUS,
  progress: orNull(closed({ done: COUNT, total: COUNT })),
  created_at: TIME,
  updated_at: TIME,
  poll_after_ms: { ...orNull({ type: "number" }), description: "When it is worth asking again, in milliseconds; null: never." },
};
const ENDED = { result: { description: "When completed: what came of it." }, error: { type: "string", description: "When failed or cancelled: why." } };

export const WORKFLOW_COMPONENTS: Components = {
  schemas: { WorkflowRun: closed(RUN, ENDED), WorkflowAnswer: closed({ success: TRUE, ...RUN }, ENDED) },
  responses: { WorkflowAnswer: ok("The workflow as it is now.", schema("WorkflowAnswer")) },
};

const EVENTS = asEvents("Each state of the workflow as an event `status`, its data a WorkflowRun, until it has ended.");
const SIGNAL: JsonObject = { name: "signal", in: "path", required: true, description: "The signal's name.", schema: TEXT };
const ANY_JSON: JsonObject = { required: false, content: { "application/json": { schema: OBJECT } } };

function act(operationId: string, summary: string, more: readonly JsonObject[] = []): JsonObject {
  const responses = { 200: ref("responses", "WorkflowAnswer"), ...actingFailures("Forbidden", "NotFound", "Conflict", "Invalid") };
  return { post: { operationId, tags: ["Workflows"], summary, description: `${summary}.`, parameters: [...more, ...parameters("WorkflowId")], requestBody: ANY_JSON, responses } };
}

/** The work that actions have started. */
export const WORKFLOW_PATHS: Part = {
  paths: {
    "/api/v1/workflows": read("list_workflows", "Workflows", "The workflows that this identity may see, newest first", {
      parameters: [query("status", "Only those of this status.", STATUS), ...parameters("After", "Limit")],
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
    "/api/v1/workflows/{id}/signal/{signal}": act("signal_workflow", "Hands a workflow what it waits for", [SIGNAL]),
  },
};
