import { defineAction, text } from "actionport";
import { Order, refuseShipped } from "./order.ts";

/** The order is not wanted any more. */
export const cancelOrder = defineAction({
  key: "orders/cancel-order",
  label: "Cancel order",
  description: "Removes an order that has not shipped. This cannot be taken back.",
  effect: "destructive",
  subject: Order,
  params: {
    reason: text({ min: 1, max: 500 }).describe("Why the order is cancelled; kept in the audit trail."),
  },
  examples: [{ subject: 11019, params: { reason: "Ordered twice." } }],
  returns: ["nothing"],
  authorize: ({ identity }) => identity.can("manage_orders"),
  preconditions: ({ subject }) => refuseShipped(subject),
  handle: ({ subject, subjects }) => subjects.delete(Order, subject.id),
});
