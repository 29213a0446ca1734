import { runApplication } from "../../src/app/index.ts";
import { northwind } from "./catalog.ts";
import { readInitialRecords } from "./initial-records.ts";

await runApplication({
  name: "northwind",
  catalog: northwind,
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
