import type { GuardedRequest } from "../../http/guard.ts";
import type { HttpHeaders, HttpResponse } from "../../http/message.ts";
import type { Client } from "../clients/client-record.ts";
import { deriveSecret } from "../hashing.ts";
import type { User } from "../users/user-record.ts";
import type { AuthorizeContext } from "./authorize-context.ts";
import { consentPage } from "./pages/consent-page.ts";
import { unknownClient } from "./faults.ts";
import { loginPage } from "./pages/login-page.ts";
import { renderPage } from "./pages/page.ts";

/** What an app asks of whoever sits at this browser. */
export interface Question {
  readonly transactionId: string;
  readonly browserSecret: string;
  readonly client: Client;
  readonly scope: readonly string[];
  readonly redirectUri: string;
}

/** The page that asks: for the password, or when a user is signed in for consent. */
export function askQuestion(context: AuthorizeContext, question: Question, user: User | undefined, headers: HttpHeaders = {}): HttpResponse {
  const { client, scope, redirectUri } = question;
  const form = toForm(context, question);
  if (user === undefined) return renderPage(200, context.view, loginPage(context.view.texts, form), headers);
  const shown = scope.length === 0 && client.scopes !== null ? client.scopes : scope;
  const page = consentPage(context.view, { ...form, clientDescription: client.description, userName: user.name, redirectUri, scope: shown });
  return renderPage(200, context.view, page, headers);
}

/** What the form of every page of a transaction has. */
export function toForm(context: AuthorizeContext, { transactionId, browserSecret, client }: Pick<Question, "transactionId" | "browserSecret" | "client">) {
  return { action: context.formAction, transactionId, csrf: csrfOf(browserSecret, transactionId), clientName: client.name };
}

/** Only a page of ours, in this browser, for this transaction can know it. */
export function csrfOf(browserSecret: string, transactionId: string): string {
  return deriveSecret(browserSecret, `csrf ${transactionId}`);
}

/** The user who is signed in in this browser. */
export function findSignedIn(context: AuthorizeContext, { headers }: GuardedRequest): Promise<User | undefined> {
  return context.sessions.findUser(context.cookies.readSession(headers));
}

/** The client of an open transaction. */
export async function requireClient(context: AuthorizeContext, clientId: string): Promise<Client> {
  const client = await context.clients.find(clientId);
  if (client === undefined || client.disabled) throw unknownClient();
  return client;
}
