import type { JsonObject } from "../../../../domain/json.ts";
import type { SubjectDescription } from "../../../../domain/subjects/describe-subject.ts";
import { readingFailures } from "../failures.ts";
import { parameters } from "../headers.ts";
import { closed, FALSE, schema, TEXT, TRUE } from "../names.ts";
import type { Part } from "../part.ts";
import { ok, pageOf, query, read } from "./route.ts";

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
  const shown = closed({ success: TRUE, data, actions: { type: "array", description: "What could be done with it now, and why not.", items: CHECK } });
  const many = { 200: ok("A page of them; with `q` or fields it may be short and still have a `next`.", pageOf(data)), ...readingFailures("NotFound", "Invalid") };
  const one = { 200: ok("The subject.", shown), ...readingFailures("NoSuchSubject") };
  return {
    paths: {
      [url]: read(`list__${toIdentifier(name)}`, "Subjects", `Subjects of the class ${label}`, { parameters: [...conditions(about), ...parameters("After", "Limit")], responses: many }),
      [`${url}/{${param}}`]: read(`read__${toIdentifier(name)}`, "Subjects", `One ${label}, and what could be done with it`, { parameters: [byId, ...parameters()], responses: one }),
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
  const q = query("q", "Text anywhere in the title, letters of any case.");
  if (names.length > 0) return [q, ...names.map((name) => query(name, `Only those whose \`${name}\` is exactly this.`))];
  return [q, { name: "fields", in: "query", style: "form", explode: true, description: "Public fields with a plain value, each compared exactly.", schema: { type: "object", additionalProperties: TEXT } }];
}
