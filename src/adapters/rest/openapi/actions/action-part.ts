import type { ActionDescription } from "../../../../domain/catalog/describe.ts";
import type { JsonObject } from "../../../../domain/json.ts";
import { describeBulk, describeExecute, describePreview, describeSchema, type Described } from "./action-operations.ts";
import { declaredRefusals } from "../failures.ts";
import { ref, schema, toIdentifier } from "../names.ts";
import type { Part } from "../part.ts";
import { rebaseSchema } from "./schema-refs.ts";
import { ANY_DATA } from "./success.ts";

/** All that can be done with an action; `idSchema` is that of its subject's IDs. Null: nothing is done asynchronously. */
export function describeAction(action: ActionDescription, idSchema: JsonObject, maxAsyncBulkIds: number | null): Part {
  const { key, subject, bulk } = action;
  const url = `/api/v1/actions/${key}`;
  const described = toDescribed(action);
  const id = subject === undefined ? "" : `/{${subject.param}}`;
  return {
    paths: {
      [`${url}/execute${id}`]: { post: describeExecute(described) },
      [`${url}/preview${id}`]: { post: describePreview(described) },
      ...(bulk === null ? {} : { [`${url}/bulk`]: { post: describeBulk(described, maxAsyncBulkIds) } }),
      [`${url}/schema`]: { get: describeSchema(action) },
    },
    components: { schemas: ownSchemas(action), responses: ownRefusals(action), ...(subject === undefined ? {} : { parameters: { [`id__${subject.class}`]: idParameter(subject, idSchema) } }) },
  };
}

function toDescribed(action: ActionDescription): Described {
  const { key, parameters: declared, result, errors } = action;
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
function ownSchemas({ key, parameters: declared, result, errors }: ActionDescription): JsonObject {
  const own = [["params", declared], ...(result === null ? [] : [["data", result] as const]), ...errors.flatMap(({ code, details }) => (details === null ? [] : [[`details__${code}`, details] as const]))] as const;
  return Object.fromEntries(own.map(([kind, value]) => [nameOf(kind, key), rebaseSchema(value, `#/components/schemas/${nameOf(kind, key)}`)]));
}

function ownRefusals({ key, errors }: ActionDescription): JsonObject {
  if (errors.length === 0) return {};
  const told = errors.map(({ code, details, retry }) => ({ code, details: details === null ? null : schema(nameOf(`details__${code}`, key)), retry }));
  return { [nameOf("refused", key)]: declaredRefusals(told) };
}

function nameOf(kind: string, key: string): string {
  return `${kind}__${toIdentifier(key)}`;
}

function idParameter({ param, class: name }: NonNullable<ActionDescription["subject"]>, idSchema: JsonObject): JsonObject {
  return { name: param, in: "path", required: true, description: `The ID of a ${name}.`, schema: idSchema };
}

