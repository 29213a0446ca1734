import { date, defineAction, integer, list, number, object, reference, text, type FieldErrors } from "actionport";
import { Customer } from "../customers/customer.ts";
import { Product, type ProductRecord } from "../products/product.ts";
import { Order, SHOWN_ORDER, UNTOUCHED, type OrderLine } from "./order.ts";

interface AskedLine {
  readonly product: ProductRecord;
  readonly quantity: number;
  readonly discount: number;
}

const line = object({
  product: reference(Product).describe("The product's number."),
  quantity: integer({ min: 1, max: 10_000 }).describe("How many units."),
  discount: number({ min: 0, max: 1 }).default(0).describe("The share of the price that is let off: 0.15 is 15 percent."),
});

/** A customer wants something. */
export const createOrder = defineAction({
  key: "orders/create-order",
  label: "Create order",
  description: "Takes a customer's order, at today's prices. It ships to the customer's own address.",
  params: {
    customer: reference(Customer).describe("The customer's five letters."),
    ordered_at: date().describe("The day of the order."),
    required_at: date().optional().describe("The day by which the customer needs it; not before the day of the order."),
    notes: text({ max: 2000 }).nullable().optional().describe("Anything to remember about it."),
    lines: list(line, { max: 100 }).optional().describe("What is ordered; each product once."),
  },
  examples: [
    { label: "Twelve boxes of chai", params: { customer: "ALFKI", ordered_at: "2026-11-23", lines: [{ product: 1, quantity: 12 }] } },
    { label: "Not before December, at a discount", params: { customer: "ALFKI", ordered_at: "2026-11-23", required_at: "2026-12-01", lines: [{ product: 1, quantity: 40, discount: 0.15 }] } },
  ],
  returns: SHOWN_ORDER,
  authorize: ({ identity }) => identity.can("manage_orders"),
  validate: ({ ordered_at, required_at, lines = [] }) => ({
    ...findDateFault(ordered_at, required_at),
    ...findRepeatedProducts(lines),
  }),
  async handle({ params, subjects }) {
    const { customer, ordered_at, required_at = null, notes = null, lines = [] } = params;
    const id = await subjects.nextId(Order);
    return subjects.put(Order, {
      id,
      customer: customer.id,
      employee: null,
      ordered_at,
      required_at,
      shipped_at: null,
      shipper: null,
      freight: 0,
      ship_name: customer.company_name,
      ship_city: customer.city,
      ship_country: customer.country,
      lines: lines.map(toOrderLine),
      ...UNTOUCHED,
      notes,
    });
  },
  message: "Order created.",
});

/** Days as `YYYY-MM-DD` are in order when their texts are. */
function findDateFault(orderedAt: string, requiredAt: string | undefined): FieldErrors {
  if (requiredAt === undefined || requiredAt >= orderedAt) return {};
  return { required_at: [`required_at must not be before ordered_at (${orderedAt}).`] };
}

function findRepeatedProducts(lines: readonly AskedLine[]): FieldErrors {
  const firstAt = new Map<number, number>();
  const faults: Record<string, string[]> = {};
  lines.forEach(({ product }, at) => {
    const first = firstAt.get(product.id);
    if (first === undefined) firstAt.set(product.id, at);
    else faults[`lines.${at}.product`] = [`${product.name} is already in lines.${first}; put its whole quantity there.`];
  });
  return faults;
}

function toOrderLine({ product, quantity, discount }: AskedLine): OrderLine {
  return { product: product.id, unit_price: product.unit_price, quantity, discount };
}
