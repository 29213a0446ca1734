import type { GuardedRequest } from "../../http/guard.ts";
import { parseMediaType } from "../../http/media-type.ts";
import type { HttpHeaders, HttpResponse } from "../../http/message.ts";
import type { Client } from "../client-record.ts";
import { parseForm } from "../form.ts";
import { deriveSecret, equalSecrets } from "../hashing.ts";
import { createSecret } from "../random.ts";
import { readBodyParameters } from "../request-parameters.ts";
import type { RequestParameters } from "../request-parameters.ts";
import type { Endpoint } from "../router.ts";
import { toAddressKey } from "../throttle.ts";
import type { User } from "../user-record.ts";
import { readAuthorizationRequest } from "./authorization-request.ts";
import type { AuthorizeContext } from "./authorize-context.ts";
import { answerConsent } from "./consent.ts";
import { consentPage } from "./consent-page.ts";
import { loginPage } from "./login-page.ts";
import { PageError, redirect, renderPage } from "./page.ts";
import { isCrossSite } from "./same-site.ts";
import type { StoredTransaction } from "./transactions.ts";

/** What a form was sent for. */
interface Submission {
  readonly guarded: GuardedRequest;
  readonly parameters: RequestParameters;
  readonly stored: StoredTransaction;
  readonly browserSecret: string;
}

const OPENED_PER_ADDRESS = { maxFailures: 300, windowMs: 5 * 60_000 };

/** `GET /oauth/authorize`: an app's question opens a transaction; its ID alone shows an open one again. Nothing is granted by GET. */
export function createAuthorizePage(context: AuthorizeContext): Endpoint {
  return async (guarded) => {
    const pairs = parseForm(guarded.query) ?? [];
    const [, transactionId] = pairs.find(([name]) => name === "transaction") ?? [];
    const isQuestion = transactionId === undefined || pairs.some(([name]) => name === "client_id");
    return isQuestion ? openTransaction(context, guarded) : showTransaction(context, guarded, transactionId);
  };
}

/** `POST /oauth/authorize`: what the buttons of the pages do. */
export function createAuthorizeAction(context: AuthorizeContext): Endpoint {
  const actions: ReadonlyMap<string, (submission: Submission) => Promise<HttpResponse>> = new Map([
    ["sign-in", (submission) => signIn(context, submission)],
    ["switch-user", (submission) => switchUser(context, submission)],
    ["approve", (submission) => answer(context, submission, "approved")],
    ["deny", (submission) => answer(context, submission, "denied")],
  ]);
  return async (guarded) => {
    const submission = await readSubmission(context, guarded);
    const action = actions.get(submission.parameters.get("action") ?? "");
    if (action === undefined) throw forged();
    return action(submission);
  };
}

async function openTransaction(context: AuthorizeContext, guarded: GuardedRequest): Promise<HttpResponse> {
  const request = await readAuthorizationRequest(guarded.query, context);
  context.throttle.charge([{ key: `authorize:${toAddressKey(guarded.request.remoteAddress)}`, limit: OPENED_PER_ADDRESS }]);
  const known = context.cookies.readBrowser(guarded.headers);
  const browserSecret = known ?? createSecret(context.randomBytes);
  const transactionId = await context.transactions.open(request, browserSecret);
  const headers: HttpHeaders = known === undefined ? { "set-cookie": [context.cookies.setBrowser(browserSecret)] } : {};
  const user = await findSignedIn(context, guarded);
  return ask(context, { transactionId, browserSecret, client: request.client, scope: request.scope, redirectUri: request.redirect_uri }, user, headers);
}

async function showTransaction(context: AuthorizeContext, guarded: GuardedRequest, transactionId: string): Promise<HttpResponse> {
  const browserSecret = context.cookies.readBrowser(guarded.headers);
  const stored = await context.transactions.find(transactionId, browserSecret);
  if (stored === undefined || browserSecret === undefined) throw ended();
  const { transaction } = stored;
  if (transaction.answer !== "open") throw answered();
  const client = await requireClient(context, transaction.client_id);
  const question = { transactionId, browserSecret, client, scope: transaction.scope, redirectUri: transaction.redirect_uri };
  return ask(context, question, await findSignedIn(context, guarded));
}

interface Question {
  readonly transactionId: string;
  readonly browserSecret: string;
  readonly client: Client;
  readonly scope: readonly string[];
  readonly redirectUri: string;
}

