import { compileField } from "./field.ts";
import { maskItems } from "./mask.ts";
import { checkBounds, checkOptions, COUNT } from "./options.ts";
import { createParam, isParam, type Param } from "./param.ts";
import { INVALID, isFull, keepOpen, refuse, type Read } from "./parsing.ts";

/** Bounds of a list's length, both inclusive. Default: 0, and none but the size of the request. */
export interface ListBounds {
  readonly min?: number;
  readonly max?: number;
}

/** A list of one type: `list(object({ product: reference(Product) }), { max: 100 })`. */
export function list<T, In>(item: Param<T, "required", In>, bounds: ListBounds = {}): Param<readonly T[], "required", readonly In[]> {
  const given = { ...bounds };
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
      read: readList(code.read, min, max, code.subjects.length > 0),
      subjects: code.subjects,
      mask: code.mask === null ? null : maskItems(code.mask),
    };
  });
}

function readList(readItem: Read, min: number, max: number, waits: boolean): Read {
  const tooFew = `Must have at least ${count(min)}.`;
  const tooMany = `Must have at most ${count(max)}.`;
  return (value, parsing, depth) => {
    if (!Array.isArray(value)) return refuse(parsing, depth, "Must be a list.");
    let valid = value.length >= min && value.length <= max;
    if (!valid) refuse(parsing, depth, value.length < min ? tooFew : tooMany);
    const copy: unknown[] = [];
    if (waits) keepOpen(copy, parsing, depth);
    for (let index = 0; index < value.length && !isFull(parsing); index++) {
      parsing.path[depth] = index;
      const item = readItem(value[index], parsing, depth + 1);
      if (item === INVALID) valid = false;
      else copy.push(item);
    }
    if (!valid) return INVALID;
    return waits ? copy : Object.freeze(copy);
  };
}

function count(items: number): string {
  return items === 1 ? "1 item" : `${items} items`;
}
