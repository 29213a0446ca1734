import { ActionError, createCatalog, dateTime, defineAction, defineSubject, defineWorkflow, everyone, integer, integerId, text } from "../../../src/domain/index.ts";

export interface OrderRecord {
  readonly id: number;
  readonly total: number;
  readonly shipped_at: string | null;
  readonly approved_at: string | null;
  /** Not for clients. */
  readonly margin: number;
}

export const Order = defineSubject({
  class: "shop.Order",
  param: "order",
  id: integerId(),
  title: (order: OrderRecord) => `Order #${order.id}`,
  fields: ["total", "shipped_at", "approved_at"],
  read: ({ identity }) => identity.can("view_orders"),
});

export const Note = defineSubject({ class: "shop.Note", param: "note", id: integerId(), title: (note: { readonly id: number; readonly text: string }) => note.text });

const PAID = { by: text() };

export const reminding = defineWorkflow({
  name: "orders/reminding",
  input: { order: integer() },
  signals: { paid: PAID },
  async run(flow, { order }) {
    for (let reminders = 0; reminders < 3; reminders++) {
      const paid = await flow.waitFor("paid", PAID, { timeout: { days: 7 } });
      if (paid !== undefined) return { paid_by: paid.by, reminders };
      await flow.step("send a reminder", ({ signal }) => sendMail(signal));
      await flow.step("note it", ({ subjects, now }) => void subjects.put(Note, { id: 100 * order + reminders, text: `Reminded at ${now}` }), {
        async compensate(_, { subjects }) {
          await subjects.get(Note, 100 * order + reminders);
          subjects.delete(Note, 100 * order + reminders);
        },
      });
    }
    return flow.cancel("Nobody pays.");
  },
});

/** Never answers, as a mail server may. */
function sendMail(signal: AbortSignal): Promise<void> {
  return new Promise((_, reject) => signal.addEventListener("abort", () => reject(new Error("no mail server answered"))));
}

const approve = defineAction({
  key: "orders/approve",
  label: "Approve order",
  subject: Order,
  params: { reason: text({ max: 20 }).optional() },
  errors: { already_shipped: { details: { at: dateTime() } } },
  returns: ["data"],
  authorize: ({ identity }) => identity.can("manage_orders"),
  handle({ subject, subjects, now, fail }) {
    if (subject.shipped_at !== null) throw fail("already_shipped", `Order #${subject.id} has already shipped.`, { at: subject.shipped_at });
    return subjects.put(Order, { ...subject, approved_at: now });
  },
  message: "Order approved.",
});

const remind = defineAction({
  key: "orders/remind",
  label: "Remind",
  subject: Order,
  returns: ["workflow"],
  authorize: ({ identity }) => identity.can("manage_orders"),
  handle: ({ subject, workflows }) => workflows.start(reminding, { order: subject.id }),
});

const write = defineAction({
  key: "notes/write",
  label: "Write",
  params: { text: text() },
  authorize: everyone,
  async handle({ params, subjects, newId }) {
    if (params.text === "bug") throw new RangeError("out of range");
    if (params.text === "odd") throw Object.create(null);
    if (params.text === "no") throw new ActionError("Not that.");
    subjects.put(Note, { id: await subjects.nextId(Note), text: `${params.text} ${newId()}` });
    return "Written.";
  },
});

export const catalog = createCatalog({ subjects: [Order, Note], actions: [approve, remind, write], workflows: [reminding] });

export const ORDERS: readonly OrderRecord[] = [
  { id: 42, total: 100, shipped_at: null, approved_at: null, margin: 7 },
  { id: 43, total: 200, shipped_at: "2025-12-01T00:00:00.000Z", approved_at: null, margin: 8 },
  { id: 44, total: 300, shipped_at: null, approved_at: null, margin: 9 },
];
