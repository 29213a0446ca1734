import type { Schema } from "../actions/schema.ts";

/** Finds what a `$ref` means. */
export type Resolve = (reference: string) => Schema | undefined;

/** The TypeScript of what a JSON Schema admits, indented by so many blanks from the second line on. What it says of lengths and patterns, types cannot. */
export function schemaToType(schema: Schema, resolve: Resolve, indent = 0): string {
  if (schema.$ref !== undefined) {
    const meant = resolve(schema.$ref);
    return meant === undefined ? "unknown" : schemaToType(meant, resolve, indent);
  }
  const choices = [...(schema.anyOf ?? []), ...(schema.oneOf ?? [])];
  if (choices.length > 0) return toUnion(choices.map((each) => schemaToType(each, resolve, indent)));
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum !== undefined) return schema.enum.length === 0 ? "never" : toUnion(schema.enum.map((each) => JSON.stringify(each)));
  const types = [schema.type ?? []].flat();
  return types.length === 0 ? "unknown" : toUnion(types.map((type) => typeOf(type, schema, resolve, indent)));
}

function toUnion(types: readonly string[]): string {
  const distinct = [...new Set(types)];
  return distinct.includes("unknown") ? "unknown" : distinct.join(" | ");
}

const SCALARS: ReadonlyMap<string, string> = new Map([["string", "string"], ["integer", "number"], ["number", "number"], ["boolean", "boolean"], ["null", "null"]]);

function typeOf(type: string, schema: Schema, resolve: Resolve, indent: number): string {
  if (type === "array") {
    const item = schemaToType(schema.items ?? {}, resolve, indent);
    return item.includes("|") ? `readonly (${item})[]` : `readonly ${item}[]`;
  }
  return type === "object" ? toObject(schema, resolve, indent) : (SCALARS.get(type) ?? "unknown");
}

function toObject({ properties = {}, required = [], additionalProperties = true }: Schema, resolve: Resolve, indent: number): string {
  const names = Object.keys(properties);
  if (names.length === 0) {
    if (additionalProperties === false) return "{ readonly [name: string]: never }";
    const value = additionalProperties === true ? "unknown" : schemaToType(additionalProperties, resolve, indent);
    return `{ readonly [name: string]: ${value} }`;
  }
  const margin = " ".repeat(indent + 2);
  const lines = Object.entries(properties).flatMap(([name, schema]) => {
    const isRequired = required.includes(name);
    const type = schemaToType(schema, resolve, indent + 2);
    return [...toComment(schema.description, margin), `${margin}readonly ${toName(name)}${isRequired ? "" : "?"}: ${type}${isRequired || type === "unknown" ? "" : " | undefined"};`];
  });
  const others = additionalProperties === false ? [] : [`${margin}readonly [name: string]: unknown;`];
  return ["{", ...lines, ...others, `${" ".repeat(indent)}}`].join("\n");
}

/** A comment of one line, which whatever stands in it cannot end. */
export function toComment(text: string | undefined, margin: string): readonly string[] {
  return text === undefined || text === "" ? [] : [`${margin}/** ${text.replaceAll("*/", "*\\/").replaceAll(/\s+/g, " ")} */`];
}

/** The name of a property. */
function toName(name: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(name) ? name : JSON.stringify(name);
}
