import { ActionError, date, defineAction } from "actionport";
import { Shipment } from "./shipment.ts";

/** The shipment has arrived. */
export const confirmDelivery = defineAction({
  key: "shipments/confirm-delivery",
  label: "Confirm delivery",
  description: "Notes the day on which a shipment arrived.",
  subject: Shipment,
  params: {
    delivered_at: date().describe("The day it arrived; not before the day it left."),
  },
  examples: [{ params: { delivered_at: "2026-11-25" } }],
  returns: ["message"],
  authorize: ({ identity }) => identity.can("manage_orders"),
  preconditions({ subject: { order, delivered_at } }) {
    if (delivered_at !== null) throw new ActionError(`Order #${order} was already delivered on ${delivered_at}.`);
  },
  handle({ subject, params, subjects }) {
    const { order, shipped_at } = subject;
    if (params.delivered_at < shipped_at) {
      throw new ActionError(`Order #${order} shipped on ${shipped_at} and cannot be delivered before that.`);
    }
    subjects.put(Shipment, { ...subject, delivered_at: params.delivered_at });
    return `Order #${order} delivered on ${params.delivered_at}.`;
  },
});
