import type { HeaderIndex } from "../../http/headers.ts";

/**
 * Does the browser say that a form of another site was sent (checklist A17)? Our pages send no referrer,
 * for which browsers write `Origin: null` even from our own page; then Sec-Fetch-Site decides, and
 * where that is missing too, the token in the form and the SameSite cookie do.
 */
export function isCrossSite(headers: HeaderIndex, ownOrigin: string): boolean {
  const site = headers.get("sec-fetch-site");
  if (site !== undefined && site !== "same-origin" && site !== "none") return true;
  const origin = headers.get("origin");
  return origin !== undefined && origin !== "null" && origin !== ownOrigin;
}
