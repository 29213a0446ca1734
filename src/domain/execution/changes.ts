import type { Catalog } from "../catalog/catalog.ts";
import type { Identity } from "../identity.ts";
import type { Json, JsonObject } from "../json.ts";
import { asRecord, present } from "./result.ts";
import type { SubjectClass } from "../catalog/subject.ts";
import type { RecordedChange } from "./unit-of-work.ts";

/** What an execution changed (or, in a preview, would change) of one subject: the public fields before and after. */
export type SubjectChange = {
  readonly class: string;
  readonly id: Json;
  readonly change: "create" | "update" | "delete";
  /** Absent when it is created. */
  readonly before?: JsonObject;
  /** Absent when it is deleted. */
  readonly after?: JsonObject;
};

/** The changed subjects of a unit of work; with an identity, only those that it may see. */
export function subjectChanges(unit: { recorded(): Iterable<RecordedChange> }, catalog: Catalog, identity?: Identity): readonly SubjectChange[] {
  const changes: SubjectChange[] = [];
  for (const change of unit.recorded()) {
    const subject = catalog.subject(change.collection);
    if (subject !== null && (identity === undefined || maySee(subject, change, identity))) changes.push(describe(subject, change));
  }
  return Object.freeze(changes);
}

function maySee(subject: SubjectClass, { before, after }: RecordedChange, identity: Identity): boolean {
  const record = before ?? after;
  return record !== undefined && subject.visible({ identity, record: asRecord(record) }) === true;
}

function describe(subject: SubjectClass, { id, before, after }: RecordedChange): SubjectChange {
  return Object.freeze({
    class: subject.class,
    id: (after ?? before)?.["id"] ?? id,
    change: before === undefined ? "create" : after === undefined ? "delete" : "update",
    ...(before === undefined ? {} : { before: present(subject, before) }),
    ...(after === undefined ? {} : { after: present(subject, after) }),
  });
}
