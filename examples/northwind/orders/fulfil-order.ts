import { defineAction, oneOf } from "actionport";
import type { createFulfilment } from "../fulfilment/fulfilment.ts";
import { refuseReserved } from "../fulfilment/reservation.ts";
import { Order, refuseShipped } from "./order.ts";
import { SHIPPERS } from "./ship-order.ts";

/** Everything that is to be done about an order, from here on by itself. */
export function createFulfilOrder(fulfilment: ReturnType<typeof createFulfilment>) {
  return defineAction({
    key: "orders/fulfil-order",
    label: "Fulfil order",
    description: "Approves the order if need be, reserves its stock, waits until it is picked (or for 7 days), ships it and tells the customer.",
    subject: Order,
    params: {
      shipper: oneOf(SHIPPERS).default("Speedy Express").describe("Who carries it."),
    },
    examples: [{ subject: 11008, params: { shipper: "United Package" } }],
    returns: ["workflow"],
    authorize: ({ identity }) => identity.can("manage_orders"),
    async preconditions({ subject, subjects }) {
      refuseShipped(subject);
      await refuseReserved(subject.id, subjects);
    },
    handle: ({ subject, params, workflows }) => workflows.start(fulfilment, { order: subject.id, shipper: params.shipper }),
  });
}
