import { requireMethods, requireOptions, type Names } from "../check-option.ts";
import type { Identity } from "../identity.ts";
import { isPromiseLike } from "../maybe-promise.ts";
import type { SubjectSource } from "../ports.ts";
import { compileFields, type FieldName, type FieldsOf, type FieldTypes, type PublicOf } from "./subject-fields.ts";
import type { IdKind, SubjectId } from "./subject-id.ts";
import { guardList, guardSource, type SubjectList } from "./subject-source.ts";
import { noteSubjectClass, type SubjectClass, type SubjectRecord } from "./subject.ts";

/** The definition of a class of subjects. */
export interface SubjectDefinition<Id extends SubjectId, R extends SubjectRecord<Id>, F extends FieldTypes = FieldTypes, N extends FieldName<R> = FieldName<R>> {
  /** The class's name on the wire, unique in a catalog: `northwind.Order`. Also its collection in the store. */
  readonly class: string;
  /** For people: `Order`. Default: the last word of the class. */
  readonly label?: string;
  /** The parameter that the ID in the URL is bound to: `order`. Snake case. */
  readonly param: string;
  /** What an ID of this class looks like. */
  readonly id: IdKind<Id>;
  /** One line that names a subject to a person: `Order #10248`. An arrow function: beside `fields`, TypeScript 5.9 infers nothing from a method. */
  readonly title: (record: R) => string;
  /**
   * The fields a client may see, in this order: their names, or for each its type, `{ name: text(), count: integer() }`, which is published as its JSON Schema
   * and checks nothing. Default: all. `id` and `title` are always there.
   */
  readonly fields?: FieldsOf<R, F, N>;
  /** May this identity know that the subject exists? Default: everybody who may call the action. */
  readonly visible?: (context: { readonly identity: Identity; readonly record: R }) => boolean;
  /**
   * May this identity look subjects of this class up: list them, get one, and be told what could be done with it? What `visible` hides stays hidden.
   * Default: nobody may, and the class is as if it did not exist.
   */
  readonly read?: (context: { readonly identity: Identity }) => boolean;
  /** Where the subjects live when that is not the store; they are then read-only here. */
  readonly source?: SubjectSource<NoInfer<R>>;
  /** Lists the subjects of the `source`. Default: there is no list of them. */
  readonly list?: SubjectList<R>;
}

const OPTIONS: Names<SubjectDefinition<SubjectId, SubjectRecord>> = { class: true, label: true, param: true, id: true, title: true, fields: true, visible: true, read: true, source: true, list: true };

/** A class name: dotted words such as `northwind.Order`. */
const CLASS_NAME = /^[A-Za-z][A-Za-z0-9_]*(\.[A-Za-z][A-Za-z0-9_]*)*$/;
/** Collections of one store that hold what is no subject: answers, entries, grants. */
const RESERVED = /^(?:actionport|oauth)(?:\.|$)/;
const PARAM_NAME = /^[a-z][a-z0-9_]*$/;

/**
 * Declares a class of subjects. The record type is taken from the parameter of `title`. Throws a
 * TypeError for a malformed name.
 *
 *     const Order = defineSubject({
 *       class: "northwind.Order", param: "order", id: integerId(),
 *       title: (order: OrderRecord) => `Order #${order.id}`,
 *     });
 */
export function defineSubject<Id extends SubjectId, R extends SubjectRecord<Id>, const F extends FieldTypes = Record<never, never>, const N extends FieldName<R> = FieldName<R>>(
  definition: SubjectDefinition<Id, R, F, N>,
): SubjectClass<R, PublicOf<F, N>> {
  checkNames(definition);
  const { class: name, source, list, read = null } = definition;
  requireOptions(`subject class "${name}"`, definition, OPTIONS);
  checkId(name, definition.id);
  checkFunctions(definition);
  if (list !== undefined && source === undefined) throw new TypeError(`subject class "${name}": list is for subjects with a source; those in the store are listed by themselves`);
  if (list !== undefined && typeof list !== "function") throw new TypeError(`subject class "${name}": list must be a function: ({ after, limit }) => records`);
  if (read !== null && typeof read !== "function") throw new TypeError(`subject class "${name}": read must be a function that answers a boolean: ({ identity }) => identity.can("…")`);
  return noteSubjectClass(
    Object.freeze({
      class: name,
      label: definition.label ?? name.slice(name.lastIndexOf(".") + 1),
      param: definition.param,
      id: definition.id,
      ...compileFields(name, definition.fields),
      source: source === undefined ? null : guardSource(name, definition.id, source),
      list: list === undefined ? null : guardList(name, definition.id, list),
      read,
      title: definition.title,
      visible: definition.visible === undefined ? () => true : guardVisible(name, definition.visible),
    }),
  );
}

function checkFunctions({ class: name, title, visible = title, source = title }: { readonly class: string; readonly title: unknown; readonly visible?: unknown; readonly source?: unknown }): void {
  if (typeof title !== "function") throw new TypeError(`subject class "${name}": title is missing; say what people call one: title: (record) => \`… #\${record.id}\``);
  if (typeof visible !== "function") throw new TypeError(`subject class "${name}": visible must be a function that answers a boolean: ({ identity, record }) => …`);
  if (typeof source !== "function") throw new TypeError(`subject class "${name}": source must be a function: (ids) => records`);
}

/** A promise would hide every record without a word. */
function guardVisible<C>(name: string, visible: (context: C) => boolean): (context: C) => boolean {
  return (context) => {
    const answer: unknown = visible(context);
    if (isPromiseLike(answer)) throw new TypeError(`subject class "${name}": visible() must answer true or false at once, not a promise`);
    return answer === true;
  };
}

function checkId(name: string, id: unknown): void {
  requireMethods(`subject class "${name}": id`, id, ["parse"], "give integerId(), uuidId(), textId() or patternId(/…/)");
}

function checkNames({ class: name, label, param }: { readonly class: string; readonly label?: string | undefined; readonly param: string }): void {
  if (typeof name !== "string" || !CLASS_NAME.test(name)) throw new TypeError(`subject class "${name}": the class must be dotted words such as "shop.Order"`);
  if (RESERVED.test(name)) throw new TypeError(`subject class "${name}": names that begin with actionport or oauth are taken; begin with the application's own name`);
  if (typeof param !== "string" || !PARAM_NAME.test(param)) throw new TypeError(`subject class "${name}": param "${param}" must be snake_case such as "order"`);
  if (label !== undefined && (typeof label !== "string" || label === "")) throw new TypeError(`subject class "${name}": label must be a text for people such as "Order"`);
}
