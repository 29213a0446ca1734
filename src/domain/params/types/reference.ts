import { readId } from "../../catalog/subject-id.ts";
import { isSubjectClass, whyStrange, type SubjectClass, type SubjectRecord } from "../../catalog/subject.ts";
import { scalarForTrail } from "../for-trail.ts";
import { createParam, type Param } from "../param.ts";
import { INVALID, scalarCode } from "../param-code.ts";

/**
 * Another subject, named by its ID: the caller sends the ID, the handler gets the record. Parsing
 * only collects it; whoever executes the action reads all of one class at once.
 */
export function reference<R extends SubjectRecord>(subject: SubjectClass<R>): Param<R, "required", R["id"] | string> {
  return createParam((name) => {
    if (!isSubjectClass(subject)) {
      throw new TypeError(`parameter "${name}": reference() takes what defineSubject() made (${whyStrange(subject)})`);
    }
    const sentence = `Must be the ${subject.param.replaceAll("_", " ")}'s ID: ${LOOKS[subject.id.name]}.`;
    const take = (value: unknown) => readId(subject.id, value) ?? INVALID;
    return {
      ...scalarCode(subject.id.schema, take, () => sentence),
      subjects: [subject],
      findReferences(id, path, put, found) {
        if (typeof id === "string" || typeof id === "number") found.add(subject, id, path, put);
      },
      forTrail: scalarForTrail,
    };
  });
}

const LOOKS = {
  integer: "a whole number",
  uuid: "a UUID",
  pattern: "text in the format of such IDs",
  text: "text of at most 255 bytes without control characters",
} as const;
