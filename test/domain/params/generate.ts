import { boolean, date, dateTime, integer, list, money, number, object, oneOf, reference, text, type ListBounds, type MoneyBounds, type NumberBounds, type Param, type ParamShape } from "../../../src/domain/params/index.ts";
import type { AnyParam } from "../../../src/domain/params/param.ts";
import { integerId, patternId, textId, uuidId } from "../../../src/domain/catalog/subject-id.ts";
import { defineSubject } from "../../../src/domain/catalog/define-subject.ts";
import { seeded } from "../lab.ts";

/** Seeded chance, so that a failure can be had again. */
export interface Chance {
  /** From 0 up to but without 1. */
  next(): number;
  /** A whole number from `min` to `max`. */
  between(min: number, max: number): number;
  /** One of them; there must be one. */
  pick<T>(items: readonly T[]): T;
  /** True so often. */
  often(share: number): boolean;
}

export function createChance(seed: number): Chance {
  const next = seeded(seed);
  const between = (min: number, max: number): number => min + Math.floor(next() * (max - min + 1));
  const pick = <T>(items: readonly T[]): T => {
    const at = between(0, items.length - 1);
    const [found] = items.slice(at, at + 1).map((item) => ({ item }));
    if (found === undefined) throw new RangeError("nothing to pick from");
    return found.item;
  };
  return { next, between, often: (share) => next() < share, pick };
}

/** A parameter type, and values for it: mostly right or nearly so. */
interface Sample {
  readonly param: Param<unknown, "required", unknown>;
  readonly value: (chance: Chance) => unknown;
}

/** Stands for a field that is left out. */
const LEFT_OUT = Symbol("left out");

/** A shape and a source of inputs for it. */
export interface GeneratedShape {
  readonly shape: ParamShape;
  readonly input: (chance: Chance) => unknown;
}

const NAMES = ["a", "toString", "valueOf", "hasOwnProperty", "_x9", "Z", "quantity", "lines"] as const;
const STRANGERS = ["__proto__", "constructor", "prototype", "A", "0", "", "quantity ", "é"] as const;

export function generateShape(chance: Chance, depth = 2): GeneratedShape {
  const fields = new Map<string, { readonly param: AnyParam; readonly value: (chance: Chance) => unknown }>();
  for (let count = chance.between(0, 4); count > 0; count--) fields.set(chance.pick(NAMES), generateField(chance, depth));
  return {
    shape: Object.fromEntries([...fields].map(([name, field]) => [name, field.param])),
    input(values) {
      if (values.often(0.02)) return values.pick(JUNK);
      const entries = [...fields].map(([name, field]): [string, unknown] => [name, field.value(values)]);
      if (values.often(0.04)) entries.push([values.pick(STRANGERS), values.pick(JUNK)]);
      return Object.fromEntries(entries.filter(([, value]) => value !== LEFT_OUT));
    },
  };
}

function generateField(chance: Chance, depth: number): { readonly param: AnyParam; readonly value: (chance: Chance) => unknown } {
  const { param, value } = generateSample(chance, depth);
  const optional = chance.often(0.3);
  const described = chance.often(0.2) ? param.describe("Some words.") : param;
  const masked = chance.often(0.1) ? described.secret() : described;
  return {
    param: optional ? masked.optional() : masked,
    value: (values) => (values.often(optional ? 0.3 : 0.03) ? LEFT_OUT : value(values)),
  };
}

function generateSample(chance: Chance, depth: number): Sample {
  const make = chance.pick(depth > 0 ? ALL_KINDS : FLAT_KINDS);
  const made = make(chance, depth - 1);
  const nullable = chance.often(0.2);
  return {
    param: nullable ? made.param.nullable() : made.param,
    value(values) {
      if (values.often(nullable ? 0.15 : 0.01)) return null;
      return values.often(0.06) ? values.pick(JUNK) : made.value(values);
    },
  };
}

type Kind = (chance: Chance, depth: number) => Sample;

const CHARACTERS = ["a", "Z", "0", "9", " ", "é", "\n", "\u0000", "\u007f", "\u0085", "\u2028", "\ufeff", "\uffff", "😀", "𐀀", "\u{10ffff}", "\ud83d", "\ude00", "-", "."] as const;
const WELL_FORMED = ["a", "b", "Z", "0", "-", " ", "é", "\n", "😀", "\u{10ffff}"] as const;

