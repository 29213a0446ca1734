import type { SubjectClass } from "../catalog/subject.ts";
import { report, type Asking, type Calling, type ExecutionPorts } from "../execution/execution-ports.ts";
import type { Identity } from "../identity.ts";
import type { JsonObject } from "../json.ts";
import { asRecord } from "../execution/answer/result.ts";

/** What tells who may read. */
export type ReadingRights = Pick<ExecutionPorts, "catalog" | "observe">;

/** The class of this name if the identity may read it; null just as for a class that there is not. */
export function findReadable(ports: ReadingRights, identity: Identity, { key, ...asking }: Calling): SubjectClass | null {
  const subject = ports.catalog.subject(key);
  return subject !== null && mayRead(ports, identity, subject, asking) ? subject : null;
}

/** May this identity read the class? A `read` that throws or answers no boolean gives no right, and is told of. */
export function mayRead(ports: ReadingRights, identity: Identity, { class: name, read }: SubjectClass, asking: Asking): boolean {
  if (read === null) return false;
  try {
    const answer: unknown = read({ identity });
    if (typeof answer === "boolean") return answer;
    throw new TypeError(`subject class "${name}": read() answered ${typeof answer}, not a boolean`);
  } catch (error) {
    report(ports, { ...asking, key: name }, "internal_error", error);
    return false;
  }
}

/** May this identity know of the record? */
export function isVisible(subject: SubjectClass, identity: Identity, value: JsonObject): boolean {
  return subject.visible({ identity, record: asRecord(value) }) === true;
}
