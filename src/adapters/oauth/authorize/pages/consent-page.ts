import { ALL_PERMISSIONS } from "../../../../domain/identity.ts";
import { isLoopbackRedirectUri } from "../../clients/redirect-uri.ts";
import { html } from "./html.ts";
import type { Markup } from "./html.ts";
import type { Page } from "./page.ts";

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
  /** What permissions mean, in a person's words. */
  readonly meanings: Readonly<Record<string, string>>;
}

/** Names the app, what it asks for and where the answer goes; Authorize and Deny. */
export function consentPage(page: ConsentPage): Page {
  return {
    title: `Authorize ${page.clientName}`,
    content: html`<h1>${page.clientName} asks for access</h1>
${page.clientDescription === "" ? null : html`<p>${page.clientDescription}</p>`}
<p id="asks">If you authorize it, it may do this in your name:</p>
<ul aria-labelledby="asks">${listPermissions(page)}</ul>
${describeDestination(page.redirectUri)}
<form method="post" action="${page.action}">
<input type="hidden" name="transaction" value="${page.transactionId}">
<input type="hidden" name="csrf" value="${page.csrf}">
<div class="choices">
<button type="submit" name="action" value="approve">Authorize</button>
<button type="submit" name="action" value="deny" class="plain">Deny</button>
</div>
<p class="who muted"><span>Signed in as <strong>${page.userName}</strong></span> <button type="submit" name="action" value="switch-user" class="link">Not you?</button></p>
</form>`,
  };
}

function listPermissions({ scope, meanings }: ConsentPage): readonly Markup[] {
  if (scope.length === 0 || scope.includes(ALL_PERMISSIONS)) return [html`<li>Everything that you may do here</li>`];
  return scope.map((permission) => {
    const meaning = Object.hasOwn(meanings, permission) ? (meanings[permission] ?? "") : "";
    return meaning === "" ? html`<li>${permission}</li>` : html`<li>${meaning} <code>${permission}</code></li>`;
  });
}

/** A program on the user's own machine cannot be told from another one there, so the user is asked to think. */
function describeDestination(redirectUri: string): Markup {
  if (isLoopbackRedirectUri(redirectUri)) {
    return html`<p class="note">This app runs on your own device (<strong>${new URL(redirectUri).hostname}</strong>). Go on only if you have just started it yourself.</p>`;
  }
  const { protocol, host } = new URL(redirectUri);
  return html`<p class="muted">Afterwards you go back to <strong>${host === "" ? protocol.slice(0, -1) : host}</strong>.</p>`;
}