function someText(values: Chance, maxLength: number): string {
  const characters = values.often(0.25) ? CHARACTERS : WELL_FORMED;
  return Array.from({ length: values.between(0, maxLength) }, () => values.pick(characters)).join("");
}

const PATTERNS = [/^.$/, /^[^a]*$/, /\S/, /^\W+$/u, /^[\s\S]{2}$/, /^(?!.*a).*$/, /\B/, /^[a-zé]+$/, /(.)\1/, /^(?:\D|0){1,3}$/, /[^\s]$/, /\B(?!.)/, /^(?=.*\d)[^ ]+$/] as const;

const textKind: Kind = (chance) => {
  const min = chance.often(0.5) ? chance.between(0, 3) : undefined;
  const max = chance.often(0.5) ? chance.between(3, 6) : undefined;
  const pattern = chance.often(0.4) ? chance.pick(PATTERNS) : undefined;
  return {
    param: text({ ...(min === undefined ? {} : { min }), ...(max === undefined ? {} : { max }), ...(pattern === undefined ? {} : { pattern }) }),
    value: (values) => someText(values, values.often(0.1) ? 14 : 7),
  };
};

const EDGES = [0, -0, 1, -1, 0.5, 2 ** 53 - 1, 2 ** 53, -(2 ** 53) + 1, -(2 ** 53), 2 ** 53 + 2, 1e21, 1e-7, 5e-324, Number.MAX_VALUE, -Number.MAX_VALUE, Infinity, -Infinity, 0.1 + 0.2] as const;

const integerKind: Kind = (chance) => {
  const bounds = chance.pick<NumberBounds>([{}, { min: 1 }, { max: -1 }, { min: -3, max: 3 }, { min: 0, max: 0 }, { min: 2 ** 53 - 2 }]);
  return { param: integer(bounds), value: (values) => (values.often(0.3) ? values.pick(EDGES) : values.between(-5, 5)) };
};

const numberKind: Kind = (chance) => {
  const bounds = chance.pick<NumberBounds>([{}, { min: 0, max: 1 }, { min: -0.5 }, { max: 1e21 }, { min: 5e-324 }]);
  return { param: number(bounds), value: (values) => (values.often(0.4) ? values.pick(EDGES) : values.between(-8, 8) / 4) };
};

const AMOUNTS = [
  "0", "-0", "-0.0", "-0.00", "0.00", "00", "01", "1.", ".5", "1.005", "1,00", "+1", "1e2", "1.0", "1.00", "1.000", " 1", "1\n", "", "-", "9999999999999.99", "10000000000000",
  "-9999999999999.99", "-10000000000000.00", "99999999999999999999999", 9999999999999.99, 9999999999999.98, 1e13, 10000000000000.01, -9999999999999.99, 1.005, 4.35, 1.1, 0.07, 0.1 + 0.2, 1e-7, 1e22,
] as const;

const moneyKind: Kind = (chance) => {
  const cents = [chance.between(-250, 250), chance.between(-250, 250)].sort((a, b) => a - b);
  const [min = 0, max = 0] = cents.map((bound) => bound / 100);
  const bounds = chance.pick<MoneyBounds>([{}, { min: 0 }, { min: "0.01" }, { max: -0.01 }, { min, max }]);
  return {
    param: money(bounds),
    value(values) {
      if (values.often(0.15)) return values.pick(AMOUNTS);
      if (values.often(0.15)) return values.pick(EDGES);
      const amount = values.between(-300, 300) / 100;
      return values.pick([amount, String(amount), amount.toFixed(2), amount.toFixed(1), amount.toFixed(3), amount / 10]);
    },
  };
};

const two = (value: number): string => String(value).padStart(2, "0");

function someDate(values: Chance): string {
  const year = values.pick(["0000", "0004", "0100", "1900", "1999", "2000", "2023", "2024", "2026", "2100", "9999", "999", "10000"]);
  return `${year}-${values.pick(["02", two(values.between(0, 13))])}-${values.often(0.5) ? two(values.between(27, 32)) : two(values.between(0, 28))}`;
}

