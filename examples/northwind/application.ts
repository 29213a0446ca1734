import { join } from "node:path";
import type { Application } from "actionport/app";
import { createNorthwind } from "./catalog.ts";
import { openOutbox } from "./fulfilment/outbox.ts";
import { readInitialRecords } from "./initial-records.ts";

/** All that Northwind is, wherever it is served. */
export const application: Application = {
  name: "northwind",
  catalog: ({ dataDirectory }) => createNorthwind(openOutbox(join(dataDirectory, "outbox.ndjson"))),
  initialRecords: readInitialRecords,
  clients: {
    orders: ["manage_orders"],
    reports: ["view_reports"],
    admin: ["*"],
    nobody: [],
  },
  publicClients: { portal: ["http://127.0.0.1/callback"] },
  users: {
    nancy: ["manage_orders"],
    andrew: ["*"],
    margaret: ["view_reports"],
  },
  permissions: {
    manage_orders: "Create, approve, ship and cancel orders, and confirm deliveries",
    manage_products: "Restock products",
    view_reports: "See sales reports and statements",
    view_audit: "Read who did what",
    view_workflows: "Follow the work of others",
  },
  openapi: {
    title: "Northwind",
    version: "1.0.0",
    description: "What a trader of fine foods can do: take orders, ship them, restock, and tell customers what they owe.",
    contact: { name: "Northwind's own people", url: "https://northwind.example/contact" },
    license: { name: "MIT", identifier: "MIT" },
  },
  firstCall: {
    client: "orders",
    key: "orders/approve-order",
    subject: "11008",
    params: { reason: "An old customer." },
  },
};
