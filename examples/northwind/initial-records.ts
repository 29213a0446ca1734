import { readFileSync } from "node:fs";
import { recordsOf, type InitialRecords } from "../../src/app/index.ts";
import {
  boolean,
  compileParams,
  date,
  integer,
  list,
  number,
  object,
  text,
  type InferParams,
  type ParamShape,
} from "../../src/domain/index.ts";
import { Customer } from "./customers/customer.ts";
import { Order, UNTOUCHED } from "./orders/order.ts";
import { Product } from "./products/product.ts";

const CUSTOMER = {
  id: text(),
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

const PRODUCT = {
  id: integer(),
  name: text(),
  category: text(),
  quantity_per_unit: text(),
  unit_price: number(),
  units_in_stock: integer(),
  units_on_order: integer(),
  reorder_level: integer(),
  discontinued: boolean(),
};

const ORDER = {
  id: integer(),
  customer: text(),
  employee: text(),
  ordered_at: date(),
  required_at: date(),
  shipped_at: date().nullable(),
  shipper: text(),
  freight: number(),
  ship_name: text(),
  ship_city: text(),
  ship_country: text(),
  lines: list(object({ product: integer(), unit_price: number(), quantity: integer(), discount: number() })),
};

/**
 * The Northwind data, as the actions know it. Throws when a file is not what it should be. It is taken as it
 * is: for 24 customers whose address had a comma the source has every field behind it one place
 * further on (a postal code for a country), and so have reports on them.
 */
export function readInitialRecords(): readonly InitialRecords[] {
  return [
    recordsOf(Customer, readFile("customers.json", CUSTOMER)),
    recordsOf(Product, readFile("products.json", PRODUCT)),
    recordsOf(Order, readFile("orders.json", ORDER).map((order) => ({ ...order, ...UNTOUCHED }))),
  ];
}

/** The parameter types check any data: each record has exactly these fields, and the types that follow from them. */
function readFile<const S extends ParamShape>(name: string, shape: S): readonly InferParams<S>[] {
  const { parse } = compileParams(shape);
  const records: unknown = JSON.parse(readFileSync(new URL(`data/${name}`, import.meta.url), "utf8"));
  if (!Array.isArray(records)) throw new TypeError(`${name} must hold a list`);
  return records.map((record: unknown, index) => {
    const parsed = parse(record);
    if (parsed.ok) return parsed.value;
    throw new TypeError(`${name}, record ${index}: ${JSON.stringify(parsed.errors)}`);
  });
}
