import type { Catalog } from "../catalog/catalog.ts";
import type { SubjectClass } from "../catalog/subject.ts";
import { asRecord, present } from "../execution/answer/result.ts";
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

/** What shows a record as clients see it. */
export interface Shows {
  show(subject: SubjectClass, record: JsonObject): JsonObject;
}

/** Shows each record again. */
export const SHOWS_ANEW: Shows = { show: present };

/**
 * A subject that was changed, and those that were changed with it: a list without an array, since nearly every one has one
 * item and is kept as long as its entry. It keeps the records, which others keep too, and shows them to those who ask.
 */
export class ChangedSubject {
  readonly subject: SubjectClass;
  readonly next: ChangedSubject | null;
  readonly #id: string;
  readonly #before: JsonObject | undefined;
  readonly #after: JsonObject | undefined;

  constructor(subject: SubjectClass, { id, before, after }: RecordedChange, next: ChangedSubject | null) {
    this.subject = subject;
    this.next = next;
    this.#id = id;
    this.#before = before;
    this.#after = after;
  }

  isVisibleTo(identity: Identity): boolean {
    const record = this.#before ?? this.#after;
    return record !== undefined && this.subject.visible({ identity, record: asRecord(record) }) === true;
  }

  /** The change for readers. */
  toJson(): SubjectChange {
    const base = { class: this.subject.class, id: (this.#after ?? this.#before)?.["id"] ?? this.#id };
    const shownBefore = this.#before === undefined ? undefined : showFormer(this.subject, this.#before);
    const shownAfter = this.#after === undefined ? undefined : showFormer(this.subject, this.#after);
    if (shownBefore === undefined) return { ...base, change: "create", ...(shownAfter === undefined ? {} : { after: shownAfter }) };
    return shownAfter === undefined ? { ...base, change: "delete", before: shownBefore } : { ...base, change: "update", before: shownBefore, after: shownAfter };
  }
}

/** A title that cannot be made any more must not hide what happened to a subject. */
function showFormer(subject: SubjectClass, record: JsonObject): JsonObject {
  try {
    return present(subject, record);
  } catch {
    return present({ ...subject, title: ({ id }) => String(id) }, record);
  }
}

/** The subjects among the changed records. What is new of them must be such that it can be shown: a title that throws comes out here. */
export function changedSubjects(recorded: readonly RecordedChange[], catalog: Catalog, by: Shows): ChangedSubject | null {
  let first: ChangedSubject | null = null;
  for (let at = recorded.length - 1; at >= 0; at--) {
    const change = recorded[at];
    const subject = change === undefined ? null : catalog.subject(change.collection);
    if (change === undefined || subject === null) continue;
    if (change.after !== undefined) by.show(subject, change.after);
    first = new ChangedSubject(subject, change, first);
  }
  return first;
}

/** The changes for readers: of all, or of those that this identity may see. */
export function showChanges(first: ChangedSubject | null, identity?: Identity): SubjectChange[] {
  const shown: SubjectChange[] = [];
  for (let change = first; change !== null; change = change.next) if (identity === undefined || change.isVisibleTo(identity)) shown.push(change.toJson());
  return shown;
}
