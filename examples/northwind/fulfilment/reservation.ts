import { ActionError, defineSubject, integerId, type Subjects } from "actionport";
import { putIntoStock, takeOutOfStock, type Quantity } from "../orders/stock.ts";
import type { OrderRecord } from "../orders/order.ts";

/** What was taken out of stock for an order that has not shipped yet. */
export interface ReservationRecord {
  /** The order's. */
  readonly id: number;
  readonly lines: readonly Quantity[];
}

/** Reservations, by the number of the order. */
export const Reservation = defineSubject({
  class: "northwind.Reservation",
  param: "reservation",
  id: integerId({ min: 1 }),
  title: (reservation: ReservationRecord) => `Reservation for order #${reservation.id}`,
});

/** Takes what the order needs out of stock; once for an order. */
export async function reserve(order: OrderRecord, subjects: Subjects): Promise<void> {
  await refuseReserved(order.id, subjects);
  const lines = order.lines.map(({ product, quantity }) => ({ product, quantity }));
  await takeOutOfStock(lines, subjects);
  subjects.put(Reservation, { id: order.id, lines });
}

/** Puts what was reserved back into stock. What is not reserved any more has shipped, or was released before. */
export async function release(order: number, subjects: Subjects): Promise<void> {
  const reservation = await subjects.get(Reservation, order);
  if (reservation === undefined) return;
  await putIntoStock(reservation.lines, subjects);
  subjects.delete(Reservation, order);
}

/** Throws an ActionError when a fulfilment of the order is under way. */
export async function refuseReserved(order: number, subjects: Subjects): Promise<void> {
  if ((await subjects.get(Reservation, order)) !== undefined) throw new ActionError(`Order #${order} is already being fulfilled.`);
}
