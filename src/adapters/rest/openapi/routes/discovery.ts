import type { JsonObject } from "../../../../domain/json.ts";
import { readingFailures } from "../failures.ts";
import { parameters } from "../headers.ts";
import { closed, COUNT, OBJECT, orNull, schema, TEXT, TRUE } from "../names.ts";
import type { Components, Part } from "../part.ts";
import { ok, read } from "./route.ts";
import { CLASS_SCHEMA } from "./subjects.ts";

const SUBJECT: JsonObject = closed({ required: TRUE, param: TEXT, class: TEXT, url_pattern: TEXT });
const SUMMARY = { key: TEXT, label: TEXT, description: TEXT, effect: { type: "string", enum: ["read", "write", "destructive"] } };
const ERROR: JsonObject = closed({ code: TEXT, details: { ...orNull(OBJECT), description: "JSON Schema of its details; null: it has none." }, retry: { type: "boolean" } });
const EXAMPLE: JsonObject = closed({ label: TEXT, params: OBJECT }, { subject: schema("SubjectId") });

const ACTION_SCHEMA: JsonObject = {
  type: "object",
  properties: {
    ...SUMMARY,
    subject: SUBJECT,
    parameters: { ...OBJECT, description: "JSON Schema 2020-12 of the body." },
    returns: { type: "array", items: TEXT },
    result: { ...OBJECT, description: "JSON Schema of the data of a success, where it is declared." },
    errors: { type: "array", description: "The errors of its own that it declares.", items: ERROR },
    examples: { type: "array", items: EXAMPLE },
    bulk: orNull(closed({ url: TEXT, max_ids: COUNT, modes: { type: "array", items: TEXT } })),
    idempotency: closed({ retention_seconds: COUNT }),
  },
  required: [...Object.keys(SUMMARY), "parameters", "returns", "bulk", "idempotency"],
  additionalProperties: true,
};

export const DISCOVERY_COMPONENTS: Components = {
  schemas: { ActionSummary: closed(SUMMARY, { subject: SUBJECT }), ActionSchema: ACTION_SCHEMA, SubjectClass: CLASS_SCHEMA },
  responses: { ActionSchema: ok("One action in full.", schema("ActionSchema")) },
};

function all(name: string): JsonObject {
  return ok("All of them.", closed({ success: TRUE, data: { type: "array", items: schema(name) } }));
}

/** What there is. */
export const DISCOVERY_ROUTES: Part = {
  paths: {
    "/api/v1/openapi.json": read("read_openapi", "Discovery", "This document", { parameters: parameters(), responses: { 200: ok("An OpenAPI document.", OBJECT), ...readingFailures() } }),
    "/api/v1/actions": read("list_actions", "Discovery", "All actions, in the order of their keys", { parameters: parameters(), responses: { 200: all("ActionSummary"), ...readingFailures() } }),
    "/api/v1/subjects": read("list_subject_classes", "Subjects", "The classes of subjects that this identity may read", {
      parameters: parameters(),
      responses: { 200: all("SubjectClass"), ...readingFailures() },
    }),
  },
};
