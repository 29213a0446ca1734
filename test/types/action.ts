// Compiled, never run: the types that an action's functions have, and what they may return.
import { ActionError, boolean, defineAction, defineSubject, everyone, integer, integerId, list, money, object, oneOf, reference, text, uuidId, value, withRedirect, workflowStarted } from "../../src/domain/index.ts";
import type { Action, HandleContext, Identity, Seen, Subjects } from "../../src/domain/index.ts";

type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
/** Compiles only when the value has exactly this type. */
function exactly<Expected>() {
  return <Actual>(_value: Actual, _proof: Same<Actual, Expected>) => {};
}

interface OrderRecord {
  readonly id: number;
  readonly shipped_at: string | null;
  readonly notes?: string;
}
interface LampRecord {
  readonly id: number;
  readonly state: "on" | "off";
  readonly hours?: readonly { readonly from: number }[];
}
interface ShipmentRecord {
  readonly id: string;
  readonly order: number;
}
const Order = defineSubject({ class: "shop.Order", param: "order", id: integerId(), title: (order: OrderRecord) => `Order #${order.id}` });
const Shipment = defineSubject({ class: "shop.Shipment", param: "shipment", id: uuidId(), title: (shipment: ShipmentRecord) => `Shipment ${shipment.id}` });

// Subjects: the record type is exact, in every function, and unread fields do not compile.

defineAction({
  key: "a",
  label: "A",
  subject: Order,
  params: { reason: text().optional(), count: integer().default(1), note: text().nullable() },
  authorize(context) {
    exactly<OrderRecord>()(context.subject, true);
    exactly<Identity>()(context.identity, true);
    // @ts-expect-error authorize() is asked before the parameters are known
    context.params;
    return context.identity.can("manage_orders");
  },
  validate(params) {
    exactly<{ readonly count: number; readonly note: string | null; readonly reason?: string }>()(params, true);
    return params.count > 3 ? { count: ["Must be at most 3."] } : undefined;
  },
  preconditions({ subject, params, signal }) {
    exactly<AbortSignal>()(signal, true);
    void fetch("https://example.org", { signal });
    exactly<OrderRecord>()(subject, true);
    exactly<number>()(params.count, true);
    if (subject.shipped_at !== null) throw new ActionError("Shipped.");
  },
  handle({ subject, params, now, subjects, newId, identity }) {
    exactly<OrderRecord>()(subject, true);
    exactly<{ readonly count: number; readonly note: string | null; readonly reason?: string }>()(params, true);
    exactly<string>()(now, true);
    exactly<Subjects>()(subjects, true);
    exactly<() => string>()(newId, true);
    exactly<Identity>()(identity, true);
    // @ts-expect-error an order has no such field
    subject.shipped;
    // @ts-expect-error there is no such parameter
    params.reasons;
    // @ts-expect-error an optional parameter may be missing
    params.reason.length;
    // @ts-expect-error a nullable parameter may be null
    params.note.length;
    // @ts-expect-error a record is read-only
    subject.id = 2;
    // @ts-expect-error parameters are read-only
    params.count = 2;
    // @ts-expect-error a record is put whole
    subjects.put(Order, { id: 1 });
    // @ts-expect-error an ID has the type of its class
    subjects.get(Order, "1");
    // @ts-expect-error a fault in an added field is found
    subjects.put(Order, { ...subject, shipped_at: 5 });
    return subjects.put(Order, { ...subject, shipped_at: now });
  },
});

// What is put is measured by the class alone: a wrong choice does not make another class of it.

const Lamp = defineSubject({ class: "shop.Lamp", param: "lamp", id: integerId(), title: (lamp: LampRecord) => lamp.state });
const lamp = { key: "l", label: "L", subject: Lamp, authorize: everyone } as const;
defineAction({ ...lamp, handle: ({ subject, subjects }) => subjects.put(Lamp, { ...subject, state: "on" }) });
// @ts-expect-error there is no such state
defineAction({ ...lamp, handle: ({ subject, subjects }) => subjects.put(Lamp, { ...subject, state: "onn" }) });
// @ts-expect-error nor may it be any text
defineAction({ ...lamp, params: { state: text() }, handle: ({ subject, subjects, params }) => subjects.put(Lamp, { ...subject, state: params.state }) });
// @ts-expect-error a field of a list is measured too
defineAction({ ...lamp, handle: ({ subject, subjects }) => subjects.put(Lamp, { ...subject, hours: [{ from: "8" }] }) });
// @ts-expect-error no field may be added
defineAction({ ...lamp, handle: ({ subject, subjects }) => subjects.put(Lamp, { id: subject.id, state: "on", hour: [] }) });

