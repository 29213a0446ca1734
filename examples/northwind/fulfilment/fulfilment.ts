import { ActionError, defineWorkflow, integer, text, type Subjects } from "actionport";
import { approveOrder } from "../orders/approve-order.ts";
import { Order, type OrderRecord } from "../orders/order.ts";
import { shipOrder } from "../orders/ship-order.ts";
import type { Outbox } from "./outbox.ts";
import { release, reserve } from "./reservation.ts";

/** The stock is kept for so long. */
const DAYS_TO_PICK = 7;

/** The goods are ready to leave. */
const PICKED = { by: text({ max: 100 }).optional().describe("Who picked them.") };

/** From an order to a customer who knows that it is on its way. */
export function createFulfilment(outbox: Outbox) {
  return defineWorkflow({
    name: "orders/fulfilment",
    input: { order: integer(), shipper: text() },
    signals: { picked: PICKED },
    async run(flow, { order, shipper }) {
      flow.progress(0, 4);
      await flow.step("approve", async ({ subjects, perform }) => {
        const { approved_at } = await readOrder(order, subjects);
        if (approved_at === null) await perform(approveOrder, order, { reason: "For its fulfilment." });
      });
      flow.progress(1, 4);
      await flow.step("reserve stock", async ({ subjects }) => reserve(await readOrder(order, subjects), subjects), {
        compensate: (_result, { subjects }) => release(order, subjects),
      });
      flow.progress(2, 4);
      const picked = await flow.waitFor("picked", PICKED, { timeout: { days: DAYS_TO_PICK } });
      if (picked === undefined) await flow.cancel(`Order #${order} was not picked within ${DAYS_TO_PICK} days.`);
      const shipment = await flow.step("ship", async ({ subjects, perform }) => {
        // What is reserved ships: back into stock and out again, in one commit.
        await release(order, subjects);
        const shipped = await perform(shipOrder, order, { shipper });
        return shipped.kind === "data" ? shipped.data["id"] : null;
      });
      flow.progress(3, 4);
      const message = await flow.step("write to the customer", async ({ subjects, now }) => {
        const { customer } = await readOrder(order, subjects);
        return { order, customer, text: `Your order #${order} is on its way with ${shipper}.`, at: now };
      });
      await flow.step("tell the customer", ({ key }) => outbox({ key, ...message }), { retry: { maxAttempts: 1000 } });
      flow.progress(4, 4);
      return { order, shipment };
    },
  });
}

async function readOrder(id: number, subjects: Subjects): Promise<OrderRecord> {
  const order = await subjects.get(Order, id);
  if (order === undefined) throw new ActionError(`Order #${id} does not exist any more.`);
  return order;
}
