// A package of a workspace: it emits declarations, and what they are made of must have names that others can import.
import { boolean, compileParams, createActions, createCatalog, createIdentity, date, dateTime, defineAction, defineSubject, defineWorkflow, everyone, integer, integerId, list, money, number, object, oneOf, patternId, reference, standardParams, text, textId, uuidId, value, withRedirect, workflowStarted, type ApiOf, type SubjectClass, type SubjectRecord } from "actionport";
import { embeddedWorkflows } from "actionport/embedded-workflows";
import { createMemoryStore } from "actionport/memory";
import { createNodeTimer } from "actionport/node-timer";
import { createTestActions } from "actionport/testing";

export interface OrderRecord {
  readonly id: number;
  readonly at: string | null;
  readonly note: string;
}

export const Customer = defineSubject({ class: "shop.Customer", param: "customer", id: textId(), title: (customer: { id: string; name: string }) => customer.name });
export const Order = defineSubject({ class: "shop.Order", param: "order", id: integerId(), title: (order: OrderRecord) => `Order ${order.id}`, fields: ["at"], read: everyone });
export const Device = defineSubject({ class: "shop.Device", param: "device", id: uuidId(), title: ({ id }: { id: string; at: string }) => id, fields: { at: dateTime() } });
export type Payment = { readonly id: number; readonly by: "card"; readonly digits: string } | { readonly id: number; readonly by: "cash"; readonly cents: number };
export const Payment = defineSubject({ class: "shop.Payment", param: "payment", id: integerId(), title: (payment: Payment) => payment.by });
export const Country = defineSubject({ class: "shop.Country", param: "country", id: patternId(/^[A-Z]{2}$/), title: ({ id }: { id: string }) => id, source: (ids) => ids.map((id) => ({ id })) });

export const all = {
  text: text(),
  left: integer().optional(),
  none: number().nullable(),
  usual: boolean().default(true),
  days: list(object({ day: date(), at: dateTime(), pin: text().secret() })),
  price: money(),
  mood: oneOf(["good", "bad"]),
  who: reference(Customer),
};
export const compiled = compileParams(all);
export const standard = standardParams({ "~standard": { version: 1, vendor: "shop", validate: (given) => ({ value: Object(given) }), types: undefined as { input: { n: string }; output: { n: number } } | undefined } }, { schema: { type: "object" } });

export const booking = defineWorkflow({
  name: "booking",
  input: { who: reference(Customer) },
  signals: { paid: { by: text() } },
  async run(flow, { who }) {
    const now = await flow.step("look", ({ now }) => now);
    const paid = await flow.waitFor("paid", { by: text() }, { timeout: { days: 3 } });
    return { now, who: who.name, by: paid?.by ?? null };
  },
});

export const told = defineAction({ key: "shop/told", label: "Told", params: all, authorize: everyone, handle: ({ params }) => value({ who: params.who.name, at: new Date(0) }) });
export const put = defineAction({ key: "shop/put", label: "Put", subject: Order, params: all, authorize: everyone, handle: ({ subject, subjects, now }) => subjects.put(Order, { ...subject, at: now }) });
export const got = defineAction({ key: "shop/got", label: "Got", authorize: everyone, handle: async ({ subjects }) => (await subjects.get(Order, 1)) ?? null });
export const seen = defineAction({ key: "shop/seen", label: "Seen", subject: Device, authorize: everyone, handle: ({ subject }) => subject });
export const sent = defineAction({ key: "shop/sent", label: "Sent", subject: Country, authorize: everyone, handle: ({ subject }) => withRedirect(subject, "/") });
export const begun = defineAction({ key: "shop/begun", label: "Begun", subject: Customer, authorize: everyone, handle: ({ workflows, subject }) => workflows.start(booking, { who: subject.id }) });
export const mixed = defineAction({
  key: "shop/mixed",
  label: "Mixed",
  params: standard,
  authorize: everyone,
  handle({ params }) {
    if (params.n === 1) return "one";
    if (params.n === 2) return workflowStarted("two");
    return params.n === 3 ? withRedirect(value({ three: 3 }), "/") : null;
  },
});
export const declared = defineAction({
  key: "shop/declared",
  label: "Declared",
  subject: Order,
  errors: { shipped: { details: { at: text() } }, busy: { retry: true } },
  returns: { rows: list(object({ at: text() })) },
  bulk: { maxIds: 5, handleAll: ({ all: orders }) => orders.map(() => value({ rows: [] })) },
  authorize: everyone,
  handle: ({ fail, now }) => (now === "" ? Promise.reject(fail("busy", "Wait.")) : value({ rows: [] })),
});

export const pay = defineAction({ key: "shop/pay", label: "Pay", subject: Payment, authorize: everyone, handle: ({ subject, subjects }) => subjects.put(Payment, subject) });
export function defineDelete<const K extends string, R extends SubjectRecord, F extends string>(key: K, Class: SubjectClass<R, F>) {
  return defineAction({ key, label: "Delete", subject: Class, authorize: everyone, handle: ({ subject, subjects }) => subjects.delete(Class, subject.id) });
}
export const forget = defineDelete("shop/forget", Customer);

export const catalog = createCatalog({ subjects: [Customer, Order, Device, Country, Payment], actions: [told, put, got, seen, sent, begun, mixed, declared, pay, forget], workflows: [booking] });
export type Api = ApiOf<typeof catalog>;

const clock = Date.now;
export const timer = createNodeTimer({ clock });
export const store = createMemoryStore({ clock });
export const engine = embeddedWorkflows({ timer, random: Math.random });
export const actions = createActions({ catalog, store, clock, timer, newId: () => crypto.randomUUID(), workflows: { engine } });
export const nancy = createIdentity({ kind: "user", id: "nancy", permissions: ["*"] });
export const execute = () => actions.execute({ key: "shop/got", identity: nancy });
export const bulk = () => actions.bulk({ key: "shop/declared", identity: nancy, input: { ids: [1] } });
export const preview = () => actions.preview({ key: "shop/got", identity: nancy });
export const trail = () => actions.audit(nancy);
export const feed = () => actions.followAudit(nancy);
export const orders = () => actions.subjects.list(nancy, "shop.Order");
export const { workflows, bulkLimits, describe } = actions;
export const tested = createTestActions({ catalog, identity: "nancy can *" });
export const { execute: tryOne, bulk: tryMany, preview: tryPreview } = tested;
