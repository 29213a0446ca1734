import { defineSubject, patternId, text } from "actionport";

/** A company that orders. */
export interface CustomerRecord {
  readonly id: string;
  readonly company_name: string;
  readonly contact_name: string;
  readonly contact_title: string;
  readonly address: string;
  readonly city: string;
  readonly region: string | null;
  readonly postal_code: string | null;
  readonly country: string;
  readonly phone: string;
  readonly fax: string | null;
}

/** What a customer's record holds beside its ID. */
export const CUSTOMER_FIELDS = {
  company_name: text(),
  contact_name: text(),
  contact_title: text(),
  address: text(),
  city: text(),
  region: text().nullable(),
  postal_code: text().nullable(),
  country: text(),
  phone: text(),
  fax: text().nullable(),
};

/** Customers are known by five capital letters: `ALFKI`. */
export const Customer = defineSubject({
  class: "northwind.Customer",
  param: "customer",
  id: patternId(/^[A-Z]{5}$/),
  title: (customer: CustomerRecord) => customer.company_name,
  fields: CUSTOMER_FIELDS,
  read: ({ identity }) => identity.can("view_reports"),
});
