import type { TrailPage, TrailQuery } from "../../../domain/ports.ts";
import { parseValue } from "./decode-record.ts";
import { textOf, type Row } from "../query.ts";
import { toStoredText } from "../stored-text.ts";

/** Wide enough for every safe integer, so that IDs sort as texts. */
const ID_DIGITS = 16;

const LOST: TrailPage = { entries: [], next: null, lost: true };
const NOTHING: TrailPage = { entries: [], next: null };

/** More ways to part a text into a class and an ID are not looked for: no class has so many colons in its name. */
const MAX_WAYS = 16;

/** The question that `trail` in the schema takes, or the answer where none is needed. */
export function toQuestion(query: TrailQuery, now: number): string | TrailPage {
  const { after, limit, order = "ascending", action, identity, subject } = query;
  const bound = after === undefined ? undefined : Number(after);
  // No entry has such an ID.
  if (bound !== undefined && (!Number.isSafeInteger(bound) || bound < 0)) return order === "ascending" ? LOST : NOTHING;
  const most = Math.min(limit + 1, Number.MAX_SAFE_INTEGER);
  const filters = [action, identity].map((filter) => (filter === undefined ? "" : `=${toStoredText(filter)}`));
  return JSON.stringify([bound === undefined ? "" : String(bound), String(most), order, String(now), ...filters, ...waysToRead(subject)]);
}

/** A subject is asked for by its ID, or by class and ID with a colon between; either may have colons itself. */
function waysToRead(subject: string | undefined): readonly string[] {
  if (subject === undefined) return [];
  const ways = ["", toStoredText(subject)];
  for (let at = subject.indexOf(":"); at >= 0 && ways.length < 2 * MAX_WAYS; at = subject.indexOf(":", at + 1)) {
    ways.push(`=${toStoredText(subject.slice(0, at))}`, toStoredText(subject.slice(at + 1)));
  }
  return ways;
}

/** The page that its rows are: the first says whether something is lost. */
export function toTrailPage([head, ...rows]: readonly Row[], limit: number): TrailPage {
  if (textOf(head, "number") === "lost") return LOST;
  const entries = rows.slice(0, limit).map((row) => ({ id: textOf(row, "number").padStart(ID_DIGITS, "0"), value: parseValue(textOf(row, "value")) }));
  return { entries, next: rows.length > limit ? (entries.at(-1)?.id ?? null) : null };
}
