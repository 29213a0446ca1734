import assert from "node:assert/strict";
import type { SoakCall } from "./calls.ts";
import type { SoakAnswer, SoakConnection } from "./connection.ts";

/** What was asked for under a key, and what the trail must say of it. */
export class Ledger {
  /** Begun, and not answered so far. */
  readonly #open = new Map<string, SoakCall>();
  /** By key: how many entries of a success there must be. */
  readonly #entries = new Map<string, number>();

  begin(call: SoakCall): void {
    if (call.key !== undefined) this.#open.set(call.key, call);
  }

  end(call: SoakCall, answer: SoakAnswer): void {
    if (call.key === undefined) return;
    this.#open.delete(call.key);
    const entries = entriesOf(call, answer);
    if (entries !== null) this.#entries.set(call.key, entries);
  }

  /** Makes every call again that nobody got an answer to, whoever went away. Answers how many there were. */
  async repeatOpen(connection: SoakConnection): Promise<number> {
    const open = [...this.#open.values()];
    for (const call of open) {
      const answer = await connection.send(call);
      assert.ok(call.expected.includes(answer.status), `${call.kind}, asked for again: ${answer.status} ${answer.text}`);
      this.end(call, answer);
    }
    return open.length;
  }

  /** Each success that was told is in the trail, and none twice. Answers how many calls were compared. */
  compare(found: ReadonlyMap<string, number>): number {
    for (const [key, entries] of this.#entries) assert.equal(found.get(key) ?? 0, entries, `entries of the request ${key}`);
    return this.#entries.size;
  }
}

/** How many entries of a success there are of it; null where the answer does not tell. */
function entriesOf({ kind, body }: SoakCall, { status, text }: SoakAnswer): number | null {
  if (kind === "fulfil" || kind === "bulk async" || body.includes('"preview":true')) return null;
  if (status !== 200) return 0;
  if (!kind.startsWith("bulk")) return 1;
  const counted = [...text.matchAll(/"succeeded":(\d+)/g)].at(-1)?.[1];
  return counted === undefined ? null : Number(counted);
}
