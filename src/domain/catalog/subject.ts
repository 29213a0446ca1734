import type { Identity } from "../identity.ts";
import type { SubjectSource } from "../ports.ts";
import type { IdKind, SubjectId } from "./subject-id.ts";
import { guardSource, type ReadForeign } from "./subject-source.ts";

/** What every subject's record has. */
export interface SubjectRecord<Id extends SubjectId = SubjectId> {
  readonly id: Id;
}

/** The definition of a class of subjects. */
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
  readonly source: ReadForeign | null;
  title(record: R): string;
  visible(context: { readonly identity: Identity; readonly record: R }): boolean;
}

/** A class name: dotted words such as `northwind.Order`. */
const CLASS_NAME = /^[A-Za-z][A-Za-z0-9_]*(\.[A-Za-z][A-Za-z0-9_]*)*$/;
/** Collections of one store that hold what is no subject: answers, entries, grants. */
const RESERVED = /^(?:actionport|oauth)(?:\.|$)/;
const PARAM_NAME = /^[a-z][a-z0-9_]*$/;
const MADE_HERE = new WeakSet<object>();

/**
 * Declares a class of subjects. The record type is taken from the parameter of `title`. Throws a
 * TypeError for a name that is none.
 *
 *     const Order = defineSubject({
 *       class: "northwind.Order", param: "order", id: integerId(),
 *       title: (order: OrderRecord) => `Order #${order.id}`,
 *     });
 */
export function defineSubject<Id extends SubjectId, R extends SubjectRecord<Id>>(
  definition: SubjectDefinition<Id, R>,
): SubjectClass<R> {
  if (!CLASS_NAME.test(definition.class)) {
    throw new TypeError(`subject class "${definition.class}": the class must be dotted words such as "shop.Order"`);
  }
  if (RESERVED.test(definition.class)) {
    throw new TypeError(`subject class "${definition.class}": names that begin with actionport or oauth are taken; begin with the application's own name`);
  }
  if (!PARAM_NAME.test(definition.param)) {
    throw new TypeError(`subject class "${definition.class}": param "${definition.param}" must be snake_case such as "order"`);
  }
  const subject: SubjectClass<R> = Object.freeze({
    class: definition.class,
    param: definition.param,
    id: definition.id,
    fields: definition.fields ?? null,
    source: definition.source === undefined ? null : guardSource(definition.class, definition.id, definition.source),
    title: definition.title,
    visible: definition.visible ?? (() => true),
  });
  MADE_HERE.add(subject);
  return subject;
}

/** Was it made by {@link defineSubject}? */
export function isSubjectClass(value: unknown): value is SubjectClass {
  return typeof value === "object" && value !== null && MADE_HERE.has(value);
}

/** The record type of a subject class; undefined where there is no class. */
export type RecordOf<S> = S extends SubjectClass<infer R> ? R : undefined;
