import { isSuccess, type Outcome } from "./outcome.ts";
import type { Preview } from "./preview.ts";

/** What became of one item. `skipped`: it had no effect because another item failed. */
export interface BulkItem {
  readonly index: number;
  /** As it was sent. */
  readonly id: string | number;
  readonly outcome: Outcome | Preview | "skipped";
}

/** What a bulk call came to once anything was tried. */
export interface BulkOutcome {
  readonly kind: "bulk";
  readonly outcome: "success" | "partial" | "failed";
  readonly message: string;
  readonly total: number;
  readonly succeeded: number;
  readonly failed: number;
  readonly skipped: number;
  /** One for each ID, in the order given. */
  readonly items: readonly BulkItem[];
  /** There when this is the answer that an earlier call with the same idempotency key was given; nothing ran. */
  readonly replayed?: true;
}

/** Did this item do what it was asked? */
export function succeeded({ outcome }: BulkItem): boolean {
  return outcome !== "skipped" && isSuccess(outcome);
}

/** Did the store fail this item? Then a repeat of the call tries it again. */
export function isUnavailable({ outcome }: BulkItem): boolean {
  return outcome !== "skipped" && outcome.kind === "failed" && outcome.code === "unavailable";
}

/** Counts the items up. */
export function summarize(unordered: readonly BulkItem[]): BulkOutcome {
  const items = [...unordered].sort((a, b) => a.index - b.index);
  const total = items.length;
  const skipped = items.filter((item) => item.outcome === "skipped").length;
  const good = items.filter(succeeded).length;
  return {
    kind: "bulk",
    outcome: good === total ? "success" : good === 0 ? "failed" : "partial",
    message: `${good} of ${total} succeeded.`,
    total,
    succeeded: good,
    failed: total - good - skipped,
    skipped,
    items,
  };
}
