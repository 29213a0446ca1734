import { requireOptions, type Names } from "../check-option.ts";
import { integerRangePattern } from "../params/characters/digit-range.ts";
import { toPortablePattern } from "../params/characters/portable-pattern.ts";
import { countUtf8Bytes, isWellFormed } from "../params/characters/unicode.ts";
import type { JsonObject } from "../json.ts";

/** What a handler sees as a subject's ID. */
export type SubjectId = string | number;

/**
 * How the IDs of a subject class look. The class declares one kind, and that alone decides what an
 * ID in a URL or in a body means.
 */
export interface IdKind<Id extends SubjectId = SubjectId> {
  readonly name: "integer" | "uuid" | "pattern" | "text";
  /** The ID that a text stands for; undefined when the text is not one of this kind. Never rounds, trims or repairs. */
  parse(text: string): Id | undefined;
  /** What a parameter that takes such an ID accepts, as JSON Schema 2020-12. */
  readonly schema: JsonObject;
}

/** The longest ID of any kind, in bytes of UTF-8. */
export const MAX_ID_BYTES = 255;

/** Bounds of an integer ID, both inclusive. Default: every safe integer. */
export interface IntegerIdBounds {
  readonly min?: number;
  readonly max?: number;
}

const CANONICAL_INTEGER = /^(?:0|-?[1-9][0-9]{0,15})$/;
const UUID = "^[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$";
const UUID_MATCHER = new RegExp(UUID, "u");
/** Well-formed, not empty, and with none of the control characters C0, DEL and C1. */
const PRINTABLE = "^(?:[^\\u0000-\\u001F\\u007F-\\u009F\\uD800-\\uDFFF]|[\\uD800-\\uDBFF][\\uDC00-\\uDFFF])+$";
const CONTROL = /[\u0000-\u001F\u007F-\u009F]/;

/**
 * Integers, written in the one canonical way: `042`, `4e1`, `42.0`, `-0` and `+42` are refused. So is an integer
 * beyond 2^53-1, which would be rounded onto another subject.
 */
export function integerId(bounds: IntegerIdBounds = {}): IdKind<number> {
  requireOptions("integerId()", bounds, { min: true, max: true } satisfies Names<IntegerIdBounds>);
  const { min = Number.MIN_SAFE_INTEGER, max = Number.MAX_SAFE_INTEGER } = bounds;
  if (!Number.isSafeInteger(min) || !Number.isSafeInteger(max) || min > max) {
    throw new TypeError("integerId(): min and max must be safe integers, and min not above max");
  }
  return Object.freeze({
    name: "integer",
    parse(text: string): number | undefined {
      if (!CANONICAL_INTEGER.test(text)) return undefined;
      const id = Number(text);
      // Out here no text rounds into the bounds: whatever is beyond 2^53-1 becomes 2^53 or more.
      return id >= min && id <= max ? id : undefined;
    },
    schema: {
      anyOf: [
        { type: "integer", minimum: min + 0, maximum: max + 0 },
        { type: "string", pattern: `^${integerRangePattern(min, max)}$` },
      ],
    },
  });
}

/** UUIDs of any version, in either case; the ID is in lower case (RFC 9562 section 4). */
export function uuidId(): IdKind<string> {
  return Object.freeze({
    name: "uuid",
    parse: (text: string) => (UUID_MATCHER.test(text) ? text.toLowerCase() : undefined),
    schema: { type: "string", format: "uuid", pattern: UUID },
  });
}

/** Texts that match the pattern from end to end, anchored or not: `patternId(/[A-Z]{5}/)`. No flag but `u`. */
export function patternId(pattern: RegExp): IdKind<string> {
  const source = toPortablePattern(anchor(pattern), "patternId(): its pattern");
  const matcher = new RegExp(source, "u");
  return Object.freeze({
    name: "pattern",
    parse: (text: string) => (isIdText(text) && matcher.test(text) ? text : undefined),
    schema: { type: "string", maxLength: MAX_ID_BYTES, pattern: PRINTABLE, allOf: [{ pattern: source }] },
  });
}

function anchor(pattern: RegExp): RegExp {
  if (!(pattern instanceof RegExp)) throw new TypeError("patternId() takes a regular expression such as /^[A-Z]{5}$/");
  return new RegExp(`^(?:${pattern.source})$`, pattern.flags);
}

/**
 * Any text, taken as it is. A schema counts characters, not bytes: what has at most 255 of those and more
 * of these is admitted by it and still names no subject.
 */
export function textId(): IdKind<string> {
  return Object.freeze({
    name: "text",
    parse: (text: string) => (isIdText(text) ? text : undefined),
    schema: { type: "string", maxLength: MAX_ID_BYTES, pattern: PRINTABLE },
  });
}

/** The ID that a JSON value stands for: a text, or for integer IDs also a number. Undefined for anything else. */
export function readId<Id extends SubjectId>(kind: IdKind<Id>, value: unknown): Id | undefined {
  if (typeof value === "string") return kind.parse(value);
  if (kind.name !== "integer" || typeof value !== "number" || !Number.isSafeInteger(value)) return undefined;
  return kind.parse(String(value));
}

/** Not empty, at most 255 bytes, well-formed, no control characters. */
function isIdText(text: string): boolean {
  return text.length > 0 && text.length <= MAX_ID_BYTES && !CONTROL.test(text) && isWellFormed(text) && countUtf8Bytes(text) <= MAX_ID_BYTES;
}
