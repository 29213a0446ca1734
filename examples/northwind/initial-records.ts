import { readFileSync } from "node:fs";
import { recordsOf, type InitialRecords } from "actionport/app";
import { compileParams, integer, text, type InferParams, type ParamShape } from "actionport";
import { Customer, CUSTOMER_FIELDS } from "./customers/customer.ts";
import { Order, ORDER_FIELDS, UNTOUCHED } from "./orders/order.ts";
import { Product, PRODUCT_FIELDS } from "./products/product.ts";

/**
 * The Northwind data, as the actions know it. Throws when a file is not what it should be. It is taken as it
 * is: for 24 customers whose address had a comma the source has every field behind it one place
 * further on (a postal code for a country), and so have reports on them.
 */
export function readInitialRecords(): readonly InitialRecords[] {
  return [
    recordsOf(Customer, readFile("customers.json", { id: text(), ...CUSTOMER_FIELDS })),
    recordsOf(Product, readFile("products.json", { id: integer(), ...PRODUCT_FIELDS })),
    recordsOf(Order, readFile("orders.json", { id: integer(), ...ORDER_FIELDS }).map((order) => ({ ...order, ...UNTOUCHED }))),
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
