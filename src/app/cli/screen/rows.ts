import type { Screen } from "./screen.ts";
import { padText, textWidth, wrapText } from "./text-width.ts";

/** What is read as text is not wider, however wide the screen is. */
const COLUMNS = 80;
const INDENT = 2;
/** A longer name has a line of its own. */
const WIDEST_NAME = 26;

/** How wide a text may be. */
export function columnsOfText({ width }: Pick<Screen, "width">): number {
  return Math.min(width, COLUMNS);
}

/** Names in a column, and beside each what it is for, in as many lines as that takes. */
export function formatRows(screen: Pick<Screen, "width" | "style">, rows: readonly (readonly [name: string, help: string])[], nameColumns = 0): readonly string[] {
  const widest = Math.min(WIDEST_NAME, Math.max(nameColumns, ...rows.map(([name]) => textWidth(name))));
  const margin = " ".repeat(INDENT + widest + 2);
  return rows.flatMap(([name, help]) => {
    const lines = wrapText(help, columnsOfText(screen) - margin.length);
    const head = " ".repeat(INDENT) + screen.style.cyan(name);
    if (textWidth(name) > widest) return [head, ...lines.map((line) => margin + line)];
    const [first = "", ...more] = lines;
    return [`${" ".repeat(INDENT)}${screen.style.cyan(padText(name, widest))}  ${first}`, ...more.map((line) => margin + line)];
  });
}