function ask(context: AuthorizeContext, question: Question, user: User | undefined, headers: HttpHeaders = {}): HttpResponse {
  const { transactionId, client, scope, redirectUri } = question;
  const form = { action: context.formAction, transactionId, csrf: csrfOf(question.browserSecret, transactionId), clientName: client.name };
  if (user === undefined) return renderPage(200, context.name, loginPage(form), headers);
  const shown = scope.length === 0 && client.scopes !== null ? client.scopes : scope;
  const page = consentPage({ ...form, clientDescription: client.description, userName: user.name, redirectUri, scope: shown, meanings: context.scopes });
  return renderPage(200, context.name, page, headers);
}

async function readSubmission(context: AuthorizeContext, guarded: GuardedRequest): Promise<Submission> {
  if (parseMediaType(guarded.headers.get("content-type") ?? "")?.essence !== "application/x-www-form-urlencoded") {
    throw new PageError(400, "This request cannot be answered", "This page takes its own form only.");
  }
  if (isCrossSite(guarded.headers, context.origin)) throw forged();
  const parameters = await readBodyParameters(guarded);
  const browserSecret = context.cookies.readBrowser(guarded.headers);
  const id = parameters.get("transaction") ?? "";
  if (browserSecret === undefined || !equalSecrets(parameters.get("csrf") ?? "", csrfOf(browserSecret, id))) throw forged();
  const stored = await context.transactions.find(id, browserSecret);
  if (stored === undefined) throw ended();
  return { guarded, parameters, stored, browserSecret };
}

async function signIn(context: AuthorizeContext, { guarded, parameters, stored, browserSecret }: Submission): Promise<HttpResponse> {
  const name = parameters.get("name") ?? "";
  const user = await context.verifyPassword(name, parameters.get("password") ?? "", guarded.request.remoteAddress);
  if (user === undefined) {
    context.observe({ event: "oauth.sign_in_failed", requestId: guarded.requestId });
    const client = await requireClient(context, stored.transaction.client_id);
    const form = { action: context.formAction, transactionId: stored.id, csrf: csrfOf(browserSecret, stored.id), clientName: client.name, failedName: name.slice(0, 200) };
    return renderPage(403, context.name, loginPage(form));
  }
  await context.sessions.end(context.cookies.readSession(guarded.headers));
  const secret = await context.sessions.begin(user);
  context.observe({ event: "oauth.signed_in", requestId: guarded.requestId, user_id: user.user_id });
  return redirect(`${context.formAction}?transaction=${stored.id}`, { "set-cookie": [context.cookies.setSession(secret)] });
}

async function switchUser(context: AuthorizeContext, { guarded, stored }: Submission): Promise<HttpResponse> {
  await context.sessions.end(context.cookies.readSession(guarded.headers));
  return redirect(`${context.formAction}?transaction=${stored.id}`, { "set-cookie": [context.cookies.clearSession()] });
}

async function answer(context: AuthorizeContext, { guarded, stored, browserSecret }: Submission, given: "approved" | "denied"): Promise<HttpResponse> {
  const user = await findSignedIn(context, guarded);
  if (user === undefined) return redirect(`${context.formAction}?transaction=${stored.id}`);
  const client = await requireClient(context, stored.transaction.client_id);
  const location = await answerConsent(context, { id: stored.id, browserSecret, client, user, given });
  if (location === undefined) throw answered();
  return redirect(location);
}

function findSignedIn(context: AuthorizeContext, guarded: GuardedRequest): Promise<User | undefined> {
  return context.sessions.findUser(context.cookies.readSession(guarded.headers));
}

async function requireClient(context: AuthorizeContext, clientId: string): Promise<Client> {
  const client = await context.clients.find(clientId);
  if (client !== undefined && !client.disabled) return client;
  throw new PageError(400, "This app is not known here", "The app that sent you here has been switched off. Tell the people who run the app.");
}

/** Only a page of ours, in this browser, for this transaction can know it. */
function csrfOf(browserSecret: string, transactionId: string): string {
  return deriveSecret(browserSecret, `csrf ${transactionId}`);
}

function forged(): PageError {
  return new PageError(403, "This form was not accepted", "It did not come from a page of this browser that is still open. If cookies are blocked, allow them for this site; then go back to the app and start again.");
}

function ended(): PageError {
  return new PageError(400, "This sign-in has ended", "It took too long, or it was begun in another browser. Go back to the app and start again.");
}

function answered(): PageError {
  return new PageError(400, "You have answered already", "This question was answered before. Go back to the app; if something is missing there, start again.");
}
