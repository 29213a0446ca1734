import { createCatalog } from "../../src/domain/index.ts";
import { Customer } from "./customers/customer.ts";
import { sendStatement } from "./customers/send-statement.ts";
import { approveOrder } from "./orders/approve-order.ts";
import { cancelOrder } from "./orders/cancel-order.ts";
import { createOrder } from "./orders/create-order.ts";
import { Order } from "./orders/order.ts";
import { shipOrder } from "./orders/ship-order.ts";
import { Product } from "./products/product.ts";
import { restock } from "./products/restock.ts";
import { salesByCountry } from "./reports/sales-by-country.ts";
import { confirmDelivery } from "./shipments/confirm-delivery.ts";
import { Shipment } from "./shipments/shipment.ts";

/** All that Northwind can do. */
export const northwind = createCatalog({
  subjects: [Customer, Order, Product, Shipment],
  actions: [createOrder, approveOrder, shipOrder, cancelOrder, confirmDelivery, sendStatement, restock, salesByCountry],
});
