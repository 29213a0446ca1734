/**
 * What one action costs over HTTP: a token known from a cache, validated parameters, and a
 * transaction on a store in memory, as a share of a bare node:http server that parses and
 * stringifies the same JSON. Once as it comes, with an audit entry in each commit, and once without.
 *
 *     node --import tsx bench/action.ts [seconds per turn, default 0.5] [turns, default 15]
 */
import { randomUUID } from "node:crypto";
import { createMemoryStore } from "../src/adapters/memory/index.ts";
import { startServer } from "../src/adapters/node-http/index.ts";
import { createRest } from "../src/adapters/rest/index.ts";
import { ActionError, createActions, createCatalog, createIdentity, defineAction, defineSubject, integerId, text } from "../src/domain/index.ts";
import { compareServers, startFloor, toRequest } from "./compare.ts";

interface OrderRecord {
  readonly id: number;
  readonly customer: string;
  readonly shipped_at: string | null;
  readonly approved_at: string | null;
  readonly approval_reason: string | null;
}

const ORDER: OrderRecord = { id: 10248, customer: "ALFKI", shipped_at: null, approved_at: null, approval_reason: null };
const TOKEN = "x".repeat(400);

const Order = defineSubject({ class: "shop.Order", param: "order", id: integerId(), title: (order: OrderRecord) => `Order #${order.id}` });

const approveOrder = defineAction({
  key: "orders/approve-order",
  label: "Approve order",
  subject: Order,
  params: { reason: text({ max: 500 }).optional() },
  authorize: ({ identity }) => identity.can("manage_orders"),
  handle({ subject, params, now, subjects }) {
    if (subject.shipped_at !== null) throw new ActionError(`Order #${subject.id} has already shipped.`);
    return subjects.put(Order, { ...subject, approved_at: now, approval_reason: params.reason ?? null });
  },
  message: "Order approved.",
});

function startActions(auditRetentionSeconds: number | null): () => Promise<number> {
  return async () => {
    const [clock, newId] = [Date.now, randomUUID];
    const store = createMemoryStore({ clock });
    await store.commit([{ kind: "put", collection: Order.class, id: "10248", basedOn: 0, value: { ...ORDER } }]);
    const catalog = createCatalog({ actions: [approveOrder], subjects: [Order] });
    const actions = createActions({ catalog, store, clock, newId, auditRetentionSeconds });
    const identity = createIdentity({ kind: "client", id: "orders", permissions: ["manage_orders"] });
    const tokens = new Map([[TOKEN, { authenticated: true, identity } as const]]);
    const authenticate = (token: string) => tokens.get(token) ?? ({ authenticated: false, reason: "invalid_token" } as const);
    const handler = createRest({ actions, authenticate, clock, newId });
    return (await startServer({ port: 0, maxRequestsPerSocket: 1_000_000, createHandler: () => handler })).port;
  };
}

/** What an approval answers. */
function answerTo(params: unknown): unknown {
  const data = { id: 10248, title: "Order #10248", customer: "ALFKI", shipped_at: null, approved_at: new Date().toISOString(), approval_reason: Object(params)["reason"] };
  return { success: true, message: "Order approved.", data };
}

await compareServers({
  file: import.meta.url,
  servers: { floor: startFloor(answerTo), "action, audited": startActions(7_776_000), "action, not audited": startActions(null) },
  request: toRequest("/api/v1/actions/orders/approve-order/execute/10248", TOKEN, '{"reason":"the customer asked for it twice"}'),
});
