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

/** The styles, or such as change nothing. */
export function createStyle(coloured: boolean): Style {
  return coloured ? COLOURED : PLAIN;
}

/** Only on a terminal, and never where `NO_COLOR` has any value (no-color.org) or the terminal has no colours. */
export function wantsColour(isTerminal: boolean, variables: Readonly<Record<string, string | undefined>>): boolean {
  const { NO_COLOR = "", TERM } = variables;
  return isTerminal && NO_COLOR === "" && TERM !== "dumb";
}
