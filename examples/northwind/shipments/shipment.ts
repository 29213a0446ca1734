import { date, defineSubject, integer, text, uuidId } from "actionport";

/** An order on its way, or arrived. Days are `YYYY-MM-DD`. */
export interface ShipmentRecord {
  readonly id: string;
  /** The order's ID. */
  readonly order: number;
  readonly shipper: string;
  readonly shipped_at: string;
  /** Null as long as it is on its way. */
  readonly delivered_at: string | null;
}

const FIELDS = { order: integer(), shipper: text(), shipped_at: date(), delivered_at: date().nullable() };

/** A shipment as the answers of actions show it. */
export const SHOWN_SHIPMENT = { id: text(), title: text(), ...FIELDS };

/** Shipments, by UUID. */
export const Shipment = defineSubject({
  class: "northwind.Shipment",
  param: "shipment",
  id: uuidId(),
  title: (shipment: ShipmentRecord) => `Shipment of order #${shipment.order}`,
  fields: FIELDS,
});
