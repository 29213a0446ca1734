import type { Action } from "../catalog/action.ts";
import type { SubjectClass } from "../catalog/subject.ts";
import type { JsonObject } from "../json.ts";

/** A class of subjects, for whoever may read it. */
export interface SubjectDescription {
  readonly class: string;
  /** For people. */
  readonly label: string;
  /** What an action's description calls the ID. */
  readonly param: string;
  /** JSON Schema of an ID, as it may be sent. */
  readonly id: JsonObject;
  /** JSON Schema of each public field; `{}` says nothing of one. Empty for a class that shows all fields and declares none. */
  readonly fields: Readonly<Record<string, JsonObject>>;
  /** The keys of the actions on it. */
  readonly actions: readonly string[];
}

export function describeSubject(subject: SubjectClass, actions: readonly Action[]): SubjectDescription {
  const own = actions.filter((action) => action.subject === subject);
  return { class: subject.class, label: subject.label, param: subject.param, id: subject.id.schema, fields: subject.fieldSchemas, actions: own.map(({ key }) => key) };
}
