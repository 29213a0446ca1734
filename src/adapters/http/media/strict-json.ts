import { isObject } from "../../../domain/json.ts";

/** Deeper than any honest document, and shallow enough for every recursive reader behind this one. */
const MAX_DEPTH = 32;

/**
 * Parses JSON as one meaning or not at all: besides what `JSON.parse` refuses, a SyntaxError meets
 * a name that stands twice in one object (parsers disagree which counts; RFC 8259 section 4) and
 * nesting beyond 32 levels. `__proto__` is a member like any other.
 */
export function parseStrictJson(text: string): unknown {
  const members = countMembers(text);
  const value: unknown = JSON.parse(text);
  if (countProperties(value) !== members) throw new SyntaxError("a name stands twice in one object");
  return value;
}

/** Colons outside strings: as many as members are written. Refuses depth before any recursion sees it. */
function countMembers(text: string): number {
  const { length } = text;
  let members = 0;
  let depth = 0;
  for (let at = 0; at < length; at++) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) at = endOfString(text, at);
    else if (code === COLON) members++;
    else if (code === OPEN_BRACE || code === OPEN_BRACKET) {
      if (++depth > MAX_DEPTH) throw new SyntaxError(`nested deeper than ${MAX_DEPTH} levels`);
    } else if (code === CLOSE_BRACE || code === CLOSE_BRACKET) depth--;
  }
  return members;
}

/** Where the quote is that ends a string: the first with an even number of backslashes before it. */
function endOfString(text: string, start: number): number {
  for (let at = text.indexOf('"', start + 1); at >= 0; at = text.indexOf('"', at + 1)) {
    let first = at;
    while (text.charCodeAt(first - 1) === BACKSLASH) first--;
    if ((at - first) % 2 === 0) return at;
  }
  return text.length;
}

/** Members that are left after parsing: fewer than were written when one replaced another. */
function countProperties(value: unknown): number {
  let count = 0;
  if (isObject(value)) {
    for (const name in value) count += 1 + countProperties(value[name]);
  } else if (Array.isArray(value)) {
    for (const item of value) count += countProperties(item);
  }
  return count;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COLON = 0x3a;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
