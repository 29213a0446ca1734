import type { FieldErrors } from "./errors.ts";
import type { JsonObject } from "./json.ts";

/** Which page of a list is asked for, as it came. */
export interface PageQuery {
  /** The `next` of the page before. Absent: the first page. */
  readonly after?: string;
  /** How many, 1 to 200, as decimal digits. Default 50. */
  readonly limit?: string | number;
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
