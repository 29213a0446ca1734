import { RETURN_KINDS, type ReturnKind } from "../../../../domain/execution/answer/result.ts";
import type { JsonObject } from "../../../../domain/json.ts";
import { headers } from "../headers.ts";
import { anyOf, closed, OBJECT, ref, schema, TRUE } from "../names.ts";
import type { Components } from "../part.ts";

const MESSAGE: JsonObject = { type: "string", description: "What was done, in a sentence for a person." };
const WORKFLOW_ID: JsonObject = { type: "string", description: "Names the work that goes on: `/api/v1/workflows/{id}`." };
const CHANGES: JsonObject = { type: "array", description: "What would change, of what this identity may see.", items: schema("Change") };

/** What an action answers when it says no more of its data. */
export const ANY_DATA: JsonObject = schema("Data");

const ID: JsonObject = { anyOf: [{ type: "string" }, { type: "number" }] };

/** The body of each row of the result table; `extra` stands in each. */
function toRows(data: JsonObject, extra: JsonObject): Readonly<Record<ReturnKind, JsonObject>> {
  return {
    message: closed({ success: TRUE, message: MESSAGE, ...extra }),
    data: closed({ success: TRUE, message: MESSAGE, data, ...extra }),
    workflow: closed({ success: TRUE, workflow_id: WORKFLOW_ID, ...extra }),
    nothing: closed({ success: TRUE, ...extra }),
  };
}

const ROW_NAMES: Readonly<Record<ReturnKind, string>> = { message: "Said", data: "Shown", workflow: "Started", nothing: "Done" };
const PREVIEW = { changes: CHANGES };

function nameRows(rows: Readonly<Record<ReturnKind, JsonObject>>, suffix: string): JsonObject {
  return Object.fromEntries(RETURN_KINDS.map((kind) => [`${ROW_NAMES[kind]}${suffix}`, rows[kind]]));
}

const CHANGE: JsonObject = {
  ...closed(
    { class: { type: "string", description: "The subject's class." }, id: ID, change: { type: "string", enum: ["create", "update", "delete"] } },
    { before: { ...OBJECT, description: "Absent when it is created." }, after: { ...OBJECT, description: "Absent when it is deleted." } },
  ),
  description: "What became of one subject.",
};

const DATA: JsonObject = {
  type: "object",
  description: "The result. That of a subject begins with `id` and `title`, what people call it; then come its public fields.",
  properties: { id: {}, title: {} },
  additionalProperties: true,
};

/** The rows that any action can answer with, and each set of them as one answer. */
export const SUCCESS_COMPONENTS: Components = {
  schemas: { Change: CHANGE, Data: DATA, ...nameRows(toRows(ANY_DATA, {}), ""), ...nameRows(toRows(ANY_DATA, PREVIEW), "Preview") },
  responses: Object.fromEntries(subsets(RETURN_KINDS).flatMap((kinds) => [
    [nameOf(kinds, ""), toResponse(kinds, ANY_DATA, false)],
    [nameOf(kinds, "Preview"), toResponse(kinds, ANY_DATA, true)],
  ])),
};

function subsets(kinds: readonly ReturnKind[]): readonly (readonly ReturnKind[])[] {
  return kinds.reduce<readonly (readonly ReturnKind[])[]>((sets, kind) => [...sets, ...sets.map((set) => [...set, kind])], [[]]).filter((set) => set.length > 0);
}

function nameOf(kinds: readonly ReturnKind[], suffix: string): string {
  return `${kinds.map((kind) => ROW_NAMES[kind]).join("Or")}${suffix}`;
}

function toResponse(kinds: readonly ReturnKind[], data: JsonObject, isPreview: boolean): JsonObject {
  const rows = toRows(data, isPreview ? PREVIEW : {});
  const suffix = isPreview ? "Preview" : "";
  const schemas = kinds.map((kind) => (kind === "data" && data !== ANY_DATA ? rows.data : schema(`${ROW_NAMES[kind]}${suffix}`)));
  return {
    description: isPreview ? "What it would answer and change." : "It was done.",
    headers: isPreview ? headers("ETag") : headers("IdempotencyReplayed"),
    content: { "application/json": { schema: anyOf(schemas) } },
  };
}

/** The answer of 200 to a call of an action that answers with these rows: shared by all that say no more of their data. */
export function successResponse(returns: readonly string[], data: JsonObject, isPreview: boolean): JsonObject {
  const kinds = RETURN_KINDS.filter((kind) => returns.includes(kind));
  if (data !== ANY_DATA && kinds.includes("data")) return toResponse(kinds, data, isPreview);
  return ref("responses", nameOf(kinds, isPreview ? "Preview" : ""));
}

