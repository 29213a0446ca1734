import type { Identity } from "./identity.ts";
import type { SubjectSource } from "./ports.ts";
import type { IdKind, SubjectId } from "./subject-id.ts";

/** What every subject's record has. */
export interface SubjectRecord<Id extends SubjectId = SubjectId> {
  readonly id: Id;
}

/** What {@link defineSubject} takes. */
export interface SubjectDefinition<Id extends SubjectId, R extends SubjectRecord<Id>> {
  /** The class's name on the wire, unique in a catalog: `northwind.Order`. Also its collection in the store. */
  readonly class: string;
  /** The parameter that the ID in the URL is bound to: `order`. Snake case. */
  readonly param: string;
  /** What an ID of this class looks like. */
  readonly id: IdKind<Id>;
  /** One line that names a subject to a person: `Order #10248`. */
  readonly title: (record: R) => string;
  /** The fields a client may see, in this order. Default: all. `id` and `title` are always there. */
  readonly fields?: readonly Exclude<keyof R & string, "id">[];
  /** May this identity know that the subject exists? Default: everybody who may call the action. */
  readonly visible?: (context: { readonly identity: Identity; readonly record: R }) => boolean;
  /** Where the subjects live when that is not the store; they are then read-only here. */
  readonly source?: SubjectSource;
}

/** A class of subjects that actions act on. The record type is in its type. */
export interface SubjectClass<R extends SubjectRecord = SubjectRecord> {
  readonly class: string;
  readonly param: string;
  readonly id: IdKind;
  readonly fields: readonly string[] | null;
  readonly source: SubjectSource | null;
  title(record: R): string;
  visible(context: { readonly identity: Identity; readonly record: R }): boolean;
}

/** The record type of a subject class. */
export type RecordOf<S> = S extends SubjectClass<infer R> ? R : never;
