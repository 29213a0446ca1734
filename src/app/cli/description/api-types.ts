import type { ActionSchema, Schema } from "../actions/schema.ts";
import { schemaToType, toComment, type Resolve } from "./schema-to-type.ts";

/** What is read of an OpenAPI document. */
export interface OpenApi {
  readonly paths: Readonly<Record<string, { readonly post?: { readonly responses?: Readonly<Record<string, OpenApiResponse>> } }>>;
  readonly components?: {
    readonly schemas?: Readonly<Record<string, Schema>>;
    readonly parameters?: Readonly<Record<string, { readonly schema?: Schema }>>;
    readonly responses?: Readonly<Record<string, OpenApiResponse>>;
  };
}

interface OpenApiResponse {
  readonly $ref?: string;
  readonly content?: Readonly<Record<string, { readonly schema?: Schema }>>;
}

/** The type that `createClient<Api>()` takes, as TypeScript: what `ApiOf` makes of a catalog, made of what a server says of itself. */
export function writeApiTypes(place: string, openapi: OpenApi, actions: readonly ActionSchema[]): string {
  const resolve: Resolve = (reference) => openapi.components?.schemas?.[reference.replace("#/components/schemas/", "")];
  return [
    `// Written by "actionport types" from what ${place} says of itself. Write it again when its actions have changed.`,
    "",
    "/** The actions by key: what each takes, answers and refuses. For createClient<Api>() of actionport/client. */",
    "export type Api = {",
    ...actions.flatMap((action) => writeEntry(action, openapi, resolve)),
    "};",
    "",
  ].join("\n");
}

function writeEntry(action: ActionSchema, openapi: OpenApi, resolve: Resolve): readonly string[] {
  const { key, label, description, parameters } = action;
  return [
    ...toComment(description === "" ? label : `${label}. ${description}`, "  "),
    `  readonly ${JSON.stringify(key)}: {`,
    `    readonly id: ${idType(action, openapi, resolve)};`,
    `    readonly params: ${schemaToType(parameters, resolve, 4)};`,
    `    readonly result: ${resultType(action, openapi, resolve)};`,
    `    readonly errors: ${errorsType(action, resolve)};`,
    "  };",
  ];
}

function idType({ subject }: ActionSchema, { components }: OpenApi, resolve: Resolve): string {
  if (subject === undefined) return "null";
  const schema = components?.parameters?.[`id__${subject.class}`]?.schema;
  return schema === undefined ? "string | number" : schemaToType(schema, resolve, 4);
}

/** The body of a success without `success`. */
function resultType({ key, subject }: ActionSchema, { paths, components }: OpenApi, resolve: Resolve): string {
  const path = `/api/v1/actions/${key}/execute${subject === undefined ? "" : `/{${subject.param}}`}`;
  const answer = paths[path]?.post?.responses?.["200"];
  const named = answer?.$ref?.replace("#/components/responses/", "");
  const { content } = (named === undefined ? answer : components?.responses?.[named]) ?? {};
  const schema = content?.["application/json"]?.schema;
  return schema === undefined ? "{ readonly [name: string]: unknown }" : schemaToType(withoutSuccess(schema, resolve), resolve, 4);
}

function withoutSuccess(schema: Schema, resolve: Resolve): Schema {
  if (schema.$ref !== undefined) return withoutSuccess(resolve(schema.$ref) ?? {}, resolve);
  if (schema.anyOf !== undefined) return { anyOf: schema.anyOf.map((each) => withoutSuccess(each, resolve)) };
  if (schema.oneOf !== undefined) return { oneOf: schema.oneOf.map((each) => withoutSuccess(each, resolve)) };
  const { success: _, ...properties } = schema.properties ?? {};
  return { ...schema, properties };
}

function errorsType({ errors = [] }: ActionSchema, resolve: Resolve): string {
  const members = errors.map(({ code, details }) => `{ readonly code: ${JSON.stringify(code)}; readonly details: ${details === null ? "undefined" : schemaToType(details, resolve, 4)} }`);
  return members.length === 0 ? "never" : members.join(" | ");
}
