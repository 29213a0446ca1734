import * as v from "valibot";
import { LIMITS, PRIORITIES } from "./order.ts";

/** The parameters in valibot. */
export const valibotAmendment = v.strictObject({
  reason: v.pipe(v.string(), v.maxLength(LIMITS.reason)),
  priority: v.picklist(PRIORITIES),
  discount: v.pipe(v.number(), v.minValue(0), v.maxValue(1)),
  notify: v.boolean(),
  lines: v.pipe(
    v.array(
      v.strictObject({
        product: v.pipe(v.number(), v.safeInteger(), v.minValue(1)),
        quantity: v.pipe(v.number(), v.safeInteger(), v.minValue(1), v.maxValue(LIMITS.quantity)),
        unit_price: v.pipe(v.number(), v.minValue(0), v.maxValue(LIMITS.price)),
      }),
    ),
    v.minLength(1),
    v.maxLength(LIMITS.lines),
  ),
});
