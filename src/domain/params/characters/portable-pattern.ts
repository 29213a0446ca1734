import { ANY_CHARACTER } from "./unicode.ts";

const SURROGATES = "\\uD800-\\uDFFF";

/**
 * The pattern as one that means the same with and without the `u` flag, since readers of a schema
 * differ in that. Whatever can meet a character beyond U+FFFF (`.`, `[^…]`, `\S` …) is rewritten to
 * meet it whole. What cannot be said in both ways is refused by a TypeError that begins with `owner`.
 */
export function toPortablePattern(pattern: RegExp, owner: string): string {
  if (!(pattern instanceof RegExp)) throw new TypeError(`${owner} must be a regular expression such as /^[A-Z]{5}$/`);
  if (pattern.flags !== "" && pattern.flags !== "u") {
    throw new TypeError(`${owner} has the flags "${pattern.flags}"; a schema can only say a pattern without flags (or with "u")`);
  }
  const refuse = (what: string): never => {
    throw new TypeError(`${owner} has ${what}, which does not mean the same to every reader of a schema; write it without`);
  };
  compileWithUnicode(pattern.source, owner);
  const { source, aligned } = rewrite(pattern.source, refuse);
  return aligned ? source : `^${ANY_CHARACTER}*?(?:${source})`;
}

/** With the flag the syntax is strict: what compiles under it means the same without, but for what {@link rewrite} looks for. */
function compileWithUnicode(source: string, owner: string): void {
  try {
    new RegExp(source, "u");
  } catch {
    throw new TypeError(`${owner} is not a regular expression under the "u" flag; escape what needs it and nothing else`);
  }
}

type Refuse = (what: string) => never;

interface Rewriting {
  readonly source: string;
  /** False when it holds an assertion that could be true in the middle of a pair. */
  readonly aligned: boolean;
}

const ESCAPE = /\\(?:u\{[0-9a-fA-F]+\}|u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2}|c[A-Za-z]|k<[^>]*>|[pP]\{[^}]*\}|[^])/u.source;
const CLASS_OR_GROUP = /\[(?:\\[^]|[^\]\\])*\]|\(\?(?:<[=!]|<[^>]*>|[^:=!<()]*[:=!]?)/u.source;
/** Parts of a pattern: an escape, a class, the opening of a group, or one character. */
const PARTS = new RegExp(`${ESCAPE}|${CLASS_OR_GROUP}|[^]`, "gu");
/** Parts of a class: an escape or one character. */
const PARTS_OF_CLASS = new RegExp(`${ESCAPE}|[^]`, "gu");

function rewrite(source: string, refuse: Refuse): Rewriting {
  let aligned = true;
  const parts = (source.match(PARTS) ?? []).map((part) => {
    if (part === ".") return wholeCharacter(part);
    if (part.startsWith("[")) return rewriteClass(part, refuse);
    if (part.startsWith("(?")) checkGroup(part, refuse);
    else checkAtom(part, refuse);
    if (part === "(?!" || part === "\\B") aligned = false;
    return /^\\[DSW]$/.test(part) ? wholeCharacter(part) : part;
  });
  return { source: parts.join(""), aligned };
}

/** `atom`, which meets every character beyond U+FFFF, so that it never meets half of one. */
function wholeCharacter(atom: string): string {
  return `(?:(?![${SURROGATES}])${atom}|[\\uD800-\\uDBFF][\\uDC00-\\uDFFF])`;
}

function rewriteClass(text: string, refuse: Refuse): string {
  const negated = text.startsWith("[^");
  const members = text.slice(negated ? 2 : 1, -1);
  const parts = members.match(PARTS_OF_CLASS) ?? [];
  for (const part of parts) checkAtom(part, refuse);
  checkRanges(parts, refuse);
  const takesAllAstral = parts.some((part) => /^\\[DSW]$/.test(part));
  return negated === takesAllAstral ? text : wholeCharacter(text);
}

/** A range that spans the surrogates would meet halves of characters. */
function checkRanges(parts: readonly string[], refuse: Refuse): void {
  for (let at = 1; at + 1 < parts.length; at++) {
    if (parts[at] !== "-") continue;
    if (codeOf(parts[at - 1]) < 0xd800 && codeOf(parts[at + 1]) > 0xdfff) refuse("a range across the surrogates");
  }
}

function codeOf(part: string | undefined): number {
  if (part === undefined) return 0;
  const hex = /^\\[ux]([0-9a-fA-F]+)$/.exec(part)?.[1];
  if (hex !== undefined) return Number.parseInt(hex, 16);
  return part.startsWith("\\") ? 0 : (part.codePointAt(0) ?? 0);
}

function checkGroup(part: string, refuse: Refuse): void {
  if (part === "(?<=" || part === "(?<!") refuse("a lookbehind");
  if (!/^\(\?(?:[:=!]|<[A-Za-z_$][\w$]*>)/.test(part)) refuse("a group with modifiers or a name beyond ASCII");
}

function checkAtom(part: string, refuse: Refuse): void {
  if (/^\\[pP]/.test(part)) refuse("a Unicode property (\\p{…})");
  if (part.startsWith("\\u{")) refuse("a code point in braces (\\u{…})");
  if (/^\\u[dD][89a-fA-F]/.test(part) || (part.codePointAt(0) ?? 0) > 0xffff || /^[\uD800-\uDFFF]$/u.test(part)) {
    refuse("a character beyond U+FFFF or half of one");
  }
}
