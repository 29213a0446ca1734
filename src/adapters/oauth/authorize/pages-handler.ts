import type { HttpHandler } from "../../http/message.ts";
import { createPasswordVerifier } from "../users/password-verifier.ts";
import type { ServerParts } from "../server-parts.ts";
import { createAuthorizeAction } from "./authorize-action.ts";
import type { AuthorizeContext } from "./authorize-context.ts";
import { createAuthorizePage } from "./authorize-page.ts";
import { createCookies } from "./cookies.ts";
import { renderFailurePage } from "./pages/page.ts";
import { createPagesRouter } from "./pages-router.ts";
import { createSessions } from "./sessions.ts";
import { createTransactions } from "./transactions.ts";

/** Everything that people see, at the one path. It never speaks CORS (checklist A15), so it has a guard of its own. */
export function createPagesHandler(parts: ServerParts, path: string): HttpHandler {
  const context = createContext(parts, path);
  const methods = new Map([
    ["GET", createAuthorizePage(context)],
    ["POST", createAuthorizeAction(context)],
  ]);
  return parts.createGuard(renderFailurePage(parts.name))(createPagesRouter({ ...parts, methods }));
}

function createContext(parts: ServerParts, path: string): AuthorizeContext {
  const { origin, pathname, protocol } = new URL(parts.issuer);
  return {
    ...parts,
    origin,
    sessions: createSessions({ ...parts, lifetimeMs: parts.sessionSeconds * 1000 }),
    transactions: createTransactions(parts),
    cookies: createCookies(protocol === "https:"),
    verifyPassword: createPasswordVerifier(parts),
    formAction: `${pathname === "/" ? "" : pathname}${path}`,
  };
}
