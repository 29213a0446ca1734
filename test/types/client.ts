// Compiled, never run: what a client of a catalog may say, and what it is answered.
import { createClient, type CallFailure } from "../../src/adapters/client/index.ts";
import { createCatalog, defineAction, defineSubject, everyone, integer, integerId, text, uuidId, workflowStarted, type ApiOf } from "../../src/domain/index.ts";

type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
/** Compiles only when the value has exactly this type. */
function exactly<Expected>() {
  return <Actual>(_value: Actual, _proof: Same<Actual, Expected>) => {};
}

interface OrderRecord {
  readonly id: number;
  readonly shipped_at: string | null;
}
const Order = defineSubject({ class: "shop.Order", param: "order", id: integerId(), title: ({ id }: OrderRecord) => `Order #${id}`, fields: ["shipped_at"] });
const Parcel = defineSubject({ class: "shop.Parcel", param: "parcel", id: uuidId(), title: ({ id }: { readonly id: string }) => id });

const ship = defineAction({
  key: "orders/ship",
  label: "Ship",
  subject: Order,
  params: { carrier: text(), boxes: integer().default(1) },
  errors: { already_shipped: { details: { at: text() } }, no_carrier: {} },
  returns: ["data"],
  authorize: everyone,
  handle: ({ subject, subjects, now }) => subjects.put(Order, { ...subject, shipped_at: now }),
});
const track = defineAction({ key: "parcels/track", label: "Track", subject: Parcel, returns: ["message"], params: { note: text().optional() }, authorize: everyone, handle: () => "On its way." });
const count = defineAction({ key: "count", label: "Count", returns: ["workflow"], authorize: everyone, handle: () => workflowStarted("w") });
const catalog = createCatalog({ subjects: [Order, Parcel], actions: [ship, track, count] });

const client = createClient<ApiOf<typeof catalog>>({ baseUrl: "https://shop.example", auth: "token" });

// What it takes and answers.

const shipped = await client.execute("orders/ship", 42, { carrier: "UPS" });
exactly<string | null>()(shipped.data.shipped_at, true);
exactly<string>()(shipped.message, true);
exactly<true | undefined>()(shipped.replayed, true);
await client.execute("orders/ship", 42, { carrier: "UPS", boxes: 2 }, { timeoutMs: 1000, idempotencyKey: "k" });
await client.execute("parcels/track", "0b9c1b2e-3d4f-4a6b-8c7d-9e0f1a2b3c4d");
await client.execute("parcels/track", "0b9c1b2e-3d4f-4a6b-8c7d-9e0f1a2b3c4d", {}, { signal: AbortSignal.abort() });
const { workflow_id } = await client.execute("count");
exactly<string>()(workflow_id, true);
const seen = await client.preview("orders/ship", 42, { carrier: "UPS" });
exactly<string | null>()((await seen.execute()).data.shipped_at, true);
for await (const line of client.bulk("orders/ship", [1, 2], { carrier: "UPS" }, { mode: "stop" })) {
  if ("outcome" in line) exactly<number>()(line.succeeded, true);
  else if (line.success) exactly<string | null>()(line.data.shipped_at, true);
  else exactly<false>()(line.success, true);
}
exactly<number>()((await client.bulk("parcels/track", ["a"])).total, true);

// What does not compile.

// @ts-expect-error there is no such action
client.execute("orders/shipp", 42, { carrier: "UPS" });
// @ts-expect-error the ID is a number
client.execute("orders/ship", "42", { carrier: "UPS" });
// @ts-expect-error a parameter has its type
client.execute("orders/ship", 42, { carrier: 1 });
// @ts-expect-error one is missing
client.execute("orders/ship", 42, {});
// @ts-expect-error all are missing
client.execute("orders/ship", 42);
// @ts-expect-error there is no such parameter
client.execute("orders/ship", 42, { carrier: "UPS", box: 1 });
// @ts-expect-error its subject is missing
client.execute("orders/ship", { carrier: "UPS" });
// @ts-expect-error it takes no subject
client.execute("count", 42);
// @ts-expect-error it takes no parameters
client.execute("count", { by: 1 });
// @ts-expect-error there is no such option
client.execute("orders/ship", 42, { carrier: "UPS" }, { timeout: 1 });
// @ts-expect-error there is no such field
shipped.data.shipped;
// @ts-expect-error it answers no message
(await client.execute("count")).message;
// @ts-expect-error IDs are numbers
client.bulk("orders/ship", ["1"], { carrier: "UPS" });
// @ts-expect-error an action without a subject has no bulk call
client.bulk("count", [1]);
// @ts-expect-error there is no such mode
client.bulk("parcels/track", ["a"], {}, { mode: "any" });
// @ts-expect-error a client has a baseUrl
createClient({ auth: "token" });

// Failures are told apart by their code.

const error: unknown = undefined;
if (client.isFailure(error, "orders/ship")) {
  if (error.code === "already_shipped") exactly<{ readonly at: string } | undefined>()(error.details, true);
  if (error.code === "invalid_params") exactly<CallFailure<"invalid_params">>()(error, true);
  if (error.code === "network" || error.code === "timeout" || error.code === "aborted" || error.code === "precondition_failed") exactly<number | undefined>()(error.status, true);
  // @ts-expect-error there is no such code
  if (error.code === "already_shippd") error.details;
}
if (client.isFailure(error, "count")) {
  // @ts-expect-error that is an error of another action
  if (error.code === "already_shipped") error.details;
}
// @ts-expect-error there is no such action
client.isFailure(error, "orders/shipp");

// Without types everything may be said.

const untyped = createClient({ baseUrl: "", auth: async () => "token" });
exactly<string | undefined>()((await untyped.execute("any/key", null, { any: 1 })).message, true);
await untyped.execute("any/key", 1);
