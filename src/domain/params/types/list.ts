import { compileField } from "../field.ts";
import { pathUnder } from "../faults.ts";
import { itemsForTrail } from "../for-trail.ts";
import { maskItems } from "../mask.ts";
import { checkBounds, checkOptions, copyOptions, COUNT } from "../options.ts";
import { createParam, isParam, type Param } from "../param.ts";
import { INVALID, type Explain, type ParamCode, type Take } from "../param-code.ts";
import type { FindReferences } from "../pending-references.ts";

/** Bounds of a list's length, both inclusive. Default: 0, and none but the size of the request. */
export interface ListBounds {
  readonly min?: number;
  readonly max?: number;
}

/** A list of one type: `list(object({ product: reference(Product) }), { max: 100 })`. */
export function list<T, In>(item: Param<T, "required", In>, bounds: ListBounds = {}): Param<readonly T[], "required", readonly In[]> {
  const given = copyOptions(bounds);
  return createParam((name) => {
    if (!isParam(item)) throw new TypeError(`parameter "${name}": list() takes a parameter type such as text(), and then its bounds`);
    if (item.rules.presence !== "required") {
      throw new TypeError(`parameter "${name}": an item of list() cannot be left out; drop its optional() or default()`);
    }
    checkOptions(name, "list", given, ["min", "max"]);
    const { min = 0, max = Number.MAX_SAFE_INTEGER } = given;
    checkBounds(name, "list", { min, max }, COUNT);
    const code = compileField(item, `${name}.0`);
    return {
      schema: {
        type: "array",
        items: code.schema,
        ...(min > 0 ? { minItems: min } : {}),
        ...(max < Number.MAX_SAFE_INTEGER ? { maxItems: max } : {}),
      },
      take: takeItems(code, min, max),
      explain: explainItems(code, min, max),
      subjects: code.subjects,
      findReferences: code.findReferences === null ? null : findInItems(code.findReferences),
      mask: code.mask === null ? null : maskItems(code.mask),
      forTrail: code.forTrail === null ? null : itemsForTrail(code.forTrail),
    };
  });
}

function takeItems({ take, findReferences }: ParamCode, min: number, max: number): Take {
  const waits = findReferences !== null;
  return (value) => {
    if (!Array.isArray(value) || value.length < min || value.length > max) return INVALID;
    const copy = new Array<unknown>(value.length);
    for (let index = 0; index < copy.length; index++) {
      const item = take(value[index]);
      if (item === INVALID) return INVALID;
      copy[index] = item;
    }
    return waits ? copy : Object.freeze(copy);
  };
}

function explainItems({ take, explain }: ParamCode, min: number, max: number): Explain {
  const tooFew = `Must have at least ${count(min)}.`;
  const tooMany = `Must have at most ${count(max)}.`;
  return (value, path, faults) => {
    if (!Array.isArray(value)) return faults.report(path, "Must be a list.");
    if (value.length < min) faults.report(path, tooFew);
    if (value.length > max) faults.report(path, tooMany);
    for (let index = 0; index < value.length && !faults.isFull; index++) {
      if (take(value[index]) === INVALID) explain(value[index], pathUnder(path, index), faults);
    }
  };
}

function findInItems(findReferences: FindReferences): FindReferences {
  return (taken, path, _put, found) => {
    if (!Array.isArray(taken)) return;
    found.freezeLater(taken);
    for (const [index, item] of taken.entries()) findReferences(item, pathUnder(path, index), (record) => void (taken[index] = record), found);
  };
}

function count(items: number): string {
  return items === 1 ? "1 item" : `${items} items`;
}
