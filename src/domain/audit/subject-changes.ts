import type { Catalog } from "../catalog/catalog.ts";
import type { SubjectClass } from "../catalog/subject.ts";
import { asRecord, present } from "../execution/result.ts";
import type { RecordedChange } from "../execution/unit/work-log.ts";
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
export type Show = (subject: SubjectClass, record: JsonObject) => JsonObject;

/** A subject that was changed. What is new of it has been shown already; what it was is shown to those who ask. */
export class ChangedSubject {
  readonly subject: SubjectClass;
  readonly #change: RecordedChange;
  readonly #after: JsonObject | undefined;

  constructor(subject: SubjectClass, change: RecordedChange, show: Show) {
    this.subject = subject;
    this.#change = change;
    this.#after = change.after === undefined ? undefined : show(subject, change.after);
  }

  isVisibleTo(identity: Identity): boolean {
    const record = this.#change.before ?? this.#change.after;
    return record !== undefined && this.subject.visible({ identity, record: asRecord(record) }) === true;
  }

  /** The change for readers. */
  toJson(): SubjectChange {
    const { before } = this.#change;
    const base = { class: this.subject.class, id: (this.#change.after ?? before)?.["id"] ?? this.#change.id };
    const after = this.#after;
    if (before === undefined) return { ...base, change: "create", ...(after === undefined ? {} : { after }) };
    const shownBefore = showFormer(this.subject, before);
    return after === undefined ? { ...base, change: "delete", before: shownBefore } : { ...base, change: "update", before: shownBefore, after };
  }
}

/** A title that cannot be made of what a subject was must not hide what happened to it. */
function showFormer(subject: SubjectClass, record: JsonObject): JsonObject {
  try {
    return present(subject, record);
  } catch {
    return present({ ...subject, title: ({ id }) => String(id) }, record);
  }
}

const NONE: readonly ChangedSubject[] = [];

/** The subjects among the changed records. */
export function changedSubjects(recorded: readonly RecordedChange[], catalog: Catalog, show: Show): readonly ChangedSubject[] {
  let changed: ChangedSubject[] | null = null;
  for (const change of recorded) {
    const subject = catalog.subject(change.collection);
    if (subject === null) continue;
    const one = new ChangedSubject(subject, change, show);
    if (changed === null) changed = [one];
    else changed.push(one);
  }
  return changed ?? NONE;
}