// No subject: the property is not there.

defineAction({
  key: "b",
  label: "B",
  authorize(context) {
    // @ts-expect-error the action has no subject
    context.subject;
    return true;
  },
  preconditions(context) {
    // @ts-expect-error the action has no subject
    context.subject;
  },
  handle(context) {
    // @ts-expect-error the action has no subject
    context.subject;
    exactly<{}>()(context.params, true);
    // @ts-expect-error the action has no parameters
    context.params.anything;
    return null;
  },
});

// Parameters: nested, listed, defaulted, and references as the records.

defineAction({
  key: "c",
  label: "C",
  params: {
    order: reference(Order),
    other: reference(Shipment).optional(),
    lines: list(object({ order: reference(Order), quantity: integer(), discount: money().default("0.00"), gift: boolean().optional() }), { max: 100 }),
    matrix: list(list(integer().nullable())),
    mood: oneOf(["good", "bad"]).nullable().optional(),
  },
  authorize: everyone,
  handle({ params }) {
    exactly<OrderRecord>()(params.order, true);
    exactly<ShipmentRecord | undefined>()(params.other, true);
    exactly<readonly { readonly order: OrderRecord; readonly quantity: number; readonly discount: string; readonly gift?: boolean }[]>()(params.lines, true);
    exactly<readonly (readonly (number | null)[])[]>()(params.matrix, true);
    exactly<"good" | "bad" | null | undefined>()(params.mood, true);
    return null;
  },
});

// Reads: what may be missing may be undefined.

defineAction({
  key: "d",
  label: "D",
  authorize: everyone,
  async handle({ subjects }) {
    exactly<Seen<OrderRecord, "id" | "shipped_at" | "notes"> | undefined>()(await subjects.get(Order, 1), true);
    exactly<readonly (Seen<ShipmentRecord, "id" | "order"> | undefined)[]>()(await subjects.getMany(Shipment, ["x"]), true);
    exactly<readonly Seen<OrderRecord, "id" | "shipped_at" | "notes">[]>()(await subjects.all(Order), true);
    exactly<number>()(await subjects.nextId(Order), true);
    exactly<string>()(await subjects.nextId(Shipment), true);
    return null;
  },
});

// What a handler may return, at once or later.

const a = { key: "e", label: "E", authorize: everyone } as const;
const thing = { id: 1, title: "One", anything: [1] };
defineAction({ ...a, handle: () => "text" });
defineAction({ ...a, handle: async () => "text" });
defineAction({ ...a, handle: () => thing });
defineAction({ ...a, handle: async () => thing });
defineAction({ ...a, handle: () => value({ total: 1 }) });
defineAction({ ...a, handle: async ({ subjects }) => (await subjects.get(Order, 1)) ?? null });
defineAction({ ...a, subject: Order, handle: ({ subject }) => subject });
defineAction({ ...a, subject: Order, handle: ({ subject, now }) => (now === "" ? Promise.resolve("later") : subject), message: (order) => `${order.shipped_at}` });
defineAction({ ...a, handle: () => null });
defineAction({ ...a, handle: async () => null });
defineAction({ ...a, handle: () => undefined });
defineAction({ ...a, handle: () => {} });
defineAction({ ...a, handle: async () => {} });
defineAction({ ...a, handle: () => workflowStarted("w") });
defineAction({ ...a, handle: () => withRedirect("text", "/") });
defineAction({ ...a, handle: () => withRedirect(thing, "/") });
defineAction({ ...a, handle: ({ now }) => (now === "" ? "text" : thing) });
defineAction({ ...a, handle: ({ now }) => { if (now === "") return "text"; return null; } });

// What it may not.

// @ts-expect-error a number is no answer
defineAction({ ...a, handle: () => 1 });
// @ts-expect-error nor is one that comes later
defineAction({ ...a, handle: async () => 1 });
// @ts-expect-error nor is a boolean
defineAction({ ...a, handle: () => true });
// @ts-expect-error nor is a list
defineAction({ ...a, handle: () => [thing] });
// @ts-expect-error nor is a list of texts
defineAction({ ...a, handle: async () => ["text"] });
// @ts-expect-error nor is an object without an id
defineAction({ ...a, handle: () => ({ title: "One" }) });
// @ts-expect-error nor is an object whose id is none
defineAction({ ...a, handle: () => ({ id: null, title: "One" }) });
// @ts-expect-error nor is an object that is no record and has no title
defineAction({ ...a, handle: () => ({ id: 1 }) });
// @ts-expect-error nor is part of a record
defineAction({ ...a, subject: Order, handle: () => ({ id: 1 }) });
// @ts-expect-error nor is a date
defineAction({ ...a, handle: () => new Date(0) });
// @ts-expect-error nor is a function
defineAction({ ...a, handle: () => () => "text" });
// @ts-expect-error nor is a redirect with something else in it
defineAction({ ...a, handle: () => withRedirect(1, "/") });
// @ts-expect-error nor is text in some cases and a number in others
defineAction({ ...a, handle: ({ now }) => (now === "" ? "text" : 1) });

