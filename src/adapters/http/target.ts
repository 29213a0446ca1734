const SLASH = 0x2f;
const PERCENT = 0x25;
const QUESTION_MARK = 0x3f;
const HASH = 0x23;
const BACKSLASH = 0x5c;

const NOT_PLAIN = "The request target is not a plain path; send one that starts with a single slash.";
const BAD_CHARACTER = "The request target holds a character that must be percent-encoded.";
const BAD_ESCAPE = "The path holds a percent sign without two hexadecimal digits behind it; write %25 for the sign itself.";

/**
 * What is wrong with a request target, as a sentence, or undefined. Only origin-form that starts
 * with a single slash is plain (RFC 9112 section 3.2.1): `//host`, `http://host/`, `*`, backslashes
 * and control characters are read differently by every URL parser.
 */
export function findTargetFault(target: string): string | undefined {
  if (target.charCodeAt(0) !== SLASH || target.charCodeAt(1) === SLASH) return NOT_PLAIN;
  let inPath = true;
  for (let at = 1; at < target.length; at++) {
    const code = target.charCodeAt(at);
    if (code <= 0x20 || code >= 0x7f || code === HASH || code === BACKSLASH) return BAD_CHARACTER;
    if (code === QUESTION_MARK) inPath = false;
    else if (code === PERCENT && inPath && !(isHexDigit(target.charCodeAt(at + 1)) && isHexDigit(target.charCodeAt(at + 2)))) return BAD_ESCAPE;
  }
  return undefined;
}

/** 0-9, A-F, a-f. False for NaN, which is what stands behind the end. */
function isHexDigit(code: number): boolean {
  return (code >= 0x30 && code <= 0x39) || (code >= 0x41 && code <= 0x46) || (code >= 0x61 && code <= 0x66);
}

/**
 * Takes a prefix such as `/backend` off request targets. What does not begin with it stays as it is, and is found nowhere.
 * @throws TypeError on one that is no path of whole segments, or ends with a slash.
 */
export function createPrefix(prefix: string): (target: string) => string {
  if (prefix === "") return (target) => target;
  if (typeof prefix !== "string" || !/^(?:\/[\w.~!$&'()*+,;=:@%-]+)+$/.test(prefix)) {
    throw new TypeError(`prefix: ${JSON.stringify(prefix)} is no path; write it with a slash before it and none behind, such as "/backend"`);
  }
  return (target) => {
    if (!target.startsWith(prefix)) return target;
    const rest = target.slice(prefix.length);
    if (rest === "" || rest.startsWith("?")) return `/${rest}`;
    return rest.startsWith("/") ? rest : target;
  };
}
