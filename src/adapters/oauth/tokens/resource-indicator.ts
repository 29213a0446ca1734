import { OAuthError } from "../oauth-error.ts";

/**
 * Refuses a `resource` that is not this one (RFC 8707 section 2). With no path, the identifier and
 * the same with a slash are one URI (RFC 3986 section 6.2.3), and URL parsers add that slash.
 */
export function requireResource(asked: readonly string[], resource: string): void {
  const hasNoPath = /^https?:\/\/[^/]+$/.test(resource);
  const known = asked.every((uri) => uri === resource || (hasNoPath && uri === `${resource}/`));
  if (!known) throw new OAuthError("invalid_target", "Tokens are issued for the resource of this server only.");
}
