import type { ActionDescription } from "../../../domain/catalog/describe.ts";
import type { JsonObject } from "../../../domain/json.ts";
import { bulkRequest, bulkResponse } from "./bulk.ts";
import { actingFailures, declaredRefusals, readingFailures, type DeclaredError } from "./failures.ts";
import { parameters } from "./headers.ts";
import { operationId, ref, schema, toIdentifier } from "./names.ts";
import type { Part } from "./part.ts";
import { rebaseSchema } from "./schema-refs.ts";
import { ANY_DATA, successResponse } from "./success.ts";

/** What an action may declare of its answers. */
interface DeclaredAnswers {
  /** JSON Schema of the data of a success; null: nothing is said of it. */
  readonly result?: JsonObject | null;
  readonly errors?: readonly DeclaredError[];
}

/** What an action is described with. */
interface Described {
  readonly action: ActionDescription & DeclaredAnswers;
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

/** All that can be done with an action. */
export function describeAction(action: ActionDescription & DeclaredAnswers, maxAsyncBulkIds: number): Part {
  const { key, subject, bulk } = action;
  const url = `/api/v1/actions/${key}`;
  const described = toDescribed(action);
  const id = subject === undefined ? "" : `/{${subject.param}}`;
  return {
    paths: {
      [`${url}/execute${id}`]: { post: describeExecute(described) },
      [`${url}/preview${id}`]: { post: describePreview(described) },
      ...(bulk === null ? {} : { [`${url}/bulk`]: { post: describeBulk(described, Math.max(bulk.max_ids, maxAsyncBulkIds)) } }),
      [`${url}/schema`]: { get: describeSchema(action) },
    },
    components: { schemas: ownSchemas(action), responses: ownRefusals(action), ...(subject === undefined ? {} : { parameters: { [`id__${subject.class}`]: idParameter(subject) } }) },
  };
}

function toDescribed(action: Described["action"]): Described {
  const { key, parameters: declared, result = null, errors = [] } = action;
  const required = declared["required"];
  return {
    action,
    params: schema(nameOf("params", key)),
    needsParams: Array.isArray(required) && required.length > 0,
    data: result === null ? ANY_DATA : schema(nameOf("data", key)),
    refused: errors.length === 0 ? ref("responses", "Refused") : ref("responses", nameOf("refused", key)),
  };
}

/** The schemas that the action itself declares, each able to point into itself. */
function ownSchemas({ key, parameters: declared, result = null, errors = [] }: Described["action"]): JsonObject {
  const own = [["params", declared], ...(result === null ? [] : [["data", result] as const]), ...errors.flatMap(({ code, details }) => (details === null ? [] : [[`details__${code}`, details] as const]))] as const;
  return Object.fromEntries(own.map(([kind, value]) => [nameOf(kind, key), rebaseSchema(value, `#/components/schemas/${nameOf(kind, key)}`)]));
}

function ownRefusals({ key, errors = [] }: Described["action"]): JsonObject {
  if (errors.length === 0) return {};
  const told = errors.map(({ code, details, retry }) => ({ code, details: details === null ? null : schema(nameOf(`details__${code}`, key)), retry }));
  return { [nameOf("refused", key)]: declaredRefusals(told) };
}

function nameOf(kind: string, key: string): string {
  return `${kind}__${toIdentifier(key)}`;
}

function idParameter({ param, class: name }: NonNullable<ActionDescription["subject"]>): JsonObject {
  return { name: param, in: "path", required: true, description: `The ID of a ${name}.`, schema: { type: "string" } };
}

/** What stands in every operation of an action. */
function about({ key, label, description }: ActionDescription, summary: string, says: string): JsonObject {
  return { tags: [tagOf(key)], summary, description: [description === "" ? `${label}.` : description, says].filter((text) => text !== "").join("\n\n") };
}

function describeExecute({ action, params, needsParams, data, refused }: Described): JsonObject {
  return {
    operationId: operationId("execute", action.key),
    ...about(action, action.label, ""),
    parameters: [...subjectParameter(action), ...parameters("IdempotencyKey")],
    requestBody: { required: needsParams, content: { "application/json": { schema: params, ...examplesOf(action) } } },
    responses: { 200: successResponse(action.returns, data, false), ...actingFailures("Forbidden", missing(action), "Conflict"), 422: refused },
  };
}

function describePreview({ action, params, needsParams, data, refused }: Described): JsonObject {
  return {
    operationId: operationId("preview", action.key),
    ...about(action, `Preview: ${action.label}`, "Says what the call would answer and change now. Nothing is kept."),
    parameters: [...subjectParameter(action), ...parameters()],
    requestBody: { required: needsParams, content: { "application/json": { schema: params, ...examplesOf(action) } } },
    responses: { 200: successResponse(action.returns, data, true), ...actingFailures("Forbidden", missing(action), "Conflict"), 422: refused },
  };
}

function describeBulk({ action, params, needsParams, data, refused }: Described, maxIds: number): JsonObject {
  const { max_ids = 0, modes = [] } = action.bulk ?? {};
  return {
    operationId: operationId("bulk", action.key),
    ...about(action, `Bulk: ${action.label}`, `Does it to many subjects: up to ${max_ids}, or ${maxIds} with \`async\` in another mode than \`atomic\`.`),
    parameters: parameters("IdempotencyKey"),
    requestBody: { required: true, content: { "application/json": { schema: bulkRequest(params, needsParams, maxIds, modes) } } },
    responses: { 200: bulkResponse(data), ...actingFailures("Forbidden", "NoSuchSubject", "Conflict"), 422: refused },
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

