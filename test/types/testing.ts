// Compiled, never run: what a test of a catalog may say.
import { createTestActions, recordsOf } from "../../src/app/testing/index.ts";
import { catalog, Order } from "../app/testing/shop.ts";

const { execute, preview, bulk, as, record } = createTestActions({ catalog, records: [recordsOf(Order, [])], identity: "nancy" });

const approved = await execute("orders/approve", 42, { reason: "x" });
const at: string | null = approved.result.data.approved_at;
const started: string = (await as("ann").execute("orders/remind", 42)).result.workflow_id;
const total: number | undefined = (await record(Order, 42))?.total;
if (approved.failure.code === "already_shipped") approved.failure.details.at satisfies string;
if (approved.failure.code === "invalid_params") approved.failure.errors satisfies object | undefined;
export const used = [at, started, total, await preview("notes/write", { text: "" }), await bulk("orders/approve", [42], {}, { mode: "atomic" })];

// @ts-expect-error there is no such action
execute("orders/approv", 42);
// @ts-expect-error the ID is a number
execute("orders/approve", "42");
// @ts-expect-error its subject is missing
execute("orders/approve", { reason: "x" });
// @ts-expect-error a parameter has its type
execute("orders/approve", 42, { reason: 1 });
// @ts-expect-error there is no such parameter
execute("orders/approve", 42, { reson: "x" });
// @ts-expect-error one is missing
execute("notes/write", {});
// @ts-expect-error there is no such option
execute("notes/write", { text: "" }, { timeoutMs: 1 });
// @ts-expect-error there is no such field
approved.result.data.margin;
// @ts-expect-error an action without a subject has no bulk call
bulk("notes/write", [1]);
// @ts-expect-error there is no such code
if (approved.failure.code === "shipped") approved.failure.message;
// @ts-expect-error the ID of an order is a number
record(Order, "42");
