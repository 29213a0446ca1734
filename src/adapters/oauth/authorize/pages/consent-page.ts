import { ALL_PERMISSIONS } from "../../../../domain/identity.ts";
import { isLoopbackRedirectUri } from "../../clients/redirect-uri.ts";
import { html } from "./html.ts";
import type { Markup } from "./html.ts";
import type { Page } from "./page.ts";
import { fill } from "./texts/page-texts.ts";
import type { PageTexts } from "./texts/page-texts.ts";
import type { View } from "./view.ts";

/** What the consent page shows. */
export interface ConsentPage {
  readonly action: string;
  readonly transactionId: string;
  readonly csrf: string;
  readonly clientName: string;
  readonly clientDescription: string;
  readonly userName: string;
  readonly redirectUri: string;
  /** What the app asks for; none means all that the user may do. */
  readonly scope: readonly string[];
}

/** Names the app, what it asks for and where the answer goes; Allow and Deny. */
export function consentPage(view: View, page: ConsentPage): Page {
  const { texts } = view;
  const app = page.clientName;
  const title = fill(texts, "asksForAccess", { app });
  return {
    title,
    content: html`<h1>${title}</h1>
${page.clientDescription === "" ? null : html`<p>${page.clientDescription}</p>`}
<p id="asks">${fill(texts, "onYourBehalf", { app })}</p>
<ul aria-labelledby="asks">${listPermissions(view, page.scope)}</ul>
${describeDestination(texts, page.redirectUri)}
<form method="post" action="${page.action}">
<input type="hidden" name="transaction" value="${page.transactionId}">
<input type="hidden" name="csrf" value="${page.csrf}">
<div class="choices">
<button type="submit" name="action" value="approve">${texts.allow}</button>
<button type="submit" name="action" value="deny" class="plain">${texts.deny}</button>
</div>
<p class="who muted"><span>${fill(texts, "signedInAs", { user: html`<strong>${page.userName}</strong>` })}</span> <button type="submit" name="action" value="switch-user" class="link">${texts.switchUser}</button></p>
</form>`,
  };
}

/** The sentence of each permission; its code where nobody has written one. */
function listPermissions({ texts, meanings }: View, scope: readonly string[]): readonly Markup[] {
  if (scope.length === 0 || scope.includes(ALL_PERMISSIONS)) return [html`<li>${texts.everything}</li>`];
  return scope.map((permission) => {
    const meaning = Object.hasOwn(meanings, permission) ? (meanings[permission] ?? "") : "";
    return meaning === "" ? html`<li><code>${permission}</code></li>` : html`<li>${meaning}</li>`;
  });
}

/** A program on the user's own machine cannot be told from another one there, so the user is asked to think. */
function describeDestination(texts: PageTexts, redirectUri: string): Markup {
  const { protocol, host, hostname } = new URL(redirectUri);
  if (isLoopbackRedirectUri(redirectUri)) return html`<p class="note">${fill(texts, "ownDevice", { host: html`<strong>${hostname}</strong>` })}</p>`;
  const destination = host === "" ? protocol.slice(0, -1) : host;
  return html`<p class="muted">${fill(texts, "returnTo", { host: html`<strong>${destination}</strong>` })}</p>`;
}
