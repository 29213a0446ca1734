import type { JsonObject } from "../../../../domain/json.ts";
import { headers } from "../headers.ts";
import { closed, COUNT, FALSE, FLAG, OBJECT, ref, schema, TEXT, TRUE } from "../names.ts";
import type { Components } from "../part.ts";
import { ANY_DATA } from "./success.ts";

const ID: JsonObject = { anyOf: [{ type: "string" }, { type: "integer" }] };
const PLACE: JsonObject = { index: COUNT, id: { ...ID, description: "As it was sent." } };
const CHANGES: JsonObject = { type: "array", items: schema("Change") };

/** What the single call would have answered, of any row of the result table. */
function toDoneItem(data: JsonObject): JsonObject {
  const said = { message: TEXT, data, workflow_id: TEXT, changes: CHANGES, replayed: TRUE };
  return closed({ ...PLACE, success: TRUE, status: { type: "integer", const: 200 } }, said);
}

const FAILED: JsonObject = closed(
  { ...PLACE, success: FALSE, status: { type: "integer", minimum: 400, maximum: 599 }, message: TEXT },
  { code: TEXT, errors: { ...OBJECT, additionalProperties: { type: "array", items: TEXT } }, details: {}, replayed: TRUE },
);
const SKIPPED: JsonObject = { ...closed({ ...PLACE, success: FALSE, skipped: TRUE }), description: "It had no effect, because another item failed." };
const COUNTS: JsonObject = {
  success: FLAG,
  outcome: { type: "string", enum: ["success", "partial", "failed"] },
  message: TEXT,
  total: COUNT,
  succeeded: COUNT,
  failed: COUNT,
  skipped: COUNT,
};

function toItem(done: JsonObject): JsonObject {
  return { anyOf: [done, schema("BulkFailed"), schema("BulkSkipped")] };
}

function toAnswer(item: JsonObject): JsonObject {
  return closed({ ...COUNTS, results: { type: "array", items: item } });
}

const LINES = "One JSON object a line, as they happen: a result for each ID, and the summary, or the failure that ended it, as the last.";

/** Lines of JSON: a text, of which each line is one of these. */
export function toLines(description: string, line: JsonObject): JsonObject {
  return { "application/x-ndjson": { schema: { type: "string", description, contentMediaType: "application/x-ndjson", contentSchema: line } } };
}

function toResponse(item: JsonObject, answer: JsonObject): JsonObject {
  return {
    description: "What became of each subject; or the workflow that works on them.",
    headers: headers("IdempotencyReplayed"),
    content: {
      "application/json": { schema: { anyOf: [answer, schema("Started")] } },
      ...toLines(LINES, { anyOf: [item, schema("BulkSummary"), schema("Started"), schema("Failure")] }),
    },
  };
}

/** Bulk answers of actions that say no more of their data. */
export const BULK_COMPONENTS: Components = {
  schemas: {
    SubjectId: ID,
    BulkDone: toDoneItem(ANY_DATA),
    BulkFailed: FAILED,
    BulkSkipped: SKIPPED,
    BulkItem: toItem(schema("BulkDone")),
    BulkSummary: closed(COUNTS),
    BulkAnswer: toAnswer(schema("BulkItem")),
  },
  responses: { BulkAnswer: toResponse(schema("BulkItem"), schema("BulkAnswer")) },
};

/** The answer of 200 to a bulk call. */
export function bulkResponse(data: JsonObject): JsonObject {
  if (data === ANY_DATA) return ref("responses", "BulkAnswer");
  const item = toItem(toDoneItem(data));
  return toResponse(item, toAnswer(item));
}

/** What there is to say about a bulk call. */
interface BulkRequest {
  /** Their schema. */
  readonly params: JsonObject;
  readonly needsParams: boolean;
  readonly modes: readonly string[];
  readonly maxIds: number;
  /** Does an engine run, to which it can be left? */
  readonly canBeAsync: boolean;
}

/** What a bulk call says. */
export function bulkRequest({ params, needsParams, modes, maxIds, canBeAsync }: BulkRequest): JsonObject {
  const ids = { type: "array", description: "IDs of subjects, none twice.", items: schema("SubjectId"), minItems: 1, maxItems: maxIds };
  const optional = {
    mode: { type: "string", enum: modes, default: "each" },
    preview: { type: "boolean", default: false, description: "Nothing is kept, and each result says what would change." },
    async: canBeAsync ? { type: "boolean", default: false, description: "The answer is a workflow that works on them." } : { const: false, description: "No workflows run here." },
  };
  return needsParams ? closed({ ids, params }, optional) : closed({ ids }, { params, ...optional });
}
