import { z } from "zod";
import { LIMITS, PRIORITIES } from "./order.ts";

/** The parameters in zod. */
export const zodAmendment = z.strictObject({
  reason: z.string().max(LIMITS.reason),
  priority: z.enum(PRIORITIES),
  discount: z.number().min(0).max(1),
  notify: z.boolean(),
  lines: z
    .array(
      z.strictObject({
        product: z.int().min(1),
        quantity: z.int().min(1).max(LIMITS.quantity),
        unit_price: z.number().min(0).max(LIMITS.price),
      }),
    )
    .min(1)
    .max(LIMITS.lines),
});
