import { ALL_PERMISSIONS } from "../../../domain/identity.ts";
import { OAuthError } from "../oauth-error.ts";

/** RFC 6749 section 3.3. */
const SCOPE_TOKEN = /^[\x21\x23-\x5b\x5d-\x7e]+$/;
/** So that a token with it stays well below the 8192 characters at which tokens are cut. */
const MAX_SCOPE_LENGTH = 4096;

/** The permissions that a `scope` parameter asks for, each once; none when it is absent or empty. */
export function parseScope(scope: string | undefined): readonly string[] {
  const tokens = [...new Set((scope ?? "").split(" ").filter((token) => token !== ""))];
  if ((scope ?? "").length > MAX_SCOPE_LENGTH || !tokens.every((token) => SCOPE_TOKEN.test(token))) throw invalidScope();
  return tokens;
}

/** Refuses a scope that goes beyond what may be granted (checklist T12: refused, never silently narrowed). */
export function requireWithin(scope: readonly string[], allowed: ReadonlySet<string>): void {
  if (!allowed.has(ALL_PERMISSIONS) && !scope.every((token) => allowed.has(token))) throw invalidScope();
}

/** A scope as it stands in tokens and answers. */
export function formatScope(scope: readonly string[]): string {
  return scope.join(" ");
}

function invalidScope(): OAuthError {
  return new OAuthError("invalid_scope", "The scope is malformed or goes beyond what may be granted.");
}
