import type { JsonObject } from "../json.ts";
import { isSuccess, type Outcome } from "../execution/answer/outcome.ts";
import type { Preview } from "../execution/preview.ts";

/** What became of one item. `skipped`: it had no effect because another item failed. */
export interface BulkItem {
  readonly index: number;
  /** As it was sent. */
  readonly id: string | number;
  readonly outcome: Outcome | Preview | "skipped";
  /** There when the whole call is answered from memory. */
  readonly replayed?: true;
}

/** How many items a bulk call had, and what became of them. */
export interface BulkCounts {
  readonly outcome: "success" | "partial" | "failed";
  readonly message: string;
  readonly total: number;
  readonly succeeded: number;
  readonly failed: number;
  readonly skipped: number;
}

/** What a bulk call came to once anything was tried. */
export interface BulkOutcome extends BulkCounts {
  readonly kind: "bulk";
  /** One for each ID, in the order given. */
  readonly items: readonly BulkItem[];
  /** There when this is the answer that an earlier call with the same idempotency key was given; nothing ran. */
  readonly replayed?: true;
}

/** Did this item do what it was asked? */
export function succeeded({ outcome }: BulkItem): boolean {
  return outcome !== "skipped" && isSuccess(outcome);
}

/** Did its handler answer, so that a repeat under the same idempotency key must not run it again? */
export function hasBegun(item: BulkItem): boolean {
  return succeeded(item) || (item.outcome !== "skipped" && item.outcome.kind === "refused");
}

/** Did the store fail this item? Then a repeat of the call tries it again. */
export function isUnavailable({ outcome }: BulkItem): boolean {
  return outcome !== "skipped" && outcome.kind === "failed" && outcome.code === "unavailable";
}

/** Counts the items up. */
export function summarize(unordered: readonly BulkItem[]): BulkOutcome {
  const items = [...unordered].sort((a, b) => a.index - b.index);
  const skipped = items.filter((item) => item.outcome === "skipped").length;
  return { kind: "bulk", ...countUp({ total: items.length, succeeded: items.filter(succeeded).length, skipped }), items };
}

/** What so many items come to. */
export function countUp({ total, succeeded, skipped }: Pick<BulkCounts, "total" | "succeeded" | "skipped">): BulkCounts {
  const outcome = succeeded === total ? "success" : succeeded === 0 ? "failed" : "partial";
  return { outcome, message: `${succeeded} of ${total} succeeded.`, total, succeeded, failed: total - succeeded - skipped, skipped };
}

/** As clients see it, without the items. */
export function toSummary({ outcome, message, total, succeeded, failed, skipped }: BulkCounts): JsonObject {
  return { success: outcome === "success", outcome, message, total, succeeded, failed, skipped };
}
