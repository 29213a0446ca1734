import type { GuardedRequest } from "../../http/guard.ts";
import type { HttpHeaders, HttpResponse } from "../../http/message.ts";
import { parseForm } from "../form.ts";
import { createSecret } from "../random.ts";
import type { Endpoint } from "../endpoints/router.ts";
import type { User } from "../users/user-record.ts";
import { toAddressKey } from "../../http/address-key.ts";
import { readAuthorizationRequest } from "./authorization-request.ts";
import type { AuthorizeContext } from "./authorize-context.ts";
import { answeredTransaction, endedTransaction } from "./faults.ts";
import { askQuestion, findSignedIn, requireClient } from "./question.ts";

/** Transactions that one address may open; each is a record. */
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

async function openTransaction(context: AuthorizeContext, guarded: GuardedRequest): Promise<HttpResponse> {
  const request = await readAuthorizationRequest(guarded.query, context);
  context.throttle.charge([{ key: `authorize:${toAddressKey(guarded.request.remoteAddress)}`, limit: OPENED_PER_ADDRESS }]);
  const user = await findSignedIn(context, guarded);
  const known = context.cookies.readBrowser(guarded.headers);
  const browserSecret = (await findBrowserSecret(context, guarded, user)) ?? createSecret(context.randomBytes);
  const transactionId = await context.transactions.open(request, browserSecret);
  const { client, scope, redirect_uri: redirectUri } = request;
  return askQuestion(context, { transactionId, browserSecret, client, scope, redirectUri }, user, toCookie(context, known, browserSecret));
}

/** The secret that this browser is to have: the one it shows, unless somebody is signed in and it is not that session's. */
async function findBrowserSecret({ cookies, sessions }: AuthorizeContext, { headers }: GuardedRequest, user: User | undefined): Promise<string | undefined> {
  const shown = cookies.readBrowser(headers);
  return user === undefined ? shown : sessions.browserSecret(cookies.readSession(headers), shown);
}

function toCookie({ cookies }: AuthorizeContext, known: string | undefined, browserSecret: string): HttpHeaders {
  return known === browserSecret ? {} : { "set-cookie": [cookies.setBrowser(browserSecret)] };
}

async function showTransaction(context: AuthorizeContext, guarded: GuardedRequest, transactionId: string): Promise<HttpResponse> {
  const known = context.cookies.readBrowser(guarded.headers);
  const stored = await context.transactions.find(transactionId, known);
  if (stored === undefined) throw endedTransaction();
  const { client_id, scope, redirect_uri: redirectUri, answer } = stored.transaction;
  if (answer !== "open") throw answeredTransaction();
  const client = await requireClient(context, client_id);
  const user = await findSignedIn(context, guarded);
  const browserSecret = await findBrowserSecret(context, guarded, user);
  if (browserSecret === undefined || (browserSecret !== known && !(await context.transactions.handOver(stored, browserSecret)))) throw endedTransaction();
  return askQuestion(context, { transactionId, browserSecret, client, scope, redirectUri }, user, toCookie(context, known, browserSecret));
}
