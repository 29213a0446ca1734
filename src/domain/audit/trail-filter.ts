import type { TrailEntry, TrailQuery } from "../ports.ts";

/** Does a question to the trail let this entry through? */
export function isAskedFor(entry: Pick<TrailEntry, "action" | "subject" | "identity">, { action, subject, identity }: Pick<TrailQuery, "action" | "subject" | "identity">): boolean {
  if (action !== undefined && entry.action !== action) return false;
  if (identity !== undefined && entry.identity !== identity) return false;
  return subject === undefined || (entry.subject !== null && (entry.subject.id === subject || `${entry.subject.class}:${entry.subject.id}` === subject));
}
