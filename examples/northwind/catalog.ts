import { createCatalog, type Catalog } from "actionport";
import { Customer } from "./customers/customer.ts";
import { sendStatement } from "./customers/send-statement.ts";
import { createFulfilment } from "./fulfilment/fulfilment.ts";
import type { Outbox } from "./fulfilment/outbox.ts";
import { Reservation } from "./fulfilment/reservation.ts";
import { approveOrder } from "./orders/approve-order.ts";
import { cancelOrder } from "./orders/cancel-order.ts";
import { createOrder } from "./orders/create-order.ts";
import { createFulfilOrder } from "./orders/fulfil-order.ts";
import { Order } from "./orders/order.ts";
import { shipOrder } from "./orders/ship-order.ts";
import { Product } from "./products/product.ts";
import { restock } from "./products/restock.ts";
import { salesByCountry } from "./reports/sales-by-country.ts";
import { confirmDelivery } from "./shipments/confirm-delivery.ts";
import { Shipment } from "./shipments/shipment.ts";

/** All that Northwind can do; what it has to tell its customers goes into the outbox. */
export function createNorthwind(outbox: Outbox): Catalog {
  const fulfilment = createFulfilment(outbox);
  return createCatalog({
    subjects: [Customer, Order, Product, Reservation, Shipment],
    actions: [
      createOrder,
      approveOrder,
      shipOrder,
      cancelOrder,
      createFulfilOrder(fulfilment),
      confirmDelivery,
      sendStatement,
      restock,
      salesByCountry,
    ],
    workflows: [fulfilment],
  });
}

/** Northwind without customers who could be told anything. */
export const northwind = createNorthwind(() => undefined);
