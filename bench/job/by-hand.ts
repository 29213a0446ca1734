import { LIMITS } from "./order.ts";
import type { Amendment, OrderLine } from "./order.ts";

/** The parameters, or null when anything is wrong with them: as much as the other validators check, and no word about what. */
export function readAmendment(value: unknown): Amendment | null {
  if (!isObject(value)) return null;
  const { reason, priority, discount, notify, lines } = value;
  if (typeof reason !== "string" || reason.length > LIMITS.reason) return null;
  if (priority !== "low" && priority !== "normal" && priority !== "high") return null;
  if (typeof discount !== "number" || !(discount >= 0 && discount <= 1)) return null;
  if (typeof notify !== "boolean") return null;
  if (!Array.isArray(lines) || lines.length === 0 || lines.length > LIMITS.lines) return null;
  if (!hasFields(value, 5) || !lines.every(isOrderLine)) return null;
  return { reason, priority, discount, notify, lines };
}

function isOrderLine(value: unknown): value is OrderLine {
  if (!isObject(value)) return false;
  const { product, quantity, unit_price } = value;
  return (
    isWhole(product, 1, Number.MAX_SAFE_INTEGER) &&
    isWhole(quantity, 1, LIMITS.quantity) &&
    typeof unit_price === "number" &&
    unit_price >= 0 &&
    unit_price <= LIMITS.price &&
    hasFields(value, 3)
  );
}

function isWhole(value: unknown, least: number, most: number): boolean {
  return Number.isSafeInteger(value) && Number(value) >= least && Number(value) <= most;
}

/** So many and no more: the declared ones are all there already. */
function hasFields(value: object, count: number): boolean {
  let seen = 0;
  for (const _name in value) seen++;
  return seen === count;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
