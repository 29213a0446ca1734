import { html } from "./html.ts";
import type { Markup } from "./html.ts";
import type { Page } from "./page.ts";
import { fill } from "./texts/page-texts.ts";
import type { PageTexts } from "./texts/page-texts.ts";

/** What the login page shows. */
export interface LoginPage {
  readonly action: string;
  readonly transactionId: string;
  readonly csrf: string;
  readonly clientName: string;
  /** After an attempt that did not succeed. */
  readonly failed?: FailedSignIn;
}

/** Why nobody is signed in yet. */
export interface FailedSignIn {
  /** What was typed as the name; a password is never sent back. */
  readonly name: string;
  readonly sentence: string | Markup;
  /** Were the name and the password looked at? Not where there were too many attempts, or the server was busy. */
  readonly isChecked: boolean;
}

/** Name and password, and above them what went wrong the last time. */
export function loginPage(texts: PageTexts, { action, transactionId, csrf, clientName, failed }: LoginPage): Page {
  const fault = failed === undefined ? null : html`<p class="alert" role="alert" id="fault">${failed.sentence}</p>`;
  const mark = failed === undefined ? null : html`${failed.isChecked ? html` aria-invalid="true"` : null} aria-describedby="fault"`;
  const [focusName, focusPassword] = failed === undefined ? [html` autofocus`, null] : [null, html` autofocus`];
  return {
    title: failed === undefined ? texts.signIn : fill(texts, "titleWithError", { title: texts.signIn }),
    content: html`<h1>${texts.signIn}</h1>
<p>${fill(texts, "continueTo", { app: html`<strong>${clientName}</strong>` })}</p>
${fault}
<form method="post" action="${action}">
<input type="hidden" name="transaction" value="${transactionId}">
<input type="hidden" name="csrf" value="${csrf}">
<label for="name">${texts.name}</label>
<input id="name" name="name" type="text" autocomplete="username" autocapitalize="none" spellcheck="false" maxlength="200" required value="${failed?.name ?? ""}"${mark}${focusName}>
<label for="password">${texts.password}</label>
<input id="password" name="password" type="password" autocomplete="current-password" maxlength="1024" required${mark}${focusPassword}>
<button type="submit" name="action" value="sign-in">${texts.signIn}</button>
</form>`,
  };
}
