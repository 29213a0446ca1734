import type { Screen } from "./screen.ts";
import { cutText, headOf, padText, textWidth, toPrintable } from "./text-width.ts";

/** A column of a table. */
export interface Column {
  readonly heading: string;
  /** May what is in it be cut off where the screen is narrow? Never an ID. Default: no. */
  readonly cuttable?: boolean;
}

const GAP = 2;
const INDENT = 2;
/** A column that was cut to less says nothing any more. */
const LEAST = 8;

/**
 * Rows for people: aligned, in the columns that there are. Where that cannot be, each row is a block of lines. What is no terminal gets
 * everything.
 */
export function formatTable(screen: Pick<Screen, "width" | "style">, columns: readonly Column[], rows: readonly (readonly string[])[]): string {
  const cells = rows.map((row) => row.map(toPrintable));
  const widths = columns.map(({ heading }, at) => Math.max(textWidth(heading), ...cells.map((row) => textWidth(row[at] ?? ""))));
  const fitting = fit(columns, widths, screen.width);
  if (fitting === undefined) return formatBlocks(screen, columns, cells);
  const line = (row: readonly string[]) => row.map((cell, at) => padText(cutText(cell, fitting[at] ?? 0), fitting[at] ?? 0)).join(" ".repeat(GAP)).trimEnd();
  return [screen.style.bold(line(columns.map(({ heading }) => heading))), ...cells.map(line)].join("\n");
}

/** The widths on a screen: the widest of those that may be cut give way. Undefined where that is not enough. */
function fit(columns: readonly Column[], widths: readonly number[], width: number): readonly number[] | undefined {
  const fitting = [...widths];
  const total = () => fitting.reduce((sum, each) => sum + each, GAP * (fitting.length - 1));
  while (total() > width) {
    const candidates = fitting.filter((each, at) => columns[at]?.cuttable === true && each > LEAST);
    if (candidates.length === 0) return undefined;
    const widest = Math.max(...candidates);
    const at = fitting.findIndex((each, index) => each === widest && columns[index]?.cuttable === true);
    fitting[at] = Math.max(LEAST, widest - (total() - width > 8 ? 4 : 1));
  }
  return fitting;
}

function formatBlocks(screen: Pick<Screen, "width" | "style">, columns: readonly Column[], rows: readonly (readonly string[])[]): string {
  return rows.map((row) => formatFields(screen, columns.map(({ heading }, at) => [heading, row[at] ?? ""]))).join("\n\n");
}

/** Names and values, a line each; a value that is too long goes on below, under itself. Those without a value are left out. */
export function formatFields({ width, style }: Pick<Screen, "width" | "style">, fields: readonly (readonly [name: string, value: string | undefined])[]): string {
  const shown = fields.flatMap(([name, value]) => (value === undefined || value === "" ? [] : [[toPrintable(name), toPrintable(value)] as const]));
  return shown.flatMap(([name, value]) => breakText(`${name}: ${value}`, width).map((line, at) => (at === 0 ? style.dim(line.slice(0, name.length + 1)) + line.slice(name.length + 1) : `  ${line}`))).join("\n");
}

/** In lines of so many columns; those behind the first are to be indented by two. */
function breakText(text: string, width: number): readonly string[] {
  if (textWidth(text) <= width) return [text];
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    const room = lines.length === 0 ? width : width - INDENT;
    if (line !== "" && textWidth(line) + 1 + textWidth(word) > room) {
      lines.push(line);
      line = word;
    } else line = line === "" ? word : `${line} ${word}`;
    while (textWidth(line) > width - INDENT) {
      const head = headOf(line, width - INDENT);
      lines.push(head);
      line = line.slice(head.length);
    }
  }
  return [...lines, line];
}
