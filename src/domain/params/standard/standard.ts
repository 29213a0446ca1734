import { requireOptions, type Names } from "../../check-option.ts";
import type { JsonObject } from "../../json.ts";

/** What a Standard Schema's `validate` answers (standardschema.dev, version 1). */
export type StandardResult<Out> =
  | { readonly value: Out; readonly issues?: undefined }
  | { readonly issues: readonly StandardIssue[] };

/** One fault, by the vendor's words. */
export interface StandardIssue {
  readonly message: string;
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined;
}

/**
 * The part of the Standard Schema and Standard JSON Schema interfaces (version 1) that is used here.
 * zod, valibot and arktype have it; nothing is imported from them.
 */
export interface StandardSchema<In = unknown, Out = In> {
  readonly "~standard": {
    readonly version: 1;
    readonly vendor: string;
    readonly validate: (value: unknown) => StandardResult<Out> | Promise<StandardResult<Out>>;
    readonly types?: { readonly input: In; readonly output: Out } | undefined;
    readonly jsonSchema?: StandardJsonSchema | undefined;
  };
}

/** The Standard JSON Schema extension: the schema of what a caller sends. */
export interface StandardJsonSchema {
  readonly input: (options: { readonly target: "draft-2020-12" }) => Record<string, unknown>;
}

/** Options of {@link standardParams}: what a Standard Schema does not say itself. */
export interface StandardParamsOptions {
  /** Its JSON Schema 2020-12, of type object, when the vendor gives none. */
  readonly schema?: JsonObject;
  /** Names at the top whose values are masked wherever a call is recorded. Default: none. */
  readonly secret?: readonly string[];
}

/** A Standard Schema with what its vendor does not say. */
export interface StandardParams<In = unknown, Out = In> extends StandardSchema<In, Out> {
  readonly secret: readonly string[];
}

const OPTIONS: Names<StandardParamsOptions> = { schema: true, secret: true };

/** The params of an action by a Standard Schema that brings no JSON Schema of its own, or that takes secrets. */
export function standardParams<In, Out>(schema: StandardSchema<In, Out>, options: StandardParamsOptions): StandardParams<In, Out> {
  if (!isStandardSchema(schema)) throw new TypeError("standardParams() takes a Standard Schema of version 1 (standardschema.dev)");
  requireOptions("the second argument of standardParams()", options, OPTIONS);
  const { schema: published, secret = [] } = options;
  const given = schema["~standard"];
  const { version, vendor } = given;
  return Object.freeze({
    "~standard": {
      version,
      vendor,
      validate: (value: unknown) => given.validate(value),
      jsonSchema: published === undefined ? given.jsonSchema : { input: () => published },
    },
    secret: Object.freeze([...secret]),
  });
}

/** Is it one? Some vendors' schemas are functions. */
export function isStandardSchema(value: unknown): value is StandardSchema {
  if ((typeof value !== "object" && typeof value !== "function") || value === null || !("~standard" in value)) return false;
  const standard = value["~standard"];
  if (typeof standard !== "object" || standard === null) return false;
  return "version" in standard && standard.version === 1 && "validate" in standard && typeof standard.validate === "function";
}

/** The names that {@link standardParams} was told to mask. */
export function secretsOf(schema: StandardSchema): readonly string[] {
  if (!("secret" in schema) || !Array.isArray(schema.secret)) return [];
  return schema.secret.map(String);
}
