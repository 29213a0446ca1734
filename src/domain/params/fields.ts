import { isObject } from "../json.ts";
import type { FieldCode } from "./field.ts";
import { pathUnder, shorten, type Faults } from "./faults.ts";
import { INVALID, type Explain } from "./param-code.ts";
import type { FindReferences } from "./pending-references.ts";

/** So many of the declared names are told to whoever sent another. */
const MAX_TOLD_NAMES = 12;

/** A field of an object. */
export interface Field extends FieldCode {
  readonly name: string;
}

type Members = Readonly<Record<string, unknown>>;

/** Each field's faults, and then the fields that are not declared. */
export function explainFields(fields: readonly Field[]): Explain {
  const names = new Set(fields.map((field) => field.name));
  return (value, path, faults) => {
    if (!isObject(value)) return faults.report(path, "Must be an object.");
    for (const { name, take, explain, required } of fields) {
      const member = Object.prototype.propertyIsEnumerable.call(value, name) ? value[name] : undefined;
      if (member === undefined) {
        if (required) faults.report(pathUnder(path, name), "Is required.");
      } else if (take(member) === INVALID) explain(member, pathUnder(path, name), faults);
    }
    explainUnknown(value, names, path, faults);
  };
}

/** Reports every field that is not among the names. */
export function explainUnknown(value: Members, names: ReadonlySet<string>, path: string, faults: Faults): void {
  const told = [...names].slice(0, MAX_TOLD_NAMES).join(", ");
  const more = names.size > MAX_TOLD_NAMES ? ", …" : "";
  const remedy = names.size === 0 ? "Leave it out: no fields are taken here." : `Leave it out, or use one of: ${told}${more}.`;
  for (const name of Object.keys(value)) {
    if (faults.isFull) return;
    if (!names.has(name)) faults.report(pathUnder(path, shorten(name)), `Is not a known field. ${remedy}`);
  }
}

/** Looks only into the fields that can hold references; null when there are none. */
export function findInFields(fields: readonly Field[]): FindReferences | null {
  const waiting = fields.filter((field) => field.findReferences !== null);
  if (waiting.length === 0) return null;
  return (taken, path, _put, found) => {
    if (!isObject(taken)) return;
    found.freezeLater(taken);
    for (const { name, findReferences } of waiting) {
      if (!Object.hasOwn(taken, name)) continue;
      findReferences?.(taken[name], pathUnder(path, name), (record) => void Reflect.set(taken, name, record), found);
    }
  };
}
