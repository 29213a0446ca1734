import { isObject, toJsonObject, type JsonObject } from "../../json.ts";
import { isPromiseLike, type MaybePromise } from "../../maybe-promise.ts";
import type { CompiledParams, ParsedParams } from "../compile.ts";
import { Faults, shorten } from "../faults.ts";
import { explainUnknown } from "../fields.ts";
import { sentForTrail } from "../for-trail.ts";
import { maskAll, maskFields, maskNothing } from "../mask.ts";
import { checkParamName } from "../types/object.ts";
import { NO_REFERENCES } from "../pending-references.ts";
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
  const mask = maskFields(names.map((name) => ({ name, mask: secrets.has(name) ? maskAll : null }))) ?? maskNothing;
  return Object.freeze({
    schema,
    names: Object.freeze(names),
    subjects: Object.freeze([]),
    makesFrozenJson: false,
    parse(input: unknown): MaybePromise<ParsedParams<unknown>> {
      const faults = new Faults();
      if (!isObject(input)) {
        faults.report("", "Must be an object.");
        return { ok: false, errors: faults.toErrors() };
      }
      const result = vendor.validate(withoutUnknown(input, known, faults));
      if (isPromiseLike(result)) return result.then((settled) => toParsed(settled, faults, secrets));
      return toParsed(result, faults, secrets);
    },
    mask,
    forTrail: (input: unknown) => sentForTrail(input, mask, names),
  });
}

/** The vendor's JSON Schema, closed at the top: no field is taken that is not declared. */
function toPublished({ "~standard": { vendor, jsonSchema } }: StandardSchema): JsonObject {
  const remedy = "; give it: standardParams(schema, { schema: { type: \"object\", properties: { … } } })";
  if (jsonSchema === undefined) throw new TypeError(`params by ${vendor} bring no JSON Schema${remedy}`);
  let schema: JsonObject;
  try {
    schema = withoutName(toJsonObject(jsonSchema.input({ target: "draft-2020-12" }), "schema"));
  } catch (cause) {
    throw new TypeError(`params by ${vendor} have no JSON Schema 2020-12${remedy}`, { cause });
  }
  if (schema.type !== "object" || !isObject(schema.properties) || "patternProperties" in schema) {
    throw new TypeError(`params by ${vendor} must be one object with named properties${remedy}`);
  }
  return Object.freeze({ ...schema, additionalProperties: false });
}

/** A schema with a name, or one that contains itself, may come as nothing but a reference to its own definition, which is left out if it does not contain itself. */
function withoutName(schema: JsonObject): JsonObject {
  const { $ref, $defs, ...rest } = schema;
  if (typeof $ref !== "string" || !isObject($defs)) return schema;
  const [own, named] = Object.entries($defs).find(([name]) => $ref === `#/$defs/${name}`) ?? [];
  if (!isObject(named)) return schema;
  const containsItself = JSON.stringify($defs).includes(JSON.stringify($ref));
  const kept = Object.entries($defs).filter(([name]) => name !== own || containsItself);
  return { ...named, ...rest, ...(kept.length > 0 && { $defs: Object.fromEntries(kept) }) };
}

function checkSecrets(secrets: readonly string[], names: readonly string[]): ReadonlySet<string> {
  const stranger = secrets.find((name) => !names.includes(name));
  if (stranger !== undefined) throw new TypeError(`standardParams(): secret "${stranger}" is not one of the parameters ${names.join(", ")}`);
  return new Set(secrets);
}

/** The input as it is, or when it has fields that are not declared, reported, without them. */
function withoutUnknown(input: Readonly<Record<string, unknown>>, known: ReadonlySet<string>, faults: Faults): unknown {
  const names = Object.keys(input);
  if (names.every((name) => known.has(name))) return input;
  explainUnknown(input, known, "", faults);
  return Object.fromEntries(names.filter((name) => known.has(name)).map((name) => [name, input[name]]));
}

function toParsed(result: StandardResult<unknown>, faults: Faults, secrets: ReadonlySet<string>): ParsedParams<unknown> {
  if (result.issues !== undefined) {
    for (const issue of result.issues) reportIssue(issue, faults, secrets);
    if (faults.isEmpty) faults.report("", "The parameters are not valid.");
  } else if (faults.isEmpty) {
    return { ok: true, value: result.value, references: NO_REFERENCES };
  }
  return { ok: false, errors: faults.toErrors() };
}

/** The vendor's words, but for secrets: vendors tend to repeat what they were given. */
function reportIssue(issue: StandardIssue, faults: Faults, secrets: ReadonlySet<string>): void {
  const path = (issue.path ?? []).map((segment) => String(typeof segment === "object" ? segment.key : segment));
  const isSecret = path[0] !== undefined && secrets.has(path[0]);
  const sentence = isSecret ? "This value is not valid." : shorten(issue.message, MAX_MESSAGE_LENGTH);
  faults.report(path.map((segment) => shorten(segment)).join("."), sentence);
}
