import { defineAction, integer, list, number, object, text } from "actionport";
import { Customer, type CustomerRecord } from "../customers/customer.ts";
import { roundToCents, sumLines, type ExactAmount } from "../orders/order-amount.ts";
import { Order, type OrderRecord } from "../orders/order.ts";

interface Sales {
  readonly country: string;
  readonly orders: number;
  readonly amount: ExactAmount;
}

/** Who buys how much. */
export const salesByCountry = defineAction({
  key: "reports/sales-by-country",
  label: "Sales by country",
  description: "Sums up all orders by the country of the customer, the largest first.",
  effect: "read",
  params: {
    country: text({ max: 100 }).optional().describe("Only this country, in whatever case; all unless given."),
  },
  examples: [{ label: "All countries", params: {} }, { label: "Germany alone", params: { country: "Germany" } }],
  returns: { id: text(), title: text(), total: number(), countries: list(object({ country: text(), orders: integer(), total: number() })) },
  authorize: ({ identity }) => identity.can("view_reports"),
  async handle({ params, subjects }) {
    const wanted = params.country?.toLowerCase();
    const sales = sumByCountry(await subjects.all(Order), await subjects.all(Customer))
      .filter(({ country }) => wanted === undefined || country.toLowerCase() === wanted)
      .sort(compareSales);
    return {
      id: "sales-by-country",
      title: "Sales by country",
      total: toNumber(sales.reduce((sum, { amount }) => sum + amount, 0n)),
      countries: sales.map(({ country, orders, amount }) => ({ country, orders, total: toNumber(amount) })),
    };
  },
  message: "Sales summed up.",
});

function sumByCountry(orders: readonly OrderRecord[], customers: readonly CustomerRecord[]): Sales[] {
  const countryOf = new Map(customers.map(({ id, country }) => [id, country]));
  const sales = new Map<string, Sales>();
  for (const { customer, ship_country, lines } of orders) {
    const country = countryOf.get(customer) ?? ship_country;
    const known = sales.get(country) ?? { country, orders: 0, amount: 0n };
    sales.set(country, { country, orders: known.orders + 1, amount: known.amount + sumLines(lines) });
  }
  return [...sales.values()];
}

function compareSales(one: Sales, other: Sales): number {
  if (one.amount !== other.amount) return one.amount > other.amount ? -1 : 1;
  return one.country < other.country ? -1 : 1;
}

/** A JSON number of at most two places: the quotient of whole cents is the number nearest to it. */
function toNumber(amount: ExactAmount): number {
  return roundToCents(amount) / 100;
}
