import assert from "node:assert/strict";
import { test } from "node:test";
import { boolean, compileParams, date, dateTime, fromCents, integer, list, money, number, object, oneOf, text, toCents } from "../../../src/domain/params/index.ts";
import type { AnyParam } from "../../../src/domain/params/param.ts";
import { integerRangePattern } from "../../../src/domain/params/characters/digit-range.ts";
import { toPortablePattern } from "../../../src/domain/params/characters/portable-pattern.ts";
import { createChance } from "./generate.ts";
import { admits } from "./schema-checker.ts";

/** What a parameter `p` makes of an input: its value, or its sentences by path. */
function read(param: AnyParam, input: unknown): unknown {
  const parsed = compileParams({ p: param }).parse({ p: input });
  return parsed.ok ? parsed.value.p : parsed.errors;
}

/** Each row: a parameter type, an input, and the value it comes to. */
type Accepted = readonly [param: AnyParam, input: unknown, value: unknown];
/** Each row: a parameter type, an input, and the sentences it is refused with. */
type Refused = readonly [param: AnyParam, input: unknown, ...sentences: string[]];

function accepts(title: string, rows: readonly Accepted[]): void {
  test(title, () => {
    for (const [param, input, value] of rows) assert.deepEqual(read(param, input), value, JSON.stringify(input));
  });
}

function refuses(title: string, rows: readonly Refused[]): void {
  test(title, () => {
    for (const [param, input, ...sentences] of rows) assert.deepEqual(read(param, input), { p: sentences }, JSON.stringify(input));
  });
}

const ILL_FORMED = "Must be well-formed Unicode: half of a surrogate pair stands alone in it.";

accepts("text is taken as it is and measured in code points", [
  [text(), "", ""],
  [text(), " \u0000é\n ", " \u0000é\n "],
  [text({ min: 2, max: 2 }), "😀😀", "😀😀"],
  [text({ max: 3 }), "e\u0301x", "e\u0301x"],
  [text({ pattern: /^[A-Z]{2}$/ }), "AB", "AB"],
  [text({ pattern: /b/u }), "abc", "abc"],
  [text({ pattern: /^.$/ }), "😀", "😀"],
]);

refuses("text says what is wrong with it, and everything that is", [
  [text(), 5, "Must be text."],
  [text(), null, "Must be text."],
  [text(), ["a"], "Must be text."],
  [text(), "\ud83d", ILL_FORMED],
  [text(), "a\ude00b", ILL_FORMED],
  [text({ min: 1 }), "", "Must not be empty."],
  [text({ min: 2 }), "😀", "Must have at least 2 characters."],
  [text({ max: 1 }), "ab", "Must have at most 1 character."],
  [text({ max: 2 }), "😀😀😀", "Must have at most 2 characters."],
  [text({ max: 500 }), "x".repeat(1_000_000), "Must have at most 500 characters."],
  [text({ pattern: /^[A-Z]{5}$/ }), "abc", "Must match the pattern ^[A-Z]{5}$."],
  [text({ pattern: /^[A-Z]{5}$/, hint: "Must be five capital letters." }), "abc", "Must be five capital letters."],
  [text({ min: 4, pattern: /^[A-Z]*$/ }), "abc", "Must have at least 4 characters.", "Must match the pattern ^[A-Z]*$."],
]);

accepts("an integer is exact, and -0 is 0", [
  [integer(), 42, 42],
  [integer(), -0, 0],
  [integer(), 1.0, 1],
  [integer(), Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER],
  [integer(), Number.MIN_SAFE_INTEGER, Number.MIN_SAFE_INTEGER],
  [integer({ min: 1, max: 3 }), 3, 3],
]);

refuses("an integer is neither a fraction, nor a text, nor beyond 2^53-1", [
  [integer(), 1.5, "Must be a whole number."],
  [integer(), "1", "Must be a whole number."],
  [integer(), true, "Must be a whole number."],
  [integer(), Number.NaN, "Must be a whole number."],
  [integer(), 2 ** 53, "Must be at most 9007199254740991."],
  [integer(), -(2 ** 53), "Must be at least -9007199254740991."],
  [integer(), 1e400, "Must be at most 9007199254740991."],
  [integer({ min: 1 }), 0, "Must be at least 1."],
  [integer({ max: 10_000 }), 10_001, "Must be at most 10000."],
]);

