import type { Client } from "../clients/client-record.ts";
import { CODES, toAuthorizationCode } from "../grants/grant-record.ts";
import type { AuthorizationCode } from "../grants/grant-record.ts";
import { deriveSecret, digestOf } from "../hashing.ts";
import { create, replace } from "../oauth-store.ts";
import { createSecret } from "../random.ts";
import type { User } from "../users/user-record.ts";
import { toAnswerUri } from "./answer-uri.ts";
import type { AuthorizeContext } from "./authorize-context.ts";
import type { Transaction } from "./transactions.ts";

/** A user's answer to what an app asks. */
export interface ConsentAnswer {
  /** The transaction's. */
  readonly id: string;
  readonly browserSecret: string;
  readonly client: Client;
  readonly user: User;
  readonly given: "approved" | "denied";
}

/** A code is redeemed within a breath or not at all, in milliseconds. */
const CODE_LIFETIME_MS = 60_000;

/**
 * Keeps the answer and says where the browser goes with it; undefined when another answer, or another
 * user's, was given before. One commit closes the transaction and makes the code, so a transaction has at
 * most one code. The code is derived from the browser's secret and a random part that is made and kept here: a form that is sent
 * twice by an impatient finger gets the same redirect for as long as the code waits, and neither whoever has planted the secret
 * nor whoever reads the store can tell the code.
 */
export async function answerConsent(context: AuthorizeContext, answer: ConsentAnswer): Promise<string | undefined> {
  const { id, browserSecret, user, given } = answer;
  const stored = await context.transactions.find(id, browserSecret);
  if (stored === undefined) return undefined;
  const { transaction, record } = stored;
  const code_salt = transaction.code_salt ?? createSecret(context.randomBytes);
  const code = deriveSecret(browserSecret, `code ${id} ${code_salt}`);
  if (transaction.answer === "open") {
    const closed = replace(record, { ...transaction, user_id: user.user_id, answer: given, code_salt });
    const made = given === "denied" ? [] : [create(CODES, digestOf(code), toCode(context, answer, transaction), context.clock() + CODE_LIFETIME_MS)];
    if (!(await context.store.commit([closed, ...made]))) return answerConsent(context, answer);
    context.observe({ event: `oauth.consent_${given}`, client_id: transaction.client_id, user_id: user.user_id });
  } else if (transaction.answer !== given || transaction.user_id !== user.user_id || (given === "approved" && !(await isWaiting(context, code)))) {
    return undefined;
  }
  const outcome = given === "approved" ? { code } : { error: "access_denied", error_description: "The user has denied the request." };
  return toAnswerUri(transaction, context.issuer, outcome);
}

/** Has the app not collected it yet? A used code that came to it again would look stolen, and end the grant. */
async function isWaiting({ store }: AuthorizeContext, code: string): Promise<boolean> {
  const record = await store.find(CODES, digestOf(code));
  return record !== undefined && !toAuthorizationCode(record.value).used;
}

function toCode(context: AuthorizeContext, { client, user }: ConsentAnswer, { redirect_uri, scope, code_challenge }: Transaction): AuthorizationCode {
  return {
    grant_id: context.newId(),
    client_id: client.client_id,
    user_id: user.user_id,
    scope,
    client_epoch: client.epoch,
    user_epoch: user.epoch,
    redirect_uri,
    code_challenge,
    used: false,
    failed_attempts: 0,
  };
}
