import { html } from "./html.ts";
import type { Page } from "./page.ts";

/** What the login page shows. */
export interface LoginPage {
  readonly action: string;
  readonly transactionId: string;
  readonly csrf: string;
  readonly clientName: string;
  /** After a failed attempt: the name that was typed. */
  readonly failedName?: string;
}

/** Name and password. The text after a failure is the same for an unknown name and a wrong password. */
export function loginPage({ action, transactionId, csrf, clientName, failedName }: LoginPage): Page {
  const failed = failedName !== undefined;
  const fault = failed ? html`<p class="alert" role="alert" id="fault">The name or the password is not right. Please try again.</p>` : null;
  const mark = failed ? html` aria-invalid="true" aria-describedby="fault"` : null;
  return {
    title: failed ? "Error: Sign in" : "Sign in",
    content: html`<h1>Sign in</h1>
<p>to continue to <strong>${clientName}</strong></p>
${fault}
<form method="post" action="${action}">
<input type="hidden" name="transaction" value="${transactionId}">
<input type="hidden" name="csrf" value="${csrf}">
<label for="name">Name</label>
<input id="name" name="name" type="text" autocomplete="username" autocapitalize="none" spellcheck="false" maxlength="200" required value="${failedName ?? ""}"${mark}${failed ? null : html` autofocus`}>
<label for="password">Password</label>
<input id="password" name="password" type="password" autocomplete="current-password" maxlength="1024" required${mark}${failed ? html` autofocus` : null}>
<button type="submit" name="action" value="sign-in">Sign in</button>
</form>`,
  };
}