accepts("a number is any finite one, and -0 is 0", [
  [number(), 0.1, 0.1],
  [number(), -0, 0],
  [number(), Number.MAX_VALUE, Number.MAX_VALUE],
  [number({ min: 0, max: 1 }), 1, 1],
]);

refuses("a number is finite and within its bounds", [
  [number(), "0.1", "Must be a number."],
  [number(), Number.NaN, "Must be a number."],
  [number(), 1e400, `Must be at most ${Number.MAX_VALUE}.`],
  [number(), -1e400, `Must be at least ${-Number.MAX_VALUE}.`],
  [number({ min: 0, max: 1 }), 1.0000000000000002, "Must be at most 1."],
]);

const NO_AMOUNT = "Must be an amount with at most two decimal places, such as 12.50.";

accepts("money comes out as a decimal string with two places, to the cent", [
  [money(), "12.5", "12.50"],
  [money(), "12", "12.00"],
  [money(), "12.50", "12.50"],
  [money(), 12, "12.00"],
  [money(), "-0.3", "-0.30"],
  [money(), "-0.30", "-0.30"],
  [money(), -7, "-7.00"],
  [money(), "0.07", "0.07"],
  [money(), "0.7", "0.70"],
  [money(), -0, "0.00"],
  [money(), "-0", "0.00"],
  [money(), "-0.0", "0.00"],
  [money(), "-0.00", "0.00"],
  [money(), "9999999999999.99", "9999999999999.99"],
  [money(), 9999999999999, "9999999999999.00"],
  [money(), "-9999999999999.99", "-9999999999999.99"],
  [money(), -9999999999999, "-9999999999999.00"],
  [money({ min: "0.01", max: 10 }), 10, "10.00"],
]);

const NOT_EXACT = 'Must be sent as text, such as "12.50": a number is taken only when it is whole.';

refuses("money with cents is text: no number says 19.99 exactly", [
  [money(), 12.5, NOT_EXACT],
  [money(), -0.3, NOT_EXACT],
  [money(), 4.35, NOT_EXACT],
  [money(), 0.07, NOT_EXACT],
  [money(), 1.1, NOT_EXACT],
  [money(), 19.99, NOT_EXACT],
  [money(), 9999999999999.99, NOT_EXACT],
  [money(), 9999999999999.98, NOT_EXACT],
  [money({ min: 2 }), 1.5, "Must be at least 2.00."],
  [money({ min: "0.10", max: "0.90" }), 0.5, NOT_EXACT],
  [money({ min: "0.10", max: "0.90" }), 1, "Must be at most 0.90."],
  [money(), 3.3000000000000003, NO_AMOUNT],
]);

refuses("money is never rounded", [
  [money(), 1.005, NO_AMOUNT],
  [money(), 0.1 + 0.2, NO_AMOUNT],
  [money(), 1e-7, NO_AMOUNT],
  [money(), "1.005", NO_AMOUNT],
  [money(), "1.", NO_AMOUNT],
  [money(), ".5", NO_AMOUNT],
  [money(), "01", NO_AMOUNT],
  [money(), "+1", NO_AMOUNT],
  [money(), "1e2", NO_AMOUNT],
  [money(), "1,00", NO_AMOUNT],
  [money(), " 1", NO_AMOUNT],
  [money(), "1\n", NO_AMOUNT],
  [money(), "--1", NO_AMOUNT],
  [money(), "1-", NO_AMOUNT],
  [money(), "1.2.3", NO_AMOUNT],
  [money(), "-", NO_AMOUNT],
  [money(), "\u0661", NO_AMOUNT],
  [money(), "", NO_AMOUNT],
  [money(), Number.NaN, NO_AMOUNT],
  [money(), null, NO_AMOUNT],
  [money(), 10000000000000.01, "Must be at most 9999999999999.99."],
  [money(), 1e13, "Must be at most 9999999999999.99."],
  [money(), "99999999999999999999999999", "Must be at most 9999999999999.99."],
  [money(), `9${"9".repeat(400)}`, "Must be at most 9999999999999.99."],
  [money(), -1e400, "Must be at least -9999999999999.99."],
  [money({ min: "0.01" }), 0, "Must be at least 0.01."],
  [money({ max: 10 }), "10.01", "Must be at most 10.00."],
]);

