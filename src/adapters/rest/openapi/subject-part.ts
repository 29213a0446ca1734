import type { JsonObject } from "../../../domain/json.ts";
import type { SubjectDescription } from "../../../domain/subjects/describe-subject.ts";
import { readingFailures } from "./failures.ts";
import { headers, parameters } from "./headers.ts";
import { closed, FALSE, orNull, schema, TEXT, TRUE } from "./names.ts";
import type { Part } from "./part.ts";

/** The tag of what reads subjects. */
export const SUBJECTS_TAG: JsonObject = { name: "Subjects", description: "What actions are done to: only the classes that this token may read." };

const ABOUT_ACTION: JsonObject = { key: TEXT, label: TEXT, effect: { type: "string", enum: ["read", "write", "destructive"] } };
const CHECK: JsonObject = {
  anyOf: [closed({ ...ABOUT_ACTION, allowed: TRUE }), closed({ ...ABOUT_ACTION, allowed: FALSE, code: { type: "string", enum: ["forbidden", "refused"] }, message: TEXT })],
};

/** What a class looks like to those who may read it. */
export const CLASS_SCHEMA: JsonObject = closed({
  class: TEXT,
  label: TEXT,
  param: TEXT,
  id: { type: "object", description: "JSON Schema of an ID." },
  fields: { type: "object", description: "JSON Schema of each public field." },
  actions: { type: "array", description: "The keys of the actions on it.", items: TEXT },
});

/** The reading of a class. It points to nothing that is not in every document. */
export function describeClass(about: SubjectDescription): Part {
  const { class: name, param, label, id } = about;
  const data = schema(`subject__${name}`);
  const url = `/api/v1/subjects/${name}`;
  const byId = { name: param, in: "path", required: true, description: `The ID of a ${name}.`, schema: id };
  const page = closed({ success: TRUE, data: { type: "array", items: data }, next: { ...orNull(TEXT), description: "For `after`; null on the last page." } });
  const shown = closed({ success: TRUE, data, actions: { type: "array", description: "What could be done with it now, and why not.", items: CHECK } });
  return {
    paths: {
      [url]: read(`list__${toIdentifier(name)}`, `Subjects of the class ${label}`, [...conditions(about), ...parameters("After", "Limit")], { 200: ok("A page of them.", page), ...readingFailures("NotFound", "Invalid") }),
      [`${url}/{${param}}`]: read(`read__${toIdentifier(name)}`, `One ${label}, and what could be done with it`, [byId, ...parameters()], { 200: ok("The subject.", shown), ...readingFailures("NoSuchSubject") }),
    },
    components: { schemas: { [`subject__${name}`]: toData(about) } },
  };
}

/** No word begins with an underscore, so none is followed by the dot's: classes of two names have two identifiers. */
function toIdentifier(name: string): string {
  return name.replaceAll("_", "__").replaceAll(".", "_");
}

/** A class that declares no fields shows all that its records have. */
function toData({ class: name, id, fields }: SubjectDescription): JsonObject {
  const declared = Object.keys(fields).length > 0;
  const { id: _id, title: _title, ...others } = fields;
  return {
    type: "object",
    description: `A ${name}, as clients see it.`,
    properties: { id, title: { type: "string", description: "What people call it." }, ...others },
    required: ["id", "title"],
    additionalProperties: !declared,
  };
}

const OWN: ReadonlySet<string> = new Set(["q", "after", "limit", "id", "title"]);

/** Text in the title, and the fields that must have a value. */
function conditions({ fields }: SubjectDescription): readonly JsonObject[] {
  const names = Object.keys(fields).filter((name) => !OWN.has(name));
  const q = { name: "q", in: "query", description: "Text anywhere in the title, letters of any case.", schema: TEXT };
  if (names.length > 0) return [q, ...names.map((name) => ({ name, in: "query", description: `Only those whose \`${name}\` is exactly this.`, schema: TEXT }))];
  return [q, { name: "fields", in: "query", style: "form", explode: true, description: "Public fields with a plain value, each compared exactly.", schema: { type: "object", additionalProperties: TEXT } }];
}

function read(operationId: string, summary: string, takes: readonly JsonObject[], responses: JsonObject): JsonObject {
  return { get: { operationId, tags: ["Subjects"], summary, description: `${summary}.`, parameters: takes, responses } };
}

function ok(description: string, content: JsonObject): JsonObject {
  return { description, headers: headers(), content: { "application/json": { schema: content } } };
}