// `returns` narrows it.

defineAction({ ...a, returns: ["message"], handle: () => "text" });
defineAction({ ...a, returns: ["message", "nothing"], handle: ({ now }) => (now === "" ? "text" : null) });
defineAction({ ...a, returns: ["data"], subject: Order, handle: ({ subject }) => subject });
defineAction({ ...a, returns: ["workflow"], handle: async () => workflowStarted("w") });
defineAction({ ...a, returns: ["message"], handle: () => withRedirect("text", "/") });
// @ts-expect-error it says it returns text
defineAction({ ...a, returns: ["message"], handle: () => null });
// @ts-expect-error also when it does so later
defineAction({ ...a, returns: ["message"], handle: async () => thing });
// @ts-expect-error it says it returns an object
defineAction({ ...a, returns: ["data"], handle: () => "text" });
// @ts-expect-error it says it returns nothing
defineAction({ ...a, returns: ["nothing"], handle: () => "text" });
// @ts-expect-error it says it starts a workflow
defineAction({ ...a, returns: ["workflow"], handle: () => "text" });
// @ts-expect-error a redirect does not hide what is in it
defineAction({ ...a, returns: ["message"], handle: () => withRedirect(null, "/") });
// @ts-expect-error there is no such kind
defineAction({ ...a, returns: ["number"], handle: () => null });

// The rest of a definition.

// @ts-expect-error an action does something
defineAction({ key: "f", label: "F", authorize: everyone });
// @ts-expect-error an action says who may do it
defineAction({ key: "f", label: "F", handle: () => null });
// @ts-expect-error an action has a label
defineAction({ key: "f", authorize: everyone, handle: () => null });
// @ts-expect-error an effect is one of three
defineAction({ ...a, effect: "delete", handle: () => null });
// @ts-expect-error authorize() answers true or false
defineAction({ ...a, authorize: () => "yes", handle: () => null });
// @ts-expect-error also when it does so later
defineAction({ ...a, authorize: async () => 1, handle: () => null });
// @ts-expect-error validate() answers sentences by field
defineAction({ ...a, validate: () => ({ n: "wrong" }), handle: () => null });
// @ts-expect-error params are parameter types
defineAction({ ...a, params: { n: Number }, handle: () => null });
// @ts-expect-error a subject is what defineSubject() made
defineAction({ ...a, subject: "Order", handle: () => null });
// @ts-expect-error a misspelt option is found
defineAction({ ...a, precondition: () => {}, handle: () => null });

// Subject classes.

// @ts-expect-error the record's ID is of the declared kind
defineSubject({ class: "A", param: "a", id: integerId(), title: (record: { readonly id: string }) => record.id });
// @ts-expect-error a field is one of the record's
defineSubject({ class: "A", param: "a", id: integerId(), title: (_record: OrderRecord) => "", fields: ["shipped"] });
// @ts-expect-error who may see it is known at once
defineSubject({ class: "A", param: "a", id: integerId(), title: (_record: OrderRecord) => "", visible: async () => true });

// Actions of every kind fit in one list, and a handler can stand on its own.

export const actions: readonly Action[] = [
  defineAction({ ...a, handle: () => null }),
  defineAction({ ...a, subject: Order, handle: () => null }),
  defineAction({ ...a, params: { n: integer() }, subject: Shipment, returns: ["message"], handle: ({ params }) => `${params.n}` }),
];

function ship({ subject, params, subjects }: HandleContext<{ readonly at: string }, OrderRecord>) {
  return subjects.put(Order, { ...subject, shipped_at: params.at });
}
defineAction({ ...a, subject: Order, params: { at: text() }, handle: ship });
// @ts-expect-error a handler of one class does not fit an action of another
defineAction({ ...a, subject: Shipment, params: { at: text() }, handle: ship });
// @ts-expect-error nor one that needs a parameter that is not declared
defineAction({ ...a, subject: Order, handle: ship });
