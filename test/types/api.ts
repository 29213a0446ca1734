// Compiled, never run: what callers know of an action by its declaration alone.
import { createCatalog, defineAction, defineSubject, everyone, integer, integerId, list, object, text, value, withRedirect, workflowStarted } from "../../src/domain/index.ts";
import type { Action, ApiOf, Catalog } from "../../src/domain/index.ts";

type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
/** Compiles only when both are the same type. */
function same<A, B>(_proof: Same<A, B>) {}

interface OrderRecord {
  readonly id: number;
  readonly shipped_at: string | null;
  readonly secret_note: string;
}
const Order = defineSubject({ class: "shop.Order", param: "order", id: integerId(), title: (order: OrderRecord) => `Order #${order.id}`, fields: ["shipped_at"] });
const Whole = defineSubject({ class: "shop.Whole", param: "whole", id: integerId(), title: (order: OrderRecord) => `Order #${order.id}` });
const Typed = defineSubject({ class: "shop.Typed", param: "typed", id: integerId(), title: (order: OrderRecord) => `Order #${order.id}`, fields: { shipped_at: text().nullable() } });
type PublicOrder = { readonly id: number; readonly title: string; readonly shipped_at: string | null };

const ship = defineAction({
  key: "orders/ship",
  label: "Ship",
  subject: Order,
  params: { carrier: text(), boxes: integer().default(1) },
  errors: { already_shipped: { details: { at: text() } }, no_carrier: { retry: true } },
  authorize: everyone,
  preconditions({ fail, subject }) {
    if (subject.shipped_at !== null) throw fail("already_shipped", "It has shipped.", { at: subject.shipped_at });
    if (subject.id === 2) throw fail("no_carrier", "Nobody comes.");
    // @ts-expect-error no such error is declared
    throw fail("no_such_code", "?");
  },
  handle({ fail, now, subject, subjects }) {
    // @ts-expect-error it has details
    if (now === "") throw fail("already_shipped", "It has shipped.");
    // @ts-expect-error these are others
    if (now === "") throw fail("already_shipped", "It has shipped.", { at: 1 });
    // @ts-expect-error it has none
    if (now === "") throw fail("no_carrier", "Nobody comes.", { at: now });
    return subjects.put(Order, { ...subject, shipped_at: now });
  },
  message: (order) => `Order ${order.id} has shipped at ${order.shipped_at}.`,
});
const make = defineAction({ key: "orders/make", label: "Make", authorize: everyone, handle: ({ subjects }) => subjects.put(Whole, { id: 1, shipped_at: null, secret_note: "" }) });
const read = defineAction({ key: "orders/read", label: "Read", subject: Order, authorize: everyone, handle: ({ subject }) => withRedirect(subject, "/") });
const sales = defineAction({
  key: "reports/sales",
  label: "Sales",
  returns: { rows: list(object({ country: text(), cents: integer() })) },
  authorize: everyone,
  handle: () => value({ rows: [{ country: "Peru", cents: 1 }] }),
});
const typed = defineAction({ key: "orders/typed", label: "Typed", subject: Typed, authorize: everyone, handle: ({ subject }) => subject });
const dated = defineAction({
  key: "dated",
  label: "Dated",
  authorize: everyone,
  handle: () => value({ at: new Date(0), all: [new Date(0)], note: "" as string & { readonly note: true }, inner: { at: null as Date | null }, some: 1 as unknown, any: 1 as any }),
  message: ({ at }) => `At ${at.slice(0, 10)}.`,
});
const mixed = defineAction({
  key: "mixed",
  label: "Mixed",
  authorize: everyone,
  handle({ now }) {
    if (now === "1") return "text";
    if (now === "2") return workflowStarted("w");
    if (now === "3") return value({ n: 1 });
    return null;
  },
});

const catalog = createCatalog({ subjects: [Order, Whole, Typed], actions: [ship, make, read, sales, typed, dated, mixed] });
type Api = ApiOf<typeof catalog>;

same<keyof Api, "orders/ship" | "orders/make" | "orders/read" | "reports/sales" | "orders/typed" | "dated" | "mixed">(true);
same<Api["orders/ship"]["id"], number>(true);
same<Api["mixed"]["id"], null>(true);
same<Api["orders/ship"]["params"], { readonly carrier: string; readonly boxes?: number }>(true);
same<Api["orders/ship"]["result"], { readonly message: string; readonly data: PublicOrder }>(true);
same<Api["orders/make"]["result"], { readonly message: string; readonly data: { readonly id: number; readonly title: string; readonly shipped_at: string | null; readonly secret_note: string } }>(true);
same<Api["orders/read"]["result"], { readonly message: string; readonly data: PublicOrder }>(true);
same<Api["orders/typed"]["result"], { readonly message: string; readonly data: PublicOrder }>(true);
same<Api["reports/sales"]["result"]["data"], { readonly rows: readonly { readonly country: string; readonly cents: number }[] }>(true);
same<Api["dated"]["result"]["data"], { at: string; all: string[]; note: string & { readonly note: true }; inner: { at: string | null }; some: unknown; any: any }>(true);
same<Api["mixed"]["result"], { readonly message: string } | { readonly workflow_id: string } | { readonly message: string; readonly data: { n: number } } | {}>(true);
same<Api["orders/ship"]["errors"], { readonly code: "already_shipped"; readonly details: { readonly at: string } } | { readonly code: "no_carrier"; readonly details: undefined }>(true);
same<Api["mixed"]["errors"], never>(true);
same<ApiOf<Catalog>[string]["errors"], { readonly code: string; readonly details?: unknown }>(true);

// @ts-expect-error there is no such key
export type Missing = Api["orders/shipp"];
// @ts-expect-error a parameter has its type
export const params: Api["orders/ship"]["params"] = { carrier: 1 };
// @ts-expect-error nor may one be left out
export const without: Api["orders/ship"]["params"] = {};
// @ts-expect-error there is no such parameter
export const stranger: Api["orders/ship"]["params"] = { carrier: "UPS", box: 1 };

// A schema of the data is kept to.

const s = { key: "s", label: "S", authorize: everyone, returns: { total: integer() } } as const;
defineAction({ ...s, handle: () => value({ total: 1 }) });
// @ts-expect-error it says that its data has a total
defineAction({ ...s, handle: () => value({ sum: 1 }) });
// @ts-expect-error it says that it answers data
defineAction({ ...s, handle: () => "text" });
// @ts-expect-error value() takes an object
defineAction({ ...s, handle: () => value(1) });

// @ts-expect-error a misspelt option is found
createCatalog({ subjects: [], actions: [], workflow: [] });

// A catalog with all types fits where any does.

export const any: Catalog = catalog;
export const anyAction: Action = ship;

// Where the data is declared, a record is an answer only if it is shown as such.
const shown = object({ id: integer(), title: text(), shipped_at: text().nullable() });
const onOrder = { key: "on", label: "On", subject: Order, authorize: everyone } as const;
defineAction({ ...onOrder, returns: shown, handle: ({ subject }) => subject });
defineAction({ ...onOrder, returns: shown, handle: ({ subject, subjects }) => subjects.put(Order, subject) });
defineAction({ ...onOrder, returns: shown, bulk: { handleAll: ({ all }) => all }, handle: ({ subject }) => withRedirect(subject, "/") });
// @ts-expect-error no order is shown with a total
defineAction({ ...onOrder, returns: { total: integer() }, handle: ({ subject }) => subject });
// @ts-expect-error no order is shown with a total
defineAction({ ...onOrder, returns: { total: integer() }, handle: ({ subject, subjects }) => subjects.put(Order, subject) });
