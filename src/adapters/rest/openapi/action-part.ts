import type { ActionDescription } from "../../../domain/catalog/describe.ts";
import type { JsonObject } from "../../../domain/json.ts";
import { bulkRequest, bulkResponse } from "./bulk.ts";
import { actingFailures, readingFailures } from "./failures.ts";
import { parameters } from "./headers.ts";
import { operationId, ref, schema, toIdentifier } from "./names.ts";
import type { Part } from "./part.ts";
import { rebaseSchema } from "./schema-refs.ts";
import { ANY_DATA, successResponse } from "./success.ts";

/** What an action is described with. */
interface Described {
  readonly action: ActionDescription;
  readonly params: JsonObject;
  /** Is there a parameter that must be sent? */
  readonly needsParams: boolean;
  readonly data: JsonObject;
}

/** The tag under which an action stands: the first segment of its key, if it has several. */
export function tagOf(key: string): string {
  const end = key.indexOf("/");
  return end < 0 ? "actions" : key.slice(0, end);
}

/** All that can be done with an action. */
export function describeAction(action: ActionDescription, maxAsyncBulkIds: number): Part {
  const { key, subject, bulk } = action;
  const url = `/api/v1/actions/${key}`;
  const name = `params__${toIdentifier(key)}`;
  const required = action.parameters["required"];
  const described = { action, params: schema(name), needsParams: Array.isArray(required) && required.length > 0, data: ANY_DATA };
  const id = subject === undefined ? "" : `/{${subject.param}}`;
  return {
    paths: {
      [`${url}/execute${id}`]: { post: describeExecute(described) },
      [`${url}/preview${id}`]: { post: describePreview(described) },
      ...(bulk === null ? {} : { [`${url}/bulk`]: { post: describeBulk(described, Math.max(bulk.max_ids, maxAsyncBulkIds)) } }),
      [`${url}/schema`]: { get: describeSchema(action) },
    },
    components: { schemas: { [name]: rebaseSchema(action.parameters, `#/components/schemas/${name}`) }, ...(subject === undefined ? {} : { parameters: { [`id__${subject.class}`]: idParameter(subject) } }) },
  };
}

function idParameter({ param, class: name }: NonNullable<ActionDescription["subject"]>): JsonObject {
  return { name: param, in: "path", required: true, description: `The ID of a ${name}.`, schema: { type: "string" } };
}

/** What stands in every operation of an action. */
function about({ key, label, description }: ActionDescription, summary: string, says: string): JsonObject {
  return { tags: [tagOf(key)], summary, description: [description === "" ? `${label}.` : description, says].filter((text) => text !== "").join("\n\n") };
}

function describeExecute({ action, params, needsParams, data }: Described): JsonObject {
  return {
    operationId: operationId("execute", action.key),
    ...about(action, action.label, ""),
    parameters: [...subjectParameter(action), ...parameters("IdempotencyKey")],
    requestBody: { required: needsParams, content: { "application/json": { schema: params, ...examplesOf(action) } } },
    responses: { 200: successResponse(action.returns, data, false), ...actingFailures("Forbidden", missing(action), "Conflict", "Refused") },
  };
}

function describePreview({ action, params, needsParams, data }: Described): JsonObject {
  return {
    operationId: operationId("preview", action.key),
    ...about(action, `Preview: ${action.label}`, "Says what the call would answer and change now. Nothing is kept."),
    parameters: [...subjectParameter(action), ...parameters()],
    requestBody: { required: needsParams, content: { "application/json": { schema: params, ...examplesOf(action) } } },
    responses: { 200: successResponse(action.returns, data, true), ...actingFailures("Forbidden", missing(action), "Conflict", "Refused") },
  };
}

function describeBulk({ action, params, needsParams, data }: Described, maxIds: number): JsonObject {
  const { max_ids = 0, modes = [] } = action.bulk ?? {};
  return {
    operationId: operationId("bulk", action.key),
    ...about(action, `Bulk: ${action.label}`, `Does it to many subjects: up to ${max_ids}, or ${maxIds} with \`async\` in another mode than \`atomic\`.`),
    parameters: parameters("IdempotencyKey"),
    requestBody: { required: true, content: { "application/json": { schema: bulkRequest(params, needsParams, maxIds, modes) } } },
    responses: { 200: bulkResponse(data), ...actingFailures("Forbidden", "NoSuchSubject", "Conflict", "Refused") },
  };
}

function describeSchema(action: ActionDescription): JsonObject {
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

function examplesOf(_action: ActionDescription): JsonObject {
  return {};
}

