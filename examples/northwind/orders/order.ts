import { ActionError, date, dateTime, defineSubject, integer, integerId, list, number, object, text } from "actionport";

/** So many units of one product, at the price and discount of the day of the order. */
export interface OrderLine {
  /** The product's ID. */
  readonly product: number;
  readonly unit_price: number;
  readonly quantity: number;
  /** The share of the price that is let off, 0 to 1. */
  readonly discount: number;
}

/** An order. Days are `YYYY-MM-DD`; what is not known yet is null. */
export interface OrderRecord {
  readonly id: number;
  /** The customer's ID. */
  readonly customer: string;
  /** Who took it; null for an order that an action made. */
  readonly employee: string | null;
  readonly ordered_at: string;
  readonly required_at: string | null;
  readonly shipped_at: string | null;
  readonly shipper: string | null;
  readonly freight: number;
  readonly ship_name: string;
  readonly ship_city: string;
  readonly ship_country: string;
  readonly lines: readonly OrderLine[];
  readonly notes: string | null;
  readonly approved_at: string | null;
  readonly approved_by: string | null;
  readonly approval_reason: string | null;
}

/** What an order says from the start, beside its ID. */
export const ORDER_FIELDS = {
  customer: text(),
  employee: text().nullable(),
  ordered_at: date(),
  required_at: date().nullable(),
  shipped_at: date().nullable(),
  shipper: text().nullable(),
  freight: number(),
  ship_name: text(),
  ship_city: text(),
  ship_country: text(),
  lines: list(object({ product: integer(), unit_price: number(), quantity: integer(), discount: number() })),
};

const SHOWN_FIELDS = { ...ORDER_FIELDS, notes: text().nullable(), approved_at: dateTime().nullable(), approved_by: text().nullable(), approval_reason: text().nullable() };

/** An order as the answers of actions show it. */
export const SHOWN_ORDER = { id: integer(), title: text(), ...SHOWN_FIELDS };

/** Orders, by number. */
export const Order = defineSubject({
  class: "northwind.Order",
  param: "order",
  id: integerId({ min: 1 }),
  title: (order: OrderRecord) => `Order #${order.id}`,
  fields: SHOWN_FIELDS,
  read: ({ identity }) => identity.can("manage_orders"),
});

/** What every order has before anybody has looked at it. */
export const UNTOUCHED = { notes: null, approved_at: null, approved_by: null, approval_reason: null } as const;

/** Throws an ActionError when the order is on its way: then it is too late for anything else. */
export function refuseShipped(order: OrderRecord): void {
  if (order.shipped_at !== null) throw new ActionError(`Order #${order.id} has already shipped.`);
}
