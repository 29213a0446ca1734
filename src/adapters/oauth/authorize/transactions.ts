import { list, oneOf, text } from "../../../domain/params/index.ts";
import type { Clock, NewId, StoredRecord } from "../../../domain/ports.ts";
import { digestOf } from "../hashing.ts";
import { create, replace } from "../oauth-store.ts";
import type { OAuthStore } from "../oauth-store.ts";
import { createRecordReader } from "../record-reader.ts";
import type { AuthorizationRequest } from "./authorization-request.ts";

const toTransaction = createRecordReader({
  client_id: text(),
  redirect_uri: text(),
  state: text().nullable().default(null),
  scope: list(text()),
  code_challenge: text(),
  /** The digest of the secret of the browser it was opened in. */
  browser: text(),
  /** Who has answered. */
  user_id: text().nullable().default(null),
  /** How the user has answered so far. */
  answer: oneOf(["open", "approved", "denied"]),
  /** The part of the code that is made here, once there is a code: the rest is in the browser. */
  code_salt: text().nullable().default(null),
});

/** What an app has asked a user in one browser; kept here, so that nothing in the page can change it. */
export type Transaction = ReturnType<typeof toTransaction>;

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
  /** From now on it belongs to whoever has this secret; false when somebody changed it meanwhile. */
  handOver(stored: StoredTransaction, browserSecret: string): Promise<boolean>;
}

/** Options of {@link createTransactions}. */
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
      const transaction: Transaction = { client_id: client.client_id, redirect_uri, state, scope, code_challenge, browser, user_id: null, answer: "open", code_salt: null };
      await store.commit([create(TRANSACTIONS, id, transaction, clock() + LIFETIME_MS)]);
      return id;
    },
    async find(id, browserSecret) {
      if (browserSecret === undefined) return undefined;
      const record = await store.find(TRANSACTIONS, id);
      const transaction = record && toTransaction(record.value);
      return record !== undefined && transaction?.browser === digestOf(browserSecret) ? { id, transaction, record } : undefined;
    },
    handOver: ({ record, transaction }, browserSecret) => store.commit([replace(record, { ...transaction, browser: digestOf(browserSecret) })]),
  };
}
