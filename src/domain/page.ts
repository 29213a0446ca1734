import type { FieldErrors } from "./errors.ts";
import type { JsonObject } from "./json.ts";

/** Which page of a list is asked for, as it came. */
export interface PageQuery {
  /** The `next` of the page before. Absent: the first page. */
  readonly after?: string | undefined;
  /** How many, 1 to 200, as decimal digits. Default 50. */
  readonly limit?: string | number | undefined;
}

/** A page of a list that can grow; `next` is null on the last one. */
export interface Page {
  readonly kind: "page";
  readonly data: readonly JsonObject[];
  readonly next: string | null;
}

const DEFAULT_LIMIT = 50;
const MAX_LIMIT = 200;

/** The page that is meant, or what is wrong with the question. */
export function parsePageQuery({ after, limit = DEFAULT_LIMIT }: PageQuery): { readonly after?: string; readonly limit: number } | { readonly errors: FieldErrors } {
  const count = typeof limit === "number" ? limit : /^\d{1,3}$/.test(limit) ? Number(limit) : Number.NaN;
  if (!Number.isInteger(count) || count < 1 || count > MAX_LIMIT) return { errors: { limit: [`limit must be a whole number from 1 to ${MAX_LIMIT}.`] } };
  return after === undefined || after === "" ? { limit: count } : { after, limit: count };
}

/** So much is in a page of what may be large, in UTF-16 code units: to read and to write it takes some milliseconds. What goes beyond it is the last of the page. */
export const PAGE_LENGTH = 1_048_576;
/** So many are read at first, when nobody knows yet how large they are. */
export const FEW = 4;

/** How many to read next: more than before, as far as there is room for them if they are as large as those. */
export function nextCount(count: number, room: number, length: number): number {
  return Math.max(1, Math.min(count * 4, Math.floor(room / length)));
}
