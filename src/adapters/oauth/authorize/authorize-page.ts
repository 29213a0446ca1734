import type { GuardedRequest } from "../../http/guard.ts";
import type { HttpHeaders, HttpResponse } from "../../http/message.ts";
import { parseForm } from "../form.ts";
import { createSecret } from "../random.ts";
import type { Endpoint } from "../endpoints/router.ts";
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
  const known = context.cookies.readBrowser(guarded.headers);
  const browserSecret = known ?? createSecret(context.randomBytes);
  const transactionId = await context.transactions.open(request, browserSecret);
  const headers: HttpHeaders = known === undefined ? { "set-cookie": [context.cookies.setBrowser(browserSecret)] } : {};
  const { client, scope, redirect_uri: redirectUri } = request;
  return askQuestion(context, { transactionId, browserSecret, client, scope, redirectUri }, await findSignedIn(context, guarded), headers);
}

async function showTransaction(context: AuthorizeContext, guarded: GuardedRequest, transactionId: string): Promise<HttpResponse> {
  const browserSecret = context.cookies.readBrowser(guarded.headers);
  const stored = await context.transactions.find(transactionId, browserSecret);
  if (stored === undefined || browserSecret === undefined) throw endedTransaction();
  const { client_id, scope, redirect_uri: redirectUri, answer } = stored.transaction;
  if (answer !== "open") throw answeredTransaction();
  const client = await requireClient(context, client_id);
  return askQuestion(context, { transactionId, browserSecret, client, scope, redirectUri }, await findSignedIn(context, guarded));
}
