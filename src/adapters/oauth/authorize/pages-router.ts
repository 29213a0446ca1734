import type { GuardedHandler } from "../../http/guard.ts";
import { OAuthError } from "../oauth-error.ts";
import type { OAuthStore } from "../oauth-store.ts";
import type { Endpoint } from "../endpoints/router.ts";
import { toAnswerUri } from "./answer-uri.ts";
import { RedirectError } from "./authorization-request.ts";
import { PageError, redirect, renderPageError } from "./pages/page.ts";

/** Options of {@link createPagesRouter}. */
export interface PagesRouterOptions {
  readonly methods: ReadonlyMap<string, Endpoint>;
  readonly store: OAuthStore;
  readonly issuer: string;
  readonly name: string;
}

/** Answers the one path with pages, by method; a failure too is a page that a person understands, or goes back to the app. */
export function createPagesRouter({ methods, store, issuer, name }: PagesRouterOptions): GuardedHandler {
  return async (guarded) => {
    try {
      const endpoint = methods.get(guarded.request.method === "HEAD" ? "GET" : guarded.request.method);
      if (endpoint === undefined) throw new PageError(405, "This request cannot be answered", "This page answers GET and POST.", { allow: "GET, POST, HEAD" });
      return await store.answerDurably(() => endpoint(guarded));
    } catch (error) {
      if (error instanceof RedirectError) return redirect(toAnswerUri(error.destination, issuer, { error: error.code, error_description: error.message }));
      if (error instanceof PageError) return renderPageError(name, error);
      if (error instanceof OAuthError) return renderPageError(name, new PageError(error.status, TITLES.get(error.status) ?? "This request cannot be answered", error.message, error.headers));
      throw error;
    }
  };
}

const TITLES: ReadonlyMap<number, string> = new Map([
  [429, "Please wait a moment"],
  [503, "Please try again later"],
]);
