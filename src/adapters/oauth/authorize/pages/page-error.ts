import type { HttpHeaders, HttpResponse } from "../../../http/message.ts";
import { html } from "./html.ts";
import type { Markup } from "./html.ts";
import { renderFailurePage } from "./page.ts";
import { fill } from "./texts/page-texts.ts";
import { formatWait } from "./view.ts";
import type { View } from "./view.ts";

/** The failures whose sentence has nothing to be filled in. */
type PlainFault = "linkBroken" | "appUnknown" | "returnAddress" | "formRefused" | "signInEnded" | "answered" | "requestRefused" | "busy";

/** What went wrong, for the sentence about it. */
export type PageFault =
  | { readonly name: PlainFault }
  | { readonly name: "linkIncomplete"; readonly parameter: "client_id" | "redirect_uri" }
  | { readonly name: "tooManyPages"; readonly waitSeconds: number };

/** A failure that is shown to a person, and to nobody else: there is no app that it could be told to. */
export class PageError extends Error {
  override readonly name = "PageError";
  readonly status: number;
  readonly fault: PageFault;
  readonly headers: HttpHeaders;

  constructor(status: number, fault: PageFault, headers: HttpHeaders = {}) {
    super(fault.name);
    this.status = status;
    this.fault = fault;
    this.headers = headers;
  }
}

/** A page error as a page. */
export function renderPageError(view: View, { status, fault, headers }: PageError): HttpResponse {
  return renderFailurePage(status, view, { title: view.texts[`${fault.name}Title`], sentence: toSentence(view, fault) }, headers);
}

function toSentence(view: View, fault: PageFault): string | Markup {
  switch (fault.name) {
    case "linkIncomplete":
      return fill(view.texts, "linkIncompleteText", { parameter: html`<code>${fault.parameter}</code>` });
    case "tooManyPages":
      return fill(view.texts, "tooManyPagesText", { wait: formatWait(view, fault.waitSeconds) });
    default:
      return view.texts[`${fault.name}Text`];
  }
}
