import type { PreviewedChange } from "../../../adapters/client/index.ts";
import type { Screen } from "./screen.ts";
import { cutText, toPrintable } from "./text-width.ts";

/** What would become of subjects: for each a heading, and a line for each field that would be another. */
export function formatChanges(screen: Pick<Screen, "width" | "style">, changes: readonly PreviewedChange[]): string {
  if (changes.length === 0) return "Nothing would change.";
  return changes.map((change) => formatChange(screen, change)).join("\n");
}

const WORDS = { create: "created", update: "changed", delete: "deleted" } as const;

function formatChange({ width, style }: Pick<Screen, "width" | "style">, { class: name, id, change, before = {}, after = {} }: PreviewedChange): string {
  const heading = style.bold(toPrintable(`${name} ${id}`)) + ` ${WORDS[change]}`;
  const removed = (field: string, value: unknown) => style.red(cutText(`  - ${field}: ${formatValue(value)}`, width));
  const added = (field: string, value: unknown) => style.green(cutText(`  + ${field}: ${formatValue(value)}`, width));
  const fields = [...new Set([...Object.keys(before), ...Object.keys(after)])].filter((field) => formatValue(before[field]) !== formatValue(after[field]));
  const lines = fields.flatMap((field) => [...(field in before ? [removed(toPrintable(field), before[field])] : []), ...(field in after ? [added(toPrintable(field), after[field])] : [])]);
  return [heading, ...lines].join("\n");
}

/** A value in a line: a text as it is, all else as JSON. */
export function formatValue(value: unknown): string {
  if (value === undefined) return "";
  return toPrintable(typeof value === "string" ? value : JSON.stringify(value));
}
