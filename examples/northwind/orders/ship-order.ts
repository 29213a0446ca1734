import { ActionError, date, defineAction, oneOf } from "actionport";
import { Shipment, SHOWN_SHIPMENT } from "../shipments/shipment.ts";
import { Order, refuseShipped } from "./order.ts";
import { takeOutOfStock } from "./stock.ts";

/** Who carries orders. */
export const SHIPPERS = ["Federal Shipping", "Speedy Express", "United Package"] as const;

/** The order leaves the house. */
export const shipOrder = defineAction({
  key: "orders/ship-order",
  label: "Ship order",
  description: "Hands an approved order to a shipper and takes what was ordered out of stock.",
  subject: Order,
  params: {
    shipper: oneOf(SHIPPERS).describe("Who carries it."),
    shipped_at: date().optional().describe("The day it left; today unless given."),
  },
  examples: [{ subject: 11008, params: { shipper: "Speedy Express" } }],
  returns: SHOWN_SHIPMENT,
  authorize: ({ identity }) => identity.can("manage_orders"),
  preconditions({ subject }) {
    refuseShipped(subject);
    if (subject.approved_at === null) throw new ActionError(`Order #${subject.id} is not approved.`);
  },
  async handle({ subject, params, now, newId, subjects }) {
    const { shipper, shipped_at = now.slice(0, "YYYY-MM-DD".length) } = params;
    if (shipped_at < subject.ordered_at) throw new ActionError(`Order #${subject.id} was ordered on ${subject.ordered_at} and cannot ship before that.`);
    await takeOutOfStock(subject.lines, subjects);
    subjects.put(Order, { ...subject, shipper, shipped_at });
    return subjects.put(Shipment, { id: newId(), order: subject.id, shipper, shipped_at, delivered_at: null });
  },
  message: "Order shipped.",
});
