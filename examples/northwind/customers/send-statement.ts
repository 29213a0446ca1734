import { defineAction, fromCents } from "actionport";
import { roundToCents, sumLines } from "../orders/order-amount.ts";
import { Order } from "../orders/order.ts";
import { Customer } from "./customer.ts";

/** What a customer has ordered so far. */
export const sendStatement = defineAction({
  key: "customers/send-statement",
  label: "Send statement",
  description: "Sums up all orders of a customer.",
  effect: "read",
  subject: Customer,
  examples: [{ subject: "ALFKI", params: {} }],
  returns: ["message"],
  authorize: ({ identity }) => identity.can("view_reports"),
  async handle({ subject, subjects }) {
    const orders = (await subjects.all(Order)).filter((order) => order.customer === subject.id);
    const total = fromCents(roundToCents(sumLines(orders.flatMap((order) => order.lines))));
    return `${subject.company_name}: ${orders.length} ${orders.length === 1 ? "order" : "orders"}, ${total} in total.`;
  },
});
