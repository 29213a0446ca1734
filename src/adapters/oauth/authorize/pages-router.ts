import type { GuardedHandler } from "../../http/guard.ts";
import { OAuthError } from "../oauth-error.ts";
import type { OAuthStore } from "../oauth-store.ts";
import type { Endpoint } from "../endpoints/router.ts";
import { toAnswerUri } from "./answer-uri.ts";
import { RedirectError } from "./authorization-request.ts";
import { toPageError } from "./faults.ts";
import { redirect } from "./pages/page.ts";
import { PageError, renderPageError } from "./pages/page-error.ts";
import type { View } from "./pages/view.ts";

/** Options of {@link createPagesRouter}. */
export interface PagesRouterOptions {
  readonly methods: ReadonlyMap<string, Endpoint>;
  readonly store: OAuthStore;
  readonly issuer: string;
  readonly view: View;
}

/** Answers the one path with pages, by method; a failure too is a page that a person understands, or goes back to the app. */
export function createPagesRouter({ methods, store, issuer, view }: PagesRouterOptions): GuardedHandler {
  return async (guarded) => {
    if (guarded.traced !== null) guarded.traced.route = guarded.path;
    try {
      const endpoint = methods.get(guarded.request.method === "HEAD" ? "GET" : guarded.request.method);
      if (endpoint === undefined) throw new PageError(405, { name: "requestRefused" }, { allow: "GET, POST, HEAD" });
      return await store.answerDurably(() => endpoint(guarded));
    } catch (error) {
      if (error instanceof RedirectError) return redirect(toAnswerUri(error.destination, issuer, { error: error.code, error_description: error.message }));
      if (error instanceof PageError) return renderPageError(view, error);
      if (error instanceof OAuthError) return renderPageError(view, toPageError(error));
      throw error;
    }
  };
}
