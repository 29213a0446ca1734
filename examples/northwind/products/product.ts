import { defineSubject, integerId } from "../../../src/domain/index.ts";

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

/** Products, by number. */
export const Product = defineSubject({
  class: "northwind.Product",
  param: "product",
  id: integerId({ min: 1 }),
  title: (product: ProductRecord) => product.name,
});
