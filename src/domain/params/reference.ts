import { readId } from "../catalog/subject-id.ts";
import { isSubjectClass, type SubjectClass, type SubjectRecord } from "../catalog/subject.ts";
import { createParam, type Param } from "./param.ts";
import { closeAll, pathAt, refuse, type Parsing, type PendingReference } from "./parsing.ts";

/**
 * Another subject, named by its ID: the caller sends the ID, the handler gets the record. Parsing
 * only collects it; whoever executes the action reads all of one class at once.
 */
export function reference<R extends SubjectRecord>(subject: SubjectClass<R>): Param<R, "required", R["id"] | string> {
  return createParam((name) => {
    if (!isSubjectClass(subject)) {
      throw new TypeError(`parameter "${name}": reference() takes what defineSubject() made (is the import circular?)`);
    }
    const sentence = `Must be the ${subject.param.replaceAll("_", " ")}'s ID: ${LOOKS[subject.id.name]}.`;
    return {
      schema: subject.id.schema,
      read(value, parsing, depth) {
        const id = readId(subject.id, value);
        if (id === undefined) return refuse(parsing, depth, sentence);
        parsing.references.push(awaitRecord(subject, id, parsing, depth));
        return null;
      },
      subjects: [subject],
      mask: null,
    };
  });
}

const LOOKS = {
  integer: "a whole number",
  uuid: "a UUID",
  pattern: "text in the format of such IDs",
  text: "text of at most 255 bytes without control characters",
} as const;

/** The holder keeps null in the place until the record comes. */
function awaitRecord(subject: SubjectClass, id: string | number, parsing: Parsing, depth: number): PendingReference {
  const holder = parsing.holders[depth - 1];
  const key = parsing.path[depth - 1];
  if (holder === undefined || key === undefined) throw new TypeError("a reference stands in no object and no list");
  let pending = true;
  parsing.unresolved++;
  return {
    subject,
    id,
    path: pathAt(parsing, depth),
    resolve(record) {
      if (!pending) return;
      pending = false;
      Object.defineProperty(holder, key, { value: record, enumerable: true, configurable: true, writable: true });
      parsing.unresolved--;
      if (parsing.unresolved === 0) closeAll(parsing);
    },
  };
}
