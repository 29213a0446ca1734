import type { HttpFailure } from "../../../http/failure.ts";
import type { HttpHeaders, HttpResponse } from "../../../http/message.ts";
import { html } from "./html.ts";
import type { Markup } from "./html.ts";
import { STYLE, STYLE_HASH } from "./style.ts";

/** One page: what it is called and what stands in its card. */
export interface Page {
  readonly title: string;
  readonly content: Markup;
}

/**
 * On everything that a browser is sent (checklist A14). There is no form-action: browsers apply it to the
 * redirect behind the form as well, and would stop the way back to the app.
 */
const PAGE_HEADERS: HttpHeaders = Object.freeze({
  "cache-control": "no-store",
  "referrer-policy": "no-referrer",
  "x-frame-options": "DENY",
  "content-security-policy": `default-src 'none'; style-src ${STYLE_HASH}; frame-ancestors 'none'; base-uri 'none'`,
});

const STYLE_ELEMENT: Markup = { markup: `<style>${STYLE}</style>` };

/** A page for a person. It has no script and asks nothing of any other host. */
export function renderPage(status: number, name: string, { title, content }: Page, headers: HttpHeaders = {}): HttpResponse {
  const { markup } = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>${title} - ${name}</title>
${STYLE_ELEMENT}
</head>
<body>
<main>
<p class="brand">${name}</p>
${content}
</main>
</body>
</html>
`;
  return { status, headers: { ...PAGE_HEADERS, "content-type": "text/html; charset=utf-8", ...headers }, body: markup };
}

/** Sends the browser on by GET, whatever it came with (303; RFC 9700 section 4.12). */
export function redirect(location: string, headers: HttpHeaders = {}): HttpResponse {
  return { status: 303, headers: { ...PAGE_HEADERS, ...headers, location }, body: null };
}

/** A failure that is shown to a person, and to nobody else: there is no app that it could be told to. */
export class PageError extends Error {
  override readonly name = "PageError";
  readonly status: number;
  readonly title: string;
  readonly headers: HttpHeaders;

  constructor(status: number, title: string, message: string, headers: HttpHeaders = {}) {
    super(message);
    this.status = status;
    this.title = title;
    this.headers = headers;
  }
}

/** A page error as a page. */
export function renderPageError(name: string, error: PageError): HttpResponse {
  return renderPage(error.status, name, { title: error.title, content: html`<h1>${error.title}</h1><p role="alert">${error.message}</p>` }, error.headers);
}

/** A refusal of the guard in front, as a page. */
export function renderFailurePage(name: string): (failure: HttpFailure, requestId: string) => HttpResponse {
  return (failure, requestId) => {
    const title = failure.status >= 500 ? "Something went wrong" : "This request cannot be answered";
    const content = html`<h1>${title}</h1><p role="alert">${failure.message}</p><p class="muted">Request ${requestId}</p>`;
    return renderPage(failure.status, name, { title, content }, failure.headers);
  };
}
