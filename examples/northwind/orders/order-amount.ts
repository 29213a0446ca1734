import { toCents } from "actionport";
import type { OrderLine } from "./order.ts";

/**
 * An amount of money in units of 10^-14, so that sums of `unit_price * quantity * (1 - discount)` are
 * exact: a price counts to the cent and a discount to the twelfth decimal. Only a total is rounded.
 */
export type ExactAmount = bigint;

const DISCOUNT_SCALE = 1_000_000_000_000;
const UNITS_PER_CENT = BigInt(DISCOUNT_SCALE);

/** What the lines come to, not rounded. */
export function sumLines(lines: readonly OrderLine[]): ExactAmount {
  return lines.reduce((sum, line) => sum + amountOf(line), 0n);
}

/** In cents, half up. Amounts of orders are never negative. */
export function roundToCents(amount: ExactAmount): number {
  return Number((amount + UNITS_PER_CENT / 2n) / UNITS_PER_CENT);
}

function amountOf({ unit_price, quantity, discount }: OrderLine): ExactAmount {
  const share = UNITS_PER_CENT - BigInt(Math.round(discount * DISCOUNT_SCALE));
  return BigInt(toCents(unit_price)) * BigInt(quantity) * share;
}