test("validator and schema agree on every number for money, also on those that binary division gets wrong", () => {
  const { schema, parse } = compileParams({ p: money({ min: "-5.50" }) });
  for (const [p, taken] of [[19.99, false], [3.3000000000000003, false], [3.3, false], [0.1 + 0.2, false], [4.35, false], [12, true], [-5, true], [-6, false], [1e12, true], [1e13, false]] as const) {
    assert.deepEqual([parse({ p }).ok, admits(schema, { p }, "")], [taken, taken], String(p));
  }
});

accepts("true and false are boolean, and a choice is one of its texts", [
  [boolean(), true, true],
  [boolean(), false, false],
  [oneOf(["air", "sea"]), "sea", "sea"],
]);

refuses("nothing stands for a boolean or a choice", [
  [boolean(), 0, "Must be true or false."],
  [boolean(), "true", "Must be true or false."],
  [oneOf(["air", "sea"]), "Air", "Must be one of: air, sea."],
  [oneOf(["air", "sea"]), null, "Must be one of: air, sea."],
]);

const NO_DATE = "Must be a date of the calendar written as YYYY-MM-DD, such as 2026-11-23.";
const NO_MOMENT = "Must be a date and time with an offset, such as 2026-11-23T10:00:00Z or 2026-11-23T12:00:00+02:00.";

refuses("a date is a day that the calendar has", [
  [date(), "2026-02-30", NO_DATE],
  [date(), "2026-2-3", NO_DATE],
  [date(), "20261123", NO_DATE],
  [date(), "2026-11-23T00:00:00Z", NO_DATE],
  [date(), "2026-11-23\n", NO_DATE],
  [date(), "٢٠٢٦-١١-٢٣", NO_DATE],
  [date(), 20261123, NO_DATE],
]);

test("a date is refused or taken as the Gregorian calendar has it, in every year from 0000 to 9999", () => {
  const { parse } = compileParams({ p: date() });
  const two = (value: number) => String(value).padStart(2, "0");
  const days = [0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31, 0];
  for (let year = 0; year <= 9999; year++) {
    const isLeap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
    const whole = [0, 1900, 2000, 2023, 2024].includes(year);
    for (let month = whole ? 0 : 2; month <= (whole ? 13 : 2); month++) {
      const last = month === 2 && isLeap ? 29 : (days[month] ?? 0);
      for (let day = whole ? 0 : 28; day <= (whole ? 33 : 30); day++) {
        const input = `${String(year).padStart(4, "0")}-${two(month)}-${two(day)}`;
        assert.equal(parse({ p: input }).ok, day >= 1 && day <= last, input);
      }
    }
  }
});

accepts("a date-time is RFC 3339 with an offset", [
  [dateTime(), "2026-11-23T10:00:00Z", "2026-11-23T10:00:00Z"],
  [dateTime(), "2026-11-23t10:00:00z", "2026-11-23T10:00:00Z"],
  [dateTime(), "2024-02-29T23:59:59.123456789+02:00", "2024-02-29T23:59:59.123456789+02:00"],
  [dateTime(), "0000-01-01T00:00:00-00:00", "0000-01-01T00:00:00-00:00"],
  [dateTime(), "9999-12-31T23:59:59+23:59", "9999-12-31T23:59:59+23:59"],
]);