function someMoment(values: Chance): string {
  const time = `${two(values.between(0, 24))}:${two(values.between(0, 60))}:${two(values.between(0, 60))}`;
  const fraction = values.pick(["", "", ".5", ".123456789", ".1234567890", ".", ",5"]);
  return `${someDate(values)}${values.pick(["T", "T", "t", " ", ""])}${time}${fraction}${values.pick(["Z", "z", "+02:00", "-23:59", "-00:00", "+24:00", "+0200", "", "+02"])}`;
}

const dateKind: Kind = () => ({ param: date(), value: (values) => (values.often(0.05) ? someMoment(values) : someDate(values)) });
const momentKind: Kind = () => ({
  param: dateTime(),
  value: (values) => (values.often(0.5) ? `2024-02-29T10:00:0${values.between(0, 9)}${values.pick(["Z", ".25Z", "+01:30", "\n", "Z\n"])}` : someMoment(values)),
});
const booleanKind: Kind = () => ({ param: boolean(), value: (values) => values.pick([true, false, 0, "true"]) });
const choiceKind: Kind = () => ({ param: oneOf(["air", "sea", "", "😀"]), value: (values) => values.pick(["air", "sea", "", "😀", "Air", "air ", "\ud83d"]) });

const SUBJECTS = {
  integer: defineSubject({ class: "test.Order", param: "order", id: integerId(), title: (record: { readonly id: number }) => `#${record.id}` }),
  bounded: defineSubject({ class: "test.Line", param: "line", id: integerId({ min: 1, max: 1042 }), title: (record: { readonly id: number }) => `#${record.id}` }),
  uuid: defineSubject({ class: "test.Shipment", param: "shipment", id: uuidId(), title: (record: { readonly id: string }) => record.id }),
  pattern: defineSubject({ class: "test.Customer", param: "customer", id: patternId(/[A-Z]{2}|[^a]/), title: (record: { readonly id: string }) => record.id }),
  text: defineSubject({ class: "test.File", param: "file", id: textId(), title: (record: { readonly id: string }) => record.id }),
};

const IDS = [
  42, -42, 0, -0, 1042, 1043, 4.5, 2 ** 53, 2 ** 53 - 1, "42", "042", "4e1", "42.0", "-0", "+42", "-42", "0", "00", "1042", "1043", "9007199254740991", "9007199254740992",
  "9007199254740993", "-9007199254740991", "-9007199254740992", "10000000000000000", " 42", "42\n", "", "AB", "ABC", "😀", "😀😀", "a", "\n", "\u0085", "\ud83d",
  "3F2504E0-4F89-41D3-9A0C-0305E82C3301", "3f2504e0-4f89-41d3-9a0c-0305e82c3301", "3f2504e0-4f89-41d3-9a0c-0305e82c330", "{3f2504e0-4f89-41d3-9a0c-0305e82c3301}", "x".repeat(255), "x".repeat(256),
] as const;

const referenceKind: Kind = (chance) => ({
  param: chance.pick([reference(SUBJECTS.integer), reference(SUBJECTS.bounded), reference(SUBJECTS.uuid), reference(SUBJECTS.pattern), reference(SUBJECTS.text)]),
  value: (values) => values.pick(IDS),
});

const listKind: Kind = (chance, depth) => {
  const item = generateSample(chance, depth);
  const bounds = chance.pick<ListBounds>([{}, { min: 1 }, { max: 2 }, { min: 2, max: 2 }]);
  return { param: list(item.param, bounds), value: (values) => Array.from({ length: values.between(0, 3) }, () => item.value(values)) };
};

const objectKind: Kind = (chance, depth) => {
  const { shape, input } = generateShape(chance, depth);
  return { param: object(shape), value: input };
};

const FLAT_KINDS: readonly Kind[] = [textKind, integerKind, numberKind, moneyKind, dateKind, momentKind, booleanKind, choiceKind, referenceKind];
const ALL_KINDS: readonly Kind[] = [...FLAT_KINDS, listKind, objectKind];

/** What no type takes, or only by chance. */
const JUNK: readonly unknown[] = [null, true, 0, -0, 1e400, "", "\ud800", "0", [], {}, [null], { a: 1 }, { __proto__: null }, JSON.parse('{"__proto__":{"a":1}}'), 2 ** 53];
