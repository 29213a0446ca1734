import assert from "node:assert/strict";
import { CLERK, type Lab } from "./workflow-lab.ts";

/** All results of a bulk run, in pages of this size: the ID and what came of it. */
export async function bulkResults(lab: Pick<Lab, "actions">, id: string, limit: number, identity = CLERK): Promise<readonly string[]> {
  const results: string[] = [];
  for (let after: string | undefined = ""; after !== undefined; ) {
    const page = await lab.actions.workflows.results(identity, id, { limit, after });
    assert.ok(page.kind === "results");
    assert.ok(page.items.length <= limit);
    for (const { id: item, outcome } of page.items) results.push(`${item} ${outcome === "skipped" ? outcome : outcome.kind === "failed" ? outcome.code : outcome.kind}`);
    after = page.next ?? undefined;
  }
  return results;
}