refuses("a date-time has no second 60, no missing offset and no hour 24", [
  [dateTime(), "2016-12-31T23:59:60Z", NO_MOMENT],
  [dateTime(), "2026-11-23T10:00:00", NO_MOMENT],
  [dateTime(), "2026-11-23T24:00:00Z", NO_MOMENT],
  [dateTime(), "2026-11-23T10:60:00Z", NO_MOMENT],
  [dateTime(), "2026-11-23T10:00Z", NO_MOMENT],
  [dateTime(), "2026-11-23 10:00:00Z", NO_MOMENT],
  [dateTime(), "2026-11-23T10:00:00.Z", NO_MOMENT],
  [dateTime(), "2026-11-23T10:00:00.1234567890Z", NO_MOMENT],
  [dateTime(), "2026-11-23T10:00:00+0200", NO_MOMENT],
  [dateTime(), "2026-11-23T10:00:00+24:00", NO_MOMENT],
  [dateTime(), "2026-11-23T10:00:00+02:60", NO_MOMENT],
  [dateTime(), "2026-02-29T10:00:00Z", NO_MOMENT],
  [dateTime(), "2026-11-23T10:00:00Z\n", NO_MOMENT],
]);

test("lists report their length and each faulty item under its index", () => {
  const quantities = list(integer({ min: 1 }), { min: 1, max: 2 });
  assert.deepEqual(read(quantities, [3, 4]), [3, 4]);
  assert.deepEqual(read(quantities, []), { p: ["Must have at least 1 item."] });
  assert.deepEqual(read(quantities, [0, 1, "x"]), {
    p: ["Must have at most 2 items."],
    "p.0": ["Must be at least 1."],
    "p.2": ["Must be a whole number."],
  });
  assert.deepEqual(read(quantities, { 0: 1, length: 1 }), { p: ["Must be a list."] });
  assert.deepEqual(read(list(text().nullable()), [null, "a"]), [null, "a"]);
});

test("objects are read by their declared names alone, and paths go as deep as they do", () => {
  const lines = list(object({ quantity: integer({ min: 1 }), note: text().optional() }));
  assert.deepEqual(read(lines, [{ quantity: 1 }, { quantity: 2, note: "x" }]), [{ quantity: 1 }, { quantity: 2, note: "x" }]);
  assert.deepEqual(read(lines, [{ quantity: 0 }, { note: 5, extra: 1 }, null]), {
    "p.0.quantity": ["Must be at least 1."],
    "p.1.quantity": ["Is required."],
    "p.1.note": ["Must be text."],
    "p.1.extra": ["Is not a known field. Leave it out, or use one of: quantity, note."],
    "p.2": ["Must be an object."],
  });
});

test("toCents() and fromCents() go both ways without rounding", () => {
  const rows: readonly (readonly [string | number, number, string])[] = [
    ["12.5", 1250, "12.50"],
    [4.35, 435, "4.35"],
    ["-0.30", -30, "-0.30"],
    ["-0", 0, "0.00"],
    [-0, 0, "0.00"],
    ["90071992547409.91", Number.MAX_SAFE_INTEGER, "90071992547409.91"],
  ];
  for (const [amount, cents, canonical] of rows) {
    assert.ok(Object.is(toCents(amount), cents), String(amount));
    assert.equal(fromCents(cents), canonical);
  }
  for (const wrong of ["1.005", 1.005, "", "90071992547409.92", 90071992547409.91, 10000000000000.01, Number.NaN, 1e300]) assert.throws(() => toCents(wrong), TypeError, String(wrong));
  for (const wrong of [0.5, 2 ** 53, Number.NaN, -Infinity]) assert.throws(() => fromCents(wrong), TypeError, String(wrong));
});

test("the pattern of an integer range takes exactly the integers in it", () => {
  const bounds = [-1000, -999, -101, -100, -99, -10, -9, -1, 0, 1, 9, 10, 42, 99, 100, 101, 999, 1000];
  for (const min of bounds) {
    for (const max of bounds.filter((bound) => bound >= min)) {
      const matcher = new RegExp(`^${integerRangePattern(min, max)}$`);
      for (let value = -1005; value <= 1005; value++) assert.equal(matcher.test(String(value)), value >= min && value <= max, `${value} in ${min}..${max}`);
      for (const odd of ["-0", "00", "01", "+1", "1.0", "", "-", "1 "]) assert.ok(!matcher.test(odd), `${odd} in ${min}..${max}`);
    }
  }
  const widest = new RegExp(`^${integerRangePattern(Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER)}$`);
  for (let digits = 1n; digits < 10n ** 17n; digits = digits * 10n + 7n) {
    for (const value of [digits, -digits]) assert.equal(widest.test(String(value)), digits <= BigInt(Number.MAX_SAFE_INTEGER), String(value));
  }
});

