import { defineAction, integer } from "actionport";
import { Product, SHOWN_PRODUCT } from "./product.ts";

/** Goods came in. */
export const restock = defineAction({
  key: "products/restock",
  label: "Restock product",
  description: "Adds goods that came in to a product's stock.",
  subject: Product,
  params: {
    quantity: integer({ min: 1, max: 100_000 }).describe("How many units came in."),
  },
  examples: [{ label: "Forty boxes of chai", subject: 1, params: { quantity: 40 } }],
  returns: SHOWN_PRODUCT,
  authorize: ({ identity }) => identity.can("manage_products"),
  handle: ({ subject, params, subjects }) =>
    subjects.put(Product, { ...subject, units_in_stock: subject.units_in_stock + params.quantity }),
  message: "Product restocked.",
});
