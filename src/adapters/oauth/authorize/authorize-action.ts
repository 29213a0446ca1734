import type { GuardedRequest } from "../../http/guard.ts";
import { parseMediaType } from "../../http/media/media-type.ts";
import type { HttpResponse } from "../../http/message.ts";
import { equalSecrets } from "../hashing.ts";
import { OAuthError, TooManyAttempts } from "../oauth-error.ts";
import { readBodyParameters } from "../request-parameters.ts";
import type { RequestParameters } from "../request-parameters.ts";
import type { Endpoint } from "../endpoints/router.ts";
import type { AuthorizeContext } from "./authorize-context.ts";
import { answerConsent } from "./consent.ts";
import { answeredTransaction, endedTransaction, forgedForm } from "./faults.ts";
import { loginPage } from "./pages/login-page.ts";
import type { FailedSignIn } from "./pages/login-page.ts";
import { redirect, renderPage } from "./pages/page.ts";
import { PageError } from "./pages/page-error.ts";
import { fill } from "./pages/texts/page-texts.ts";
import { formatWait } from "./pages/view.ts";
import type { View } from "./pages/view.ts";
import { csrfOf, findSignedIn, requireClient, toForm } from "./question.ts";
import { isCrossSite } from "./same-site.ts";
import type { StoredTransaction } from "./transactions.ts";

/** A form of ours that was sent. */
interface Submission {
  readonly guarded: GuardedRequest;
  readonly parameters: RequestParameters;
  readonly stored: StoredTransaction;
  readonly browserSecret: string;
}

type Action = (context: AuthorizeContext, submission: Submission) => Promise<HttpResponse>;

const MAX_NAME_LENGTH = 200;

/** What the buttons of the pages do. */
const ACTIONS: ReadonlyMap<string, Action> = new Map([
  ["sign-in", signIn],
  ["switch-user", switchUser],
  ["approve", (context: AuthorizeContext, submission: Submission) => answer(context, submission, "approved")],
  ["deny", (context: AuthorizeContext, submission: Submission) => answer(context, submission, "denied")],
]);

/** `POST /oauth/authorize`: the forms of our own pages and nothing else. */
export function createAuthorizeAction(context: AuthorizeContext): Endpoint {
  return async (guarded) => {
    const submission = await readSubmission(context, guarded);
    const action = ACTIONS.get(submission.parameters.get("action") ?? "");
    if (action === undefined) throw forgedForm();
    return action(context, submission);
  };
}

async function readSubmission(context: AuthorizeContext, guarded: GuardedRequest): Promise<Submission> {
  if (parseMediaType(guarded.headers.get("content-type") ?? "")?.essence !== "application/x-www-form-urlencoded") {
    throw new PageError(400, { name: "requestRefused" });
  }
  if (isCrossSite(guarded.headers, context.origin)) throw forgedForm();
  const parameters = await readBodyParameters(guarded);
  const browserSecret = context.cookies.readBrowser(guarded.headers);
  const id = parameters.get("transaction") ?? "";
  if (browserSecret === undefined || !equalSecrets(parameters.get("csrf") ?? "", csrfOf(browserSecret, id))) throw forgedForm();
  const stored = await context.transactions.find(id, browserSecret);
  if (stored === undefined) throw endedTransaction();
  return { guarded, parameters, stored, browserSecret };
}

async function signIn(context: AuthorizeContext, submission: Submission): Promise<HttpResponse> {
  const { guarded, parameters, stored } = submission;
  const name = parameters.get("name") ?? "";
  const user = await context.verifyPassword(name, parameters.get("password") ?? "", guarded.request.remoteAddress).catch(toRefusal);
  if (user === undefined || user instanceof OAuthError) return askAgain(context, submission, name, user);
  await context.sessions.end(context.cookies.readSession(guarded.headers));
  const secret = await context.sessions.begin(user);
  context.observe({ event: "oauth.signed_in", requestId: guarded.requestId, user_id: user.user_id });
  return redirect(toTransactionPath(context, stored), { "set-cookie": [context.cookies.setSession(secret)] });
}

/** A refusal before the password was looked at: too many attempts, or too much to do. */
function toRefusal(error: unknown): OAuthError {
  if (error instanceof OAuthError) return error;
  throw error;
}

/** The form again, with the name but never the password, and why it is there again. */
async function askAgain(context: AuthorizeContext, { guarded, stored, browserSecret }: Submission, name: string, refusal: OAuthError | undefined): Promise<HttpResponse> {
  const { view, observe } = context;
  if (refusal === undefined) observe({ event: "oauth.sign_in_failed", requestId: guarded.requestId });
  const client = await requireClient(context, stored.transaction.client_id);
  const form = toForm(context, { transactionId: stored.id, browserSecret, client });
  const failed = { name: name.slice(0, MAX_NAME_LENGTH), sentence: explain(view, refusal), isChecked: refusal === undefined };
  return renderPage(refusal?.status ?? 403, view, loginPage(view.texts, { ...form, failed }), refusal?.headers);
}

function explain(view: View, refusal: OAuthError | undefined): FailedSignIn["sentence"] {
  if (refusal === undefined) return view.texts.signInRefused;
  return refusal instanceof TooManyAttempts ? fill(view.texts, "signInThrottled", { wait: formatWait(view, refusal.waitSeconds) }) : view.texts.signInBusy;
}

async function switchUser(context: AuthorizeContext, { guarded, stored }: Submission): Promise<HttpResponse> {
  await context.sessions.end(context.cookies.readSession(guarded.headers));
  return redirect(toTransactionPath(context, stored), { "set-cookie": [context.cookies.clearSession()] });
}

async function answer(context: AuthorizeContext, { guarded, stored, browserSecret }: Submission, given: "approved" | "denied"): Promise<HttpResponse> {
  const user = await findSignedIn(context, guarded);
  if (user === undefined) return redirect(toTransactionPath(context, stored));
  const client = await requireClient(context, stored.transaction.client_id);
  const location = await answerConsent(context, { id: stored.id, browserSecret, client, user, given });
  if (location === undefined) throw answeredTransaction();
  return redirect(location);
}

/** Where the browser comes back to within a sign-in: always a transaction of ours, never an address that was sent. */
function toTransactionPath({ formAction }: AuthorizeContext, { id }: StoredTransaction): string {
  return `${formAction}?transaction=${id}`;
}