test("the pattern of an amount takes exactly the amounts between its bounds, in each way to write them", () => {
  const bounds = [-1234, -1000, -999, -198, -101, -100, -99, -98, -10, -1, 0, 1, 9, 10, 11, 90, 98, 99, 100, 101, 198, 199, 999, 1000, 1234];
  const samples = [...new Set(bounds.flatMap((bound) => [bound - 10, bound - 1, bound, bound + 1, bound + 10]))];
  for (const min of bounds) {
    for (const max of bounds.filter((bound) => bound >= min)) {
      const { schema, parse } = compileParams({ p: money({ min: fromCents(min), max: fromCents(max) }) });
      for (const cents of samples) {
        const amount = fromCents(cents);
        const inside = cents >= min && cents <= max;
        for (const p of new Set<string | number>([amount, amount.replace(/0$/, ""), amount.replace(/\.00$/, ""), cents / 100])) {
          const taken = inside && (typeof p === "string" || Number.isInteger(p));
          assert.ok(admits(schema, { p }, "") === taken && parse({ p }).ok === taken, `${p} in ${min}..${max}`);
        }
      }
    }
  }
});

test("a portable pattern finds the same with and without the u flag as the original with it", () => {
  const patterns = [/./, /^.{2}$/, /^[^a]$/, /^[^\s]+$/, /\S\S/, /^\D$/, /\W$/, /^[\s\S]$/, /^[^\S]$/, /(?!.)a?/, /\B(?!.)/, /^(.)\1$/, /^(?<c>.)\k<c>$/, /a|.b/, /\bé/, /^(?=.a)/, /[\]\\.]/, /\//, /x*?$/, /^(?:é|[^é]{2})$/];
  const characters = ["a", "b", "é", " ", "\n", "😀", "\u{1f601}", "\uffff", "]", "0"];
  const chance = createChance(7);
  for (const pattern of patterns) {
    const source = toPortablePattern(pattern, "the pattern");
    // Searched from the start by whole characters, as ECMA-262 has it; V8 also tries the middle of a pair for \B(?!.).
    const [original, plain, unicode] = [new RegExp(`^[^]*?(?:${pattern.source})`, "u"), new RegExp(source), new RegExp(source, "u")];
    for (let time = 0; time < 300; time++) {
      const sample = Array.from({ length: chance.between(0, 4) }, () => chance.pick(characters)).join("");
      const found = original.test(sample);
      assert.deepEqual([plain.test(sample), unicode.test(sample)], [found, found], `${pattern} as ${source} on ${JSON.stringify(sample)}`);
    }
  }
});

test("a pattern that cannot be said without flags is refused by name and with the remedy", () => {
  const cases: readonly (readonly [RegExp, RegExp])[] = [
    [/a/g, /parameter "p": pattern of text\(\) has the flags "g"/],
    [/a/y, /has the flags "y"/],
    [/a/i, /has the flags "i"/],
    [/a/m, /has the flags "m"/],
    [/\p{Lu}/u, /has a Unicode property/],
    [/\u{1f600}/u, /has a code point in braces/],
    [/😀/u, /has a character beyond U\+FFFF/],
    [/[😀]/u, /has a character beyond U\+FFFF/],
    [/\ud83d/, /has a character beyond U\+FFFF or half of one/],
    [/[a-\uffff]/, /has a range across the surrogates/],
    [/(?<=a)b/, /has a lookbehind/],
    [/(?<!a)b/, /has a lookbehind/],
    [/a{/, /is not a regular expression under the "u" flag/],
    [/\é/, /is not a regular expression under the "u" flag/],
  ];
  for (const [pattern, message] of cases) assert.throws(() => compileParams({ p: text({ pattern }) }), { name: "TypeError", message }, String(pattern));
});
