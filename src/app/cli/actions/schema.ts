/** What is read of a JSON Schema, as the server sends it. */
export interface Schema {
  readonly type?: string | readonly string[];
  readonly description?: string;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | Schema;
  readonly items?: Schema;
  readonly format?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly maxLength?: number;
  readonly default?: unknown;
  readonly $ref?: string;
}

/** An action in full, as `/schema` answers it. */
export interface ActionSchema {
  readonly key: string;
  readonly label: string;
  readonly description: string;
  readonly effect: string;
  readonly subject?: { readonly param: string; readonly class: string };
  readonly parameters: Schema;
  readonly returns: readonly string[];
  readonly errors?: readonly { readonly code: string; readonly details: Schema | null }[];
  readonly examples?: readonly { readonly label?: string; readonly subject?: string | number; readonly params?: Readonly<Record<string, unknown>> }[];
  readonly bulk: { readonly max_ids: number; readonly modes: readonly string[] } | null;
  readonly idempotency: { readonly retention_seconds: number };
}

/** Every type that a value may have; none: any. */
export function typesOf(schema: Schema): ReadonlySet<string> {
  const choices = [...(schema.anyOf ?? []), ...(schema.oneOf ?? [])];
  if (choices.length > 0) return new Set(choices.flatMap((each) => [...typesOf(each)]));
  if (schema.type !== undefined) return new Set([schema.type].flat());
  const values = schema.const === undefined ? (schema.enum ?? []) : [schema.const];
  return new Set(values.map(typeOf));
}

function typeOf(value: unknown): string {
  if (value === null) return "null";
  return Array.isArray(value) ? "array" : typeof value;
}

/** A type in few words: `Text`, `Whole number 1 to 10000`, `List of { product, quantity }`. */
export function describeType(schema: Schema): string {
  const choices = [...(schema.anyOf ?? []), ...(schema.oneOf ?? [])];
  if (choices.length > 0) return [...new Set(choices.map(describeType))].join(" or ");
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum !== undefined) return `One of ${schema.enum.map((each) => (typeof each === "string" ? each : JSON.stringify(each))).join(", ")}`;
  const types = [schema.type ?? []].flat();
  return types.length === 0 ? "Any JSON" : types.map((type) => describeOne(type, schema)).join(" or ");
}

function describeOne(type: string, schema: Schema): string {
  if (type === "string") return schema.format === undefined ? (schema.maxLength === undefined ? "Text" : `Text of at most ${schema.maxLength} letters`) : (FORMATS.get(schema.format) ?? schema.format);
  if (type === "integer" || type === "number") return `${type === "integer" ? "Whole number" : "Number"}${describeRange(schema)}`;
  if (type === "array") return `List of ${describeType(schema.items ?? {})}`;
  if (type === "object") return `{ ${Object.keys(schema.properties ?? {}).join(", ")} }`;
  return type === "boolean" ? "Yes or no" : type;
}

const FORMATS: ReadonlyMap<string, string> = new Map([["date", "Date such as 2026-11-30"], ["date-time", "Time such as 2026-11-30T12:00:00Z"], ["uuid", "UUID"]]);

/** Bounds that only say what a number can be at all say nothing. */
function describeRange({ minimum, maximum }: Schema): string {
  const low = minimum !== undefined && minimum > Number.MIN_SAFE_INTEGER ? minimum : undefined;
  const high = maximum !== undefined && maximum < Number.MAX_SAFE_INTEGER ? maximum : undefined;
  if (low !== undefined && high !== undefined) return ` ${low} to ${high}`;
  if (low !== undefined) return ` from ${low}`;
  return high === undefined ? "" : ` up to ${high}`;
}
