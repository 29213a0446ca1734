import { ActionError, date, defineAction, oneOf, type Subjects } from "../../../src/domain/index.ts";
import { Product } from "../products/product.ts";
import { Shipment } from "../shipments/shipment.ts";
import { Order, refuseShipped, type OrderLine, type OrderRecord } from "./order.ts";

/** The order leaves the house. */
export const shipOrder = defineAction({
  key: "orders/ship-order",
  label: "Ship order",
  description: "Hands an approved order to a shipper and takes what was ordered out of stock.",
  subject: Order,
  params: {
    shipper: oneOf(["Federal Shipping", "Speedy Express", "United Package"]).describe("Who carries it."),
    shipped_at: date().optional().describe("The day it left; today unless given."),
  },
  returns: ["data"],
  authorize: ({ identity }) => identity.can("manage_orders"),
  async handle({ subject, params, now, newId, subjects }) {
    const { shipper, shipped_at = now.slice(0, "YYYY-MM-DD".length) } = params;
    refuseUnready(subject, shipped_at);
    await takeOutOfStock(subject.lines, subjects);
    subjects.put(Order, { ...subject, shipper, shipped_at });
    return subjects.put(Shipment, { id: newId(), order: subject.id, shipper, shipped_at, delivered_at: null });
  },
  message: "Order shipped.",
});

function refuseUnready(order: OrderRecord, shippedAt: string): void {
  refuseShipped(order);
  if (order.approved_at === null) throw new ActionError(`Order #${order.id} is not approved.`);
  if (shippedAt < order.ordered_at) {
    throw new ActionError(`Order #${order.id} was ordered on ${order.ordered_at} and cannot ship before that.`);
  }
}

/** The first line that asks for more than there is throws, and then nothing of any line is taken. */
async function takeOutOfStock(lines: readonly OrderLine[], subjects: Subjects): Promise<void> {
  // One round trip for all of them; the reads below find them there.
  await subjects.getMany(Product, lines.map((line) => line.product));
  for (const line of lines) {
    const product = await subjects.get(Product, line.product);
    if (product === undefined) throw new ActionError(`Product ${line.product} does not exist any more.`);
    const left = product.units_in_stock - line.quantity;
    if (left < 0) throw new ActionError(`Only ${product.units_in_stock} of ${product.name} in stock, ${line.quantity} ordered.`);
    subjects.put(Product, { ...product, units_in_stock: left });
  }
}
