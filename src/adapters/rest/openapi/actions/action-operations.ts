import type { ActionDescription } from "../../../../domain/catalog/describe.ts";
import type { ExampleDescription } from "../../../../domain/catalog/examples.ts";
import type { JsonObject } from "../../../../domain/json.ts";
import { bulkRequest, bulkResponse } from "./bulk.ts";
import { actingFailures, readingFailures } from "../failures.ts";
import { parameters } from "../headers.ts";
import { operationId, ref } from "../names.ts";
import { successResponse } from "./success.ts";

/** What an action is described with. */
export interface Described {
  readonly action: ActionDescription;
  readonly params: JsonObject;
  /** Is there a parameter that must be sent? */
  readonly needsParams: boolean;
  readonly data: JsonObject;
  /** What it answers with 422. */
  readonly refused: JsonObject;
}

/** The tag under which an action stands: the first segment of its key, if it has several. */
export function tagOf(key: string): string {
  const end = key.indexOf("/");
  return end < 0 ? "actions" : key.slice(0, end);
}

/** What stands in every operation of an action. */
function about({ key, label, description }: ActionDescription, summary: string, says: string): JsonObject {
  return { tags: [tagOf(key)], summary, description: [description === "" ? `${label}.` : description, says].filter((text) => text !== "").join("\n\n") };
}

/** To run it. */
export function describeExecute({ action, params, needsParams, data, refused }: Described): JsonObject {
  return {
    operationId: operationId("execute", action.key),
    ...about(action, action.label, ""),
    parameters: [...subjectParameter(action), ...parameters("IdempotencyKey", "IfMatch")],
    requestBody: { required: needsParams, content: { "application/json": { schema: params, ...examplesOf(action, ({ params: body }) => body) } } },
    responses: { 200: successResponse(action.returns, data, false), ...actingFailures("Forbidden", missing(action), "Conflict", "PreconditionFailed"), 422: refused },
  };
}

/** To see what running it would do. */
export function describePreview({ action, params, needsParams, data, refused }: Described): JsonObject {
  return {
    operationId: operationId("preview", action.key),
    ...about(action, `Preview: ${action.label}`, "Says what the call would answer and change now. Nothing is kept."),
    parameters: [...subjectParameter(action), ...parameters()],
    requestBody: { required: needsParams, content: { "application/json": { schema: params, ...examplesOf(action, ({ params: body }) => body) } } },
    responses: { 200: successResponse(action.returns, data, true), ...actingFailures("Forbidden", missing(action), "Conflict"), 422: refused },
  };
}

/** To run it on many subjects. */
export function describeBulk({ action, params, needsParams, data, refused }: Described, maxAsyncIds: number | null): JsonObject {
  const { max_ids = 0, modes = [] } = action.bulk ?? {};
  const orAsync = maxAsyncIds === null ? "" : `, or ${Math.max(max_ids, maxAsyncIds)} with \`async\` in another mode than \`atomic\``;
  return {
    operationId: operationId("bulk", action.key),
    ...about(action, `Bulk: ${action.label}`, `Does it to many subjects: up to ${max_ids}${orAsync}.`),
    parameters: parameters("IdempotencyKey"),
    requestBody: { required: true, content: { "application/json": { schema: bulkRequest({ params, needsParams, modes, maxIds: Math.max(max_ids, maxAsyncIds ?? 0), canBeAsync: maxAsyncIds !== null }), ...bulkExamples(action) } } },
    responses: { 200: bulkResponse(data), ...actingFailures("Forbidden", "NoSuchSubject", "Conflict"), 422: refused },
  };
}

/** To read all of it. */
export function describeSchema(action: ActionDescription): JsonObject {
  return {
    operationId: operationId("describe", action.key),
    ...about(action, `Schema: ${action.label}`, "All that a client must know to call it."),
    parameters: parameters(),
    responses: { 200: ref("responses", "ActionSchema"), ...readingFailures("NoSuchAction") },
  };
}

function missing({ subject }: ActionDescription): "NoSuchAction" | "NoSuchSubject" {
  return subject === undefined ? "NoSuchAction" : "NoSuchSubject";
}

function subjectParameter({ subject }: ActionDescription): readonly JsonObject[] {
  return subject === undefined ? [] : [ref("parameters", `id__${subject.class}`)];
}

/** Example bodies by names, each made of an example that was declared. */
function examplesOf({ examples }: Pick<ActionDescription, "examples">, toBody: (example: ExampleDescription) => JsonObject): JsonObject {
  if (examples.length === 0) return {};
  return { examples: Object.fromEntries(examples.map((example, at) => [`example-${at + 1}`, { summary: example.label, value: toBody(example) }])) };
}

/** Those that name a subject. */
function bulkExamples(action: ActionDescription): JsonObject {
  const named = action.examples.filter(({ subject }) => subject !== undefined);
  return examplesOf({ examples: named }, ({ subject = "", params }) => ({ ids: [subject], params, mode: "each" }));
}

