import { ActionError, defineAction, text } from "actionport";
import { Order, refuseShipped, SHOWN_ORDER } from "./order.ts";

/** Somebody answers for the order. */
export const approveOrder = defineAction({
  key: "orders/approve-order",
  label: "Approve order",
  description: "Lets an order ship. It keeps the name of whoever approved it, and the reason if there is one.",
  subject: Order,
  params: {
    reason: text({ max: 500 }).optional().describe("Why the order may ship."),
  },
  examples: [{ label: "An old customer's order", subject: 11008, params: { reason: "An old customer." } }],
  returns: SHOWN_ORDER,
  authorize: ({ identity }) => identity.can("manage_orders"),
  preconditions({ subject }) {
    refuseShipped(subject);
    if (subject.approved_at !== null) throw new ActionError(`Order #${subject.id} is already approved.`);
  },
  handle: ({ subject, params, identity, now, subjects }) =>
    subjects.put(Order, {
      ...subject,
      approved_at: now,
      approved_by: identity.name,
      approval_reason: params.reason ?? null,
    }),
  message: "Order approved.",
});
