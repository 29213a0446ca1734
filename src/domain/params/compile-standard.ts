import { isObject, toJsonObject, type JsonObject } from "../json.ts";
import { isPromiseLike, type MaybePromise } from "../maybe-promise.ts";
import { checkParamName, refuseUnknown } from "./object.ts";
import { NO_REFERENCES, type CompiledParams, type ParsedParams } from "./compile.ts";
import { maskAll, maskFields, maskNothing } from "./mask.ts";
import { createParsing, refuse, report, shorten, type Parsing } from "./parsing.ts";
import { secretsOf, type StandardIssue, type StandardResult, type StandardSchema } from "./standard.ts";

/** So much of a vendor's message goes out, in UTF-16 code units: some repeat what was sent. */
const MAX_MESSAGE_LENGTH = 300;

/**
 * A Standard Schema behind the same interface as parameter types. Fields at the top that its JSON
 * Schema does not name are refused here, since most vendors drop them in silence; below, the vendor
 * decides. Throws a TypeError that names the remedy.
 */
export function compileStandardParams<In, Out>(schema: StandardSchema<In, Out>): CompiledParams<Out>;
// The types above follow from the vendor's alone.
export function compileStandardParams(standard: StandardSchema): CompiledParams<unknown> {
  const vendor = standard["~standard"];
  const schema = toPublished(standard);
  const names = Object.keys(isObject(schema.properties) ? schema.properties : {});
  for (const name of names) checkParamName(name, name);
  const secrets = checkSecrets(secretsOf(standard), names);
  const known: ReadonlySet<string> = new Set(names);
  return Object.freeze({
    schema,
    names: Object.freeze(names),
    subjects: Object.freeze([]),
    parse(input: unknown): MaybePromise<ParsedParams<unknown>> {
      const parsing = createParsing(false);
      if (!isObject(input)) {
        refuse(parsing, 0, "Must be an object.");
        return failure(parsing);
      }
      const result = vendor.validate(withoutUnknown(input, known, parsing));
      if (isPromiseLike(result)) return result.then((settled) => toParsed(settled, parsing, secrets));
      return toParsed(result, parsing, secrets);
    },
    mask: maskFields(names.map((name) => ({ name, mask: secrets.has(name) ? maskAll : null }))) ?? maskNothing,
  });
}

/** The vendor's JSON Schema, closed at the top as the contract wants it. */
function toPublished({ "~standard": { vendor, jsonSchema } }: StandardSchema): JsonObject {
  const remedy = "; give it: standardParams(schema, { schema: { type: \"object\", properties: { … } } })";
  if (jsonSchema === undefined) throw new TypeError(`params by ${vendor} bring no JSON Schema${remedy}`);
  let schema: JsonObject;
  try {
    schema = toJsonObject(jsonSchema.input({ target: "draft-2020-12" }), "schema");
  } catch (cause) {
    throw new TypeError(`params by ${vendor} have no JSON Schema 2020-12${remedy}`, { cause });
  }
  if (schema.type !== "object" || !isObject(schema.properties) || "patternProperties" in schema) {
    throw new TypeError(`params by ${vendor} must be one object with named properties${remedy}`);
  }
  return Object.freeze({ ...schema, additionalProperties: false });
}

function checkSecrets(secrets: readonly string[], names: readonly string[]): ReadonlySet<string> {
  const stranger = secrets.find((name) => !names.includes(name));
  if (stranger !== undefined) throw new TypeError(`standardParams(): secret "${stranger}" is none of the parameters ${names.join(", ")}`);
  return new Set(secrets);
}

/** The input as it is, or when it has fields that are not declared, reported, without them. */
function withoutUnknown(input: Readonly<Record<string, unknown>>, known: ReadonlySet<string>, parsing: Parsing): unknown {
  const names = Object.keys(input);
  if (names.every((name) => known.has(name))) return input;
  refuseUnknown(input, known, parsing, 0);
  return Object.fromEntries(names.filter((name) => known.has(name)).map((name) => [name, input[name]]));
}

function toParsed(result: StandardResult<unknown>, parsing: Parsing, secrets: ReadonlySet<string>): ParsedParams<unknown> {
  if (result.issues !== undefined) {
    for (const issue of result.issues) reportIssue(issue, parsing, secrets);
    if (parsing.faults === null) report(parsing, "", "The parameters are not valid.");
  } else if (parsing.faults === null) {
    return { ok: true, value: result.value, references: NO_REFERENCES };
  }
  return failure(parsing);
}

/** The vendor's words, but for secrets: vendors tend to repeat what they were given. */
function reportIssue(issue: StandardIssue, parsing: Parsing, secrets: ReadonlySet<string>): void {
  const path = (issue.path ?? []).map((segment) => String(typeof segment === "object" ? segment.key : segment));
  const isSecret = path[0] !== undefined && secrets.has(path[0]);
  const sentence = isSecret ? "This value is not valid." : shorten(issue.message, MAX_MESSAGE_LENGTH);
  report(parsing, path.map((segment) => shorten(segment)).join("."), sentence);
}

function failure(parsing: Parsing): ParsedParams<never> {
  return { ok: false, errors: Object.fromEntries(parsing.faults ?? []) };
}
