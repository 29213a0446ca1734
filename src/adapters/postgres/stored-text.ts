/** What a column of type text cannot hold as it is, or would sort otherwise. */
const ESCAPED = /[\0\x01\ud800-\uffff]/;
const EACH_ESCAPED = /[\0\x01\ud800-\uffff]/g;
const EACH_ESCAPE = /\x01[\x01\x02]|\ue000[\s\S]/g;

/** The first character above all that stay as they are. */
const HIGH = "\ue000";
/** Where the second characters of the high ones begin: above all controls. */
const HIGH_BASE = 0x100;
const FIRST_HIGH = 0xd800;

/**
 * A text as a column with the collation "C" keeps it: texts sort there as they do here, by UTF-16 code units, and come back as they were, NUL and lone
 * surrogates included. Nearly all texts stay as they are; UTF-8 sorts by code points, so units from U+D800 on become two characters, of which
 * the first is above all others.
 */
export function toStoredText(text: string): string {
  return ESCAPED.test(text) ? text.replace(EACH_ESCAPED, escape) : text;
}

function escape(unit: string): string {
  const code = unit.charCodeAt(0);
  return code <= 1 ? `\x01${String.fromCharCode(code + 1)}` : HIGH + String.fromCharCode(code - FIRST_HIGH + HIGH_BASE);
}

/** The text that {@link toStoredText} was given. */
export function fromStoredText(stored: string): string {
  return ESCAPED.test(stored) ? stored.replace(EACH_ESCAPE, unescape) : stored;
}

function unescape(pair: string): string {
  const code = pair.charCodeAt(1);
  return String.fromCharCode(pair.startsWith(HIGH) ? code - HIGH_BASE + FIRST_HIGH : code - 1);
}
