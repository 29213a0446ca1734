import type { HttpFailure } from "../../../http/failure.ts";
import type { HttpHeaders, HttpResponse } from "../../../http/message.ts";
import { html } from "./html.ts";
import type { Markup } from "./html.ts";
import { STYLE, STYLE_HASH } from "./style.ts";
import { fill } from "./texts/page-texts.ts";
import type { View } from "./view.ts";

/** One page: what it is called and what stands in its card. */
export interface Page {
  readonly title: string | Markup;
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
export function renderPage(status: number, view: View, { title, content }: Page, headers: HttpHeaders = {}): HttpResponse {
  const { name, lang, dir, support, texts } = view;
  const { markup } = html`<!doctype html>
<html lang="${lang}" dir="${dir}">
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
${support === null ? null : html`<footer><a href="${support}">${texts.support}</a></footer>`}
</body>
</html>
`;
  return { status, headers: { ...PAGE_HEADERS, "content-type": "text/html; charset=utf-8", "content-language": lang, ...headers }, body: markup };
}

/** Sends the browser on by GET, whatever it came with (303; RFC 9700 section 4.12). */
export function redirect(location: string, headers: HttpHeaders = {}): HttpResponse {
  return { status: 303, headers: { ...PAGE_HEADERS, ...headers, location }, body: null };
}

/** What is shown in the place of an answer: a heading, a sentence below it, and at the end what helps to find it in the log. */
interface Failure {
  readonly title: string;
  readonly sentence: string | Markup;
  readonly requestId?: string;
}

/** A failure as a page. */
export function renderFailurePage(status: number, view: View, { title, sentence, requestId }: Failure, headers?: HttpHeaders): HttpResponse {
  const number = requestId === undefined ? null : html`<p class="muted">${fill(view.texts, "requestNumber", { id: requestId })}</p>`;
  return renderPage(status, view, { title, content: html`<h1>${title}</h1><p role="alert">${sentence}</p>${number}` }, headers);
}

/** The form of the guard's refusals: as a page, in words for whoever sits at the browser. */
export function createFailureRenderer(view: View): (failure: HttpFailure, requestId: string) => HttpResponse {
  return ({ status, headers }, requestId) => {
    const name = status === 429 || status === 503 ? "busy" : status >= 500 ? "serverError" : "requestRefused";
    return renderFailurePage(status, view, { title: view.texts[`${name}Title`], sentence: view.texts[`${name}Text`], requestId }, headers);
  };
}
