import type { JsonObject } from "../../json.ts";
import { createParam, type Param } from "../param.ts";
import { checkBounds, checkOptions, COUNT } from "../options.ts";
import { INVALID, scalarCode, type ParamCode } from "../param-code.ts";
import { toPortablePattern } from "../characters/portable-pattern.ts";
import { compareLength, isWellFormed, WELL_FORMED_PATTERN } from "../characters/unicode.ts";

/** What text may be. */
export interface TextOptions {
  /** The least length in code points. Default: 0. */
  readonly min?: number;
  /** The greatest length in code points. Default: none but the size of the request. */
  readonly max?: number;
  /** What must be found in it; anchor it with ^ and $ to mean the whole. No flag but `u`. */
  readonly pattern?: RegExp;
  /** Tells a person what the pattern wants: `Must be five capital letters.` Default: shows the pattern. */
  readonly hint?: string;
}

/** Text: well-formed Unicode, measured in code points. Taken as it is, never trimmed or repaired. */
export function text(options: TextOptions = {}): Param<string> {
  const { min = 0, max = Number.MAX_SAFE_INTEGER, pattern, hint } = options;
  return createParam((name) => {
    checkOptions(name, "text", options, ["min", "max", "pattern", "hint"]);
    checkBounds(name, "text", { min, max }, COUNT);
    if (hint !== undefined && typeof hint !== "string") throw new TypeError(`parameter "${name}": hint of text() must be a sentence`);
    const source = pattern === undefined ? null : toPortablePattern(pattern, `parameter "${name}": pattern of text()`);
    const schema: JsonObject = {
      type: "string",
      ...(min > 0 ? { minLength: min } : {}),
      ...(max < Number.MAX_SAFE_INTEGER ? { maxLength: max } : {}),
      pattern: WELL_FORMED_PATTERN,
      ...(source === null ? {} : { allOf: [{ pattern: source }] }),
    };
    const matcher = source === null ? null : new RegExp(source, "u");
    return textCode(schema, min, max, matcher, hint ?? `Must match the pattern ${pattern?.source}.`);
  });
}

function textCode(schema: JsonObject, min: number, max: number, matcher: RegExp | null, mismatch: string): ParamCode {
  const tooShort = min === 1 ? "Must not be empty." : `Must have at least ${min} characters.`;
  const tooLong = max === 1 ? "Must have at most 1 character." : `Must have at most ${max} characters.`;
  const take = (value: unknown) => {
    if (typeof value !== "string" || compareLength(value, min, max) !== 0 || !isWellFormed(value)) return INVALID;
    return matcher === null || matcher.test(value) ? value : INVALID;
  };
  return scalarCode(schema, take, (value) => {
    if (typeof value !== "string") return "Must be text.";
    if (!isWellFormed(value)) return "Must be well-formed Unicode: half of a surrogate pair stands alone in it.";
    const length = compareLength(value, min, max);
    const sentences = length === 0 ? [] : [length < 0 ? tooShort : tooLong];
    return matcher === null || matcher.test(value) ? sentences : [...sentences, mismatch];
  });
}
