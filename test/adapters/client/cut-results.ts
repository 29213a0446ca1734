import assert from "node:assert/strict";
import { clientOf, fetchOf, openLab } from "./counters.ts";
import { watched } from "./watched.ts";

/** Bulk calls whose lines are cut at every so many bytes, from none to all: each goes on under its key, and gives each result once. */
export async function cutResults(every: number): Promise<void> {
  let whole = 1;
  for (let bytes = 0; bytes <= whole; bytes += every) {
    const lab = openLab();
    const { sent, fetch } = watched(fetchOf(lab.handler), async (at, _request, answer) => {
      const response = await answer();
      if (at > 1) return response;
      const text = await response.text();
      whole = text.length;
      return new Response(text.slice(0, bytes), response);
    });
    const ids: number[] = [];
    for await (const line of clientOf({ fetch }).bulk("counters/add", [1, 99, 2])) if ("index" in line) ids.push(line.index);
    assert.deepEqual(ids.sort(), [0, 1, 2]);
    assert.deepEqual([lab.count(1), lab.count(2)], [1, 1]);
    assert.equal(new Set(sent.map(({ headers }) => headers.get("idempotency-key"))).size, 1);
  }
  assert.ok(whole > 400, `it had ${whole} bytes`);
}
