// Compiled, never run: what a class of subjects may say of its fields.
import { boolean, date, defineSubject, integer, integerId, list, number, object, oneOf, reference, text } from "../../src/domain/index.ts";
import type { AuditQuery, SubjectQuery } from "../../src/domain/index.ts";

interface OrderRecord {
  readonly id: number;
  readonly customer: number;
  readonly notes: string | null;
  readonly freight: number;
  readonly shipped?: boolean;
  readonly status: "open" | "closed";
  readonly lines: readonly { readonly product: number; readonly quantity: number }[];
}
const title = (order: OrderRecord) => `Order #${order.id}`;
const shared = { class: "shop.Order", param: "order", id: integerId(), title };
const Customer = defineSubject({ class: "shop.Customer", param: "customer", id: integerId(), title: (customer: { readonly id: number }) => `${customer.id}` });

defineSubject({ ...shared, label: "Order", read: ({ identity }) => identity.can("read"), fields: ["notes", "freight"] });
defineSubject({
  ...shared,
  fields: {
    customer: reference(Customer),
    notes: text().nullable(),
    freight: number(),
    shipped: boolean().optional(),
    status: oneOf(["open", "closed"]),
    lines: list(object({ product: integer(), quantity: integer() })),
  },
});
// @ts-expect-error there is no such field
defineSubject({ ...shared, fields: ["note"] });
// @ts-expect-error there is no such field
defineSubject({ ...shared, fields: { note: text() } });
// @ts-expect-error the ID is always there
defineSubject({ ...shared, fields: { id: integer() } });
// @ts-expect-error a type that says nothing of null does not take every value of the field
defineSubject({ ...shared, fields: { notes: text() } });
// @ts-expect-error the field is no text
defineSubject({ ...shared, fields: { freight: date() } });
// @ts-expect-error nor may the field have other values than the type
defineSubject({ ...shared, fields: { status: oneOf(["open"]) } });
// @ts-expect-error a list answers records of the class
defineSubject({ ...shared, source: () => [], list: () => [{ id: 1 }] });

// A page that may be the first is asked for in one literal, of subjects as of the trail.
export const pageOf = (after: string | undefined): SubjectQuery & AuditQuery => ({ after, limit: undefined, q: undefined, action: undefined, subject: undefined, identity: undefined, order: undefined });
