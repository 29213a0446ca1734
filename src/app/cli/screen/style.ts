/** How texts are made to stand out. Each answers its text as it is where there are no colours. */
export interface Style {
  bold(text: string): string;
  dim(text: string): string;
  red(text: string): string;
  green(text: string): string;
  yellow(text: string): string;
  cyan(text: string): string;
}

const same = (text: string): string => text;
const PLAIN: Style = { bold: same, dim: same, red: same, green: same, yellow: same, cyan: same };

/** Only the eight colours that every terminal's owner has chosen, so that they can be read on dark and on light. */
const COLOURED: Style = { bold: sgr(1, 22), dim: sgr(2, 22), red: sgr(31, 39), green: sgr(32, 39), yellow: sgr(33, 39), cyan: sgr(36, 39) };

function sgr(on: number, off: number): (text: string) => string {
  return (text) => `\u001b[${on}m${text}\u001b[${off}m`;
}

/** One of the styles above, the end of a line, or what a terminal would obey or turn the direction of the text by. */
const STYLED_OR_CONTROL = /\u001b\[(?:1|22|2|31|32|33|36|39)m|[\p{Control}\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu;

/**
 * The last guard before a terminal: whatever a text has from elsewhere, all that it can do is to be in one of these styles. Such characters
 * are written as JSON writes them, so that JSON stays the same JSON.
 */
export function disarm(text: string): string {
  return text.replace(STYLED_OR_CONTROL, (found) => (found === "\n" || found.length > 1 ? found : `\\u${found.charCodeAt(0).toString(16).padStart(4, "0")}`));
}

/** The styles, or such as change nothing. */
export function createStyle(coloured: boolean): Style {
  return coloured ? COLOURED : PLAIN;
}

/** Only on a terminal, and never where `NO_COLOR` has any value (no-color.org) or the terminal has no colours. */
export function wantsColour(isTerminal: boolean, variables: Readonly<Record<string, string | undefined>>): boolean {
  const { NO_COLOR = "", TERM } = variables;
  return isTerminal && NO_COLOR === "" && TERM !== "dumb";
}
