import assert from "node:assert/strict";
import { test } from "node:test";
import type { Sent } from "./transports/sent.ts";
import { openShop, type Shop, type ShopOptions } from "./shop.ts";
import { ROW_TRANSPORTS, type Received } from "./transports/transports.ts";

export { toRequest, type Sent } from "./transports/sent.ts";
export { addCheck, addTransport, clearTransports, TRANSPORTS, type Received, type Transport } from "./transports/transports.ts";

/** What must come back. */
export interface Expected {
  readonly status: number;
  /** By lower-case name; null: it must not be there. */
  readonly headers?: Readonly<Record<string, string | null>>;
  /** The whole JSON, compared byte for byte so that the order of the keys counts. Null: no body at all. */
  readonly body: unknown;
  /** How many unforeseen failures the log has. Default: none. */
  readonly failures?: number;
}

/** A row: a sentence, a request, its answer. */
export type Case = readonly [sentence: string, sent: Sent, expected: Expected];

/** Runs every row by every transport that can say it, each in a shop of its own. */
export function testCases(cases: readonly Case[], options?: ShopOptions): void {
  for (const { name, send, without, canSay = () => true } of ROW_TRANSPORTS) {
    for (const [sentence, sent, expected] of cases.filter(([, each]) => canSay(each))) {
      test(`${name}: ${sentence}`, { skip: without?.get(sentence) ?? false }, async () => {
        const shop = openShop(options);
        check(await send(shop.handler, sent), expected, shop, sent);
      });
    }
  }
}

/** Compares a whole answer, and sees that nothing unforeseen happened behind it. */
export function check(received: Received, expected: Expected, shop: Shop, sent: Sent): void {
  const { status, headers, text } = received;
  if (expected.body !== null && sent.method !== "HEAD") {
    assert.deepEqual(JSON.parse(text), expected.body);
    assert.equal(text, JSON.stringify(expected.body), "the keys stand in the contract's order");
    assert.equal(headers["content-type"], "application/json; charset=utf-8");
  } else assert.equal(text, "");
  assert.equal(status, expected.status);
  assert.equal(headers["cache-control"], "no-store");
  assert.equal(headers["x-content-type-options"], "nosniff");
  assert.match(headers["x-request-id"] ?? "", /^[A-Za-z0-9._~-]{1,128}$/);
  for (const [name, value] of Object.entries(expected.headers ?? {})) assert.equal(headers[name] ?? null, value, name);
  checkFailures(shop, expected.failures ?? 0);
}

/** An answer of 500 that nobody expected fails the test, wherever it was given. */
export function checkFailures({ failures }: Shop, expected: number): void {
  assert.equal(failures.length, expected, failures.map(({ event, error }) => `${event}: ${String(error)}`).join("\n"));
}
