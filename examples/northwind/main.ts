import { join } from "node:path";
import { runApplication } from "../../src/app/index.ts";
import { createNorthwind } from "./catalog.ts";
import { openOutbox } from "./fulfilment/outbox.ts";
import { readInitialRecords } from "./initial-records.ts";

await runApplication({
  name: "northwind",
  catalog: ({ dataDirectory }) => createNorthwind(openOutbox(join(dataDirectory, "outbox.ndjson"))),
  initialRecords: readInitialRecords,
  clients: {
    orders: ["manage_orders"],
    reports: ["view_reports"],
    admin: ["*"],
    nobody: [],
  },
  firstCall: {
    client: "orders",
    key: "orders/approve-order",
    subject: "11008",
    params: { reason: "An old customer." },
  },
});
