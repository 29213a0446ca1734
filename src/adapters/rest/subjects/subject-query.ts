import type { SubjectQuery } from "../../../domain/subjects/list-subjects.ts";
import type { FieldErrors } from "../../../domain/errors.ts";

/** Names that are no fields: of those that come more than once the first counts, as in every list. */
const OWN: ReadonlySet<string> = new Set(["q", "after", "limit"]);

/** The question to a list of subjects; or what is wrong with it: a field can have but one value. */
export function readSubjectQuery(query: string): { readonly query: SubjectQuery } | { readonly errors: FieldErrors } {
  const own: { q?: string; after?: string; limit?: string } = {};
  const fields: Record<string, string> = Object.create(null);
  const errors: Record<string, readonly string[]> = Object.create(null);
  for (const [name, value] of new URLSearchParams(query)) {
    if (OWN.has(name)) Object.assign(own, { [name]: value, ...own });
    else if (name in fields) errors[name] = [`${name} was asked for twice; ask for one value.`];
    else fields[name] = value;
  }
  return Object.keys(errors).length > 0 ? { errors } : { query: { ...own, fields } };
}
