import type { Catalog } from "../catalog/catalog.ts";
import type { SubjectClass } from "../catalog/subject.ts";
import { asRecord } from "../execution/result.ts";
import type { RecordedChange } from "../execution/work-log.ts";
import type { Identity } from "../identity.ts";
import type { Json, JsonObject } from "../json.ts";

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

/** Shows a record as clients see it. */
type Show = (subject: SubjectClass, record: JsonObject) => JsonObject;

/** The subjects among the changed records; with an identity, only those that it may see. */
export function subjectChanges(recorded: readonly RecordedChange[], catalog: Catalog, show: Show, identity?: Identity): readonly SubjectChange[] {
  if (recorded.length === 0) return NONE;
  const changes: SubjectChange[] = [];
  for (const change of recorded) {
    const subject = catalog.subject(change.collection);
    if (subject !== null && (identity === undefined || maySee(subject, change, identity))) changes.push(describe(subject, change, show));
  }
  return changes;
}

const NONE: readonly SubjectChange[] = [];

function maySee(subject: SubjectClass, { before, after }: RecordedChange, identity: Identity): boolean {
  const record = before ?? after;
  return record !== undefined && subject.visible({ identity, record: asRecord(record) }) === true;
}

/** The state after comes first: it is the one that has mostly been shown a moment ago. */
function describe(subject: SubjectClass, { id, before, after }: RecordedChange, show: Show): SubjectChange {
  const shownId = (after ?? before)?.["id"] ?? id;
  const shownAfter = after === undefined ? undefined : show(subject, after);
  const shownBefore = before === undefined ? undefined : show(subject, before);
  if (shownBefore === undefined) return { class: subject.class, id: shownId, change: "create", ...(shownAfter === undefined ? {} : { after: shownAfter }) };
  if (shownAfter === undefined) return { class: subject.class, id: shownId, change: "delete", before: shownBefore };
  return { class: subject.class, id: shownId, change: "update", before: shownBefore, after: shownAfter };
}
