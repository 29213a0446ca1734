const GRAPHEMES = new Intl.Segmenter("en", { granularity: "grapheme" });
/** Two columns: East Asian letters and full-width forms (UAX 11), and pictures. */
const WIDE = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Bopomofo}\u3000-\u33ff\uff01-\uff60\uffe0-\uffe6\p{Emoji_Presentation}\ufe0f]/u;
/** Half-width forms, whose voice marks have a column of their own. */
const HALF_WIDTH = /^[\uff61-\uffdc]/;
const NO_WIDTH = /^[\p{Mark}\p{Default_Ignorable_Code_Point}]+$/u;
const PLAIN = /^[\x20-\x7e]*$/;

/** How many columns of a terminal a text takes. It must have no control characters. */
export function textWidth(text: string): number {
  if (PLAIN.test(text)) return text.length;
  let width = 0;
  for (const { segment } of GRAPHEMES.segment(text)) width += graphemeWidth(segment);
  return width;
}

function graphemeWidth(grapheme: string): number {
  if (NO_WIDTH.test(grapheme)) return 0;
  if (HALF_WIDTH.test(grapheme)) return [...grapheme].length;
  return WIDE.test(grapheme) ? 2 : 1;
}

/** A text with blanks behind it, up to so many columns. */
export function padText(text: string, columns: number): string {
  return text + " ".repeat(Math.max(0, columns - textWidth(text)));
}

/** What fits into so many columns; what is cut off leaves an ellipsis. */
export function cutText(text: string, columns: number): string {
  if (textWidth(text) <= columns) return text;
  return columns < 2 ? "…".repeat(Math.max(0, columns)) : `${headOf(text, columns - 1)}…`;
}

/** As much of the beginning as fits into so many columns; never nothing. */
export function headOf(text: string, columns: number): string {
  let head = "";
  let width = 0;
  for (const { segment } of GRAPHEMES.segment(text)) {
    width += graphemeWidth(segment);
    if (head !== "" && width > columns) break;
    head += segment;
  }
  return head;
}

/** A paragraph in lines of so many columns at the most; a word that is longer has a line of its own. */
export function wrapText(text: string, columns: number): readonly string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(/ +/)) {
    if (line !== "" && textWidth(line) + 1 + textWidth(word) > columns) {
      lines.push(line);
      line = word;
    } else line = line === "" ? word : `${line} ${word}`;
  }
  return [...lines, line];
}

/** What came from elsewhere, such that it cannot move the cursor, colour the screen or turn the direction of the text. */
export function toPrintable(text: string): string {
  return text.replace(/[\p{Control}\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu, (character) => SHORT.get(character) ?? `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`);
}

const SHORT: ReadonlyMap<string, string> = new Map([["\n", "\\n"], ["\r", "\\r"], ["\t", "\\t"]]);
