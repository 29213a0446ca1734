import { createCatalog, defineAction, defineSubject, defineWorkflow, everyone, integer, integerId, text } from "../../../src/domain/index.ts";
import { recordsOf, type Application } from "../../../src/app/index.ts";

interface OrderRecord {
  readonly id: number;
  readonly state: string;
}

const Order = defineSubject({ class: "shop.Order", param: "order", id: integerId(), title: (order: OrderRecord) => `Order ${order.id}` });
const DELIVERED = { by: text() };

const shipping = defineWorkflow({
  name: "orders/shipping",
  input: { order: integer() },
  signals: { delivered: DELIVERED },
  async run(flow, { order }) {
    const setState = async (step: Parameters<Parameters<typeof flow.step>[1]>[0], state: string) => {
      const known = await step.subjects.get(Order, order);
      if (known !== undefined) step.subjects.put(Order, { ...known, state });
    };
    await flow.step("pack", (step) => setState(step, "packed"));
    await flow.waitFor("delivered", DELIVERED);
    await flow.step("close", (step) => setState(step, "delivered"));
  },
});

const ship = defineAction({
  key: "orders/ship",
  label: "Ship order",
  subject: Order,
  returns: ["workflow"],
  authorize: everyone,
  handle({ subject, subjects, workflows }) {
    subjects.put(Order, { ...subject, state: "to be packed" });
    return workflows.start(shipping, { order: subject.id });
  },
});

/** An order is shipped by a workflow that waits for somebody to say that it was delivered. */
export const application: Application = {
  name: "shop",
  catalog: createCatalog({ subjects: [Order], actions: [ship], workflows: [shipping] }),
  initialRecords: () => [recordsOf(Order, [{ id: 1, state: "new" }, { id: 2, state: "new" }])],
  clients: { desk: ["*"] },
  server: { port: 0 },
};
