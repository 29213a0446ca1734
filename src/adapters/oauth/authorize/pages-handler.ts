import { indexHeaders } from "../../http/headers.ts";
import type { HttpHandler } from "../../http/message.ts";
import { createPasswordVerifier } from "../users/password-verifier.ts";
import type { ServerParts } from "../server-parts.ts";
import { createAuthorizeAction } from "./authorize-action.ts";
import type { AuthorizeContext } from "./authorize-context.ts";
import { createAuthorizePage } from "./authorize-page.ts";
import { createCookies } from "./cookies.ts";
import { createFailureRenderer } from "./pages/page.ts";
import { chooseLanguage } from "./pages/texts/accept-language.ts";
import { createViews } from "./pages/view.ts";
import { createPagesRouter } from "./pages-router.ts";
import { createSessions } from "./sessions.ts";
import { createTransactions } from "./transactions.ts";

/** Everything that people see, at the one path, in the language that their browser asks for if there is more than one. */
export function createPagesHandler(parts: ServerParts, path: string): HttpHandler {
  const context = createContext(parts, path);
  const [first, ...more] = createViews(parts);
  const handle = createHandler(parts, { ...context, view: first });
  if (more.length === 0) return handle;
  const handlers = new Map(more.map((view) => [view.lang, createHandler(parts, { ...context, view })]));
  const languages = [first.lang, ...handlers.keys()] as const;
  return (request) => {
    const { headers = indexHeaders(request.rawHeaders) } = request;
    const handler = handlers.get(chooseLanguage(languages, headers.get("accept-language"))) ?? handle;
    return handler(request);
  };
}

/** The pages in one language. They never speak CORS (checklist A15), so they have a guard of their own. */
function createHandler(parts: ServerParts, context: AuthorizeContext): HttpHandler {
  const { view } = context;
  const methods = new Map([
    ["GET", createAuthorizePage(context)],
    ["POST", createAuthorizeAction(context)],
  ]);
  return parts.createGuard(createFailureRenderer(view))(createPagesRouter({ ...parts, view, methods }));
}

function createContext(parts: ServerParts, path: string): Omit<AuthorizeContext, "view"> {
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
