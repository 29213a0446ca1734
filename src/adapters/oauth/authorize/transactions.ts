import type { JsonObject } from "../../../domain/json.ts";
import type { Clock, NewId, StoredRecord } from "../../../domain/ports.ts";
import { digestOf } from "../hashing.ts";
import { create } from "../oauth-store.ts";
import type { OAuthStore } from "../oauth-store.ts";
import { nullableText, textField, textsField } from "../record-fields.ts";
import type { AuthorizationRequest } from "./authorization-request.ts";

/** How the user has answered so far. */
export type TransactionAnswer = "open" | "approved" | "denied";

/** What an app has asked a user in one browser; kept here, so that nothing in the page can change it. */
export type Transaction = {
  readonly client_id: string;
  readonly redirect_uri: string;
  readonly state: string | null;
  readonly scope: readonly string[];
  readonly code_challenge: string;
  /** The digest of the secret of the browser it was opened in. */
  readonly browser: string;
  /** Who has answered. */
  readonly user_id: string | null;
  readonly answer: TransactionAnswer;
};

/** A transaction with the record it came in. */
export interface StoredTransaction {
  readonly id: string;
  readonly transaction: Transaction;
  readonly record: StoredRecord;
}

/** Opens and finds transactions. They end after ten minutes. */
export interface Transactions {
  /** Answers its ID, which is worth nothing in another browser. */
  open(request: AuthorizationRequest, browserSecret: string): Promise<string>;
  /** Undefined when it has ended, or belongs to another browser. */
  find(id: string, browserSecret: string | undefined): Promise<StoredTransaction | undefined>;
}

/** What {@link createTransactions} needs. */
export interface TransactionsOptions {
  readonly store: OAuthStore;
  readonly clock: Clock;
  readonly newId: NewId;
}

const TRANSACTIONS = "oauth.transactions";
const LIFETIME_MS = 10 * 60_000;

/** Transactions as records. */
export function createTransactions({ store, clock, newId }: TransactionsOptions): Transactions {
  return {
    async open({ client, redirect_uri, state, scope, code_challenge }, browserSecret) {
      const id = newId();
      const browser = digestOf(browserSecret);
      const transaction: Transaction = { client_id: client.client_id, redirect_uri, state, scope, code_challenge, browser, user_id: null, answer: "open" };
      await store.commit([create(TRANSACTIONS, id, transaction, clock() + LIFETIME_MS)]);
      return id;
    },
    async find(id, browserSecret) {
      if (browserSecret === undefined) return undefined;
      const record = await store.find(TRANSACTIONS, id);
      const transaction = record && toTransaction(record.value);
      return record !== undefined && transaction?.browser === digestOf(browserSecret) ? { id, transaction, record } : undefined;
    },
  };
}

function toTransaction(value: JsonObject): Transaction {
  return {
    client_id: textField(value, "client_id"),
    redirect_uri: textField(value, "redirect_uri"),
    state: nullableText(value, "state"),
    scope: textsField(value, "scope"),
    code_challenge: textField(value, "code_challenge"),
    browser: textField(value, "browser"),
    user_id: nullableText(value, "user_id"),
    answer: toAnswer(textField(value, "answer")),
  };
}

function toAnswer(text: string): TransactionAnswer {
  return text === "approved" || text === "denied" ? text : "open";
}
