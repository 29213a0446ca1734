import createClient from "openapi-fetch";
import type { paths } from "./northwind.gen.ts";

const { API_URL = "", API_TOKEN = "" } = process.env;
const client = createClient<paths, "application/json">({ baseUrl: API_URL, headers: { authorization: `Bearer ${API_TOKEN}` } });

const { data, error } = await client.POST("/api/v1/actions/orders/approve-order/execute/{order}", {
  params: { path: { order: "11008" }, header: { "Idempotency-Key": crypto.randomUUID() } },
  body: { reason: "An old customer." },
});
if (data !== undefined) console.log(data.message);
else if ("code" in error && error.code === "unavailable") console.log("Later, then.");
else console.log(error.message);
