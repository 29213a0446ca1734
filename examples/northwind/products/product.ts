import { boolean, defineSubject, integer, integerId, number, text } from "actionport";

/** What is sold, and how much of it there is. Prices have at most two places. */
export interface ProductRecord {
  readonly id: number;
  readonly name: string;
  readonly category: string;
  readonly quantity_per_unit: string;
  readonly unit_price: number;
  readonly units_in_stock: number;
  readonly units_on_order: number;
  readonly reorder_level: number;
  /** No longer bought; what is left of it is still sold. */
  readonly discontinued: boolean;
}

/** What a product's record holds beside its ID. */
export const PRODUCT_FIELDS = {
  name: text(),
  category: text(),
  quantity_per_unit: text(),
  unit_price: number(),
  units_in_stock: integer(),
  units_on_order: integer(),
  reorder_level: integer(),
  discontinued: boolean(),
};

/** A product as the answers of actions show it. */
export const SHOWN_PRODUCT = { id: integer(), title: text(), ...PRODUCT_FIELDS };

/** Products, by number. */
export const Product = defineSubject({
  class: "northwind.Product",
  param: "product",
  id: integerId({ min: 1 }),
  title: (product: ProductRecord) => product.name,
  fields: PRODUCT_FIELDS,
  read: ({ identity }) => identity.can("manage_orders") || identity.can("view_reports"),
});
