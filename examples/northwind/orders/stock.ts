import { ActionError, type Subjects } from "actionport";
import { Product } from "../products/product.ts";

/** So many units of one product. */
export interface Quantity {
  /** The product's ID. */
  readonly product: number;
  readonly quantity: number;
}

/** The first line that asks for more than there is throws, and then nothing of any line is taken. */
export async function takeOutOfStock(lines: readonly Quantity[], subjects: Subjects): Promise<void> {
  // One round trip for all of them; the reads below find them there.
  await subjects.getMany(Product, lines.map((line) => line.product));
  for (const line of lines) {
    const product = await subjects.get(Product, line.product);
    if (product === undefined) throw new ActionError(`Product ${line.product} does not exist any more.`);
    const left = product.units_in_stock - line.quantity;
    if (left < 0) throw new ActionError(`Only ${product.units_in_stock} of ${product.name} in stock, ${line.quantity} ordered.`);
    subjects.put(Product, { ...product, units_in_stock: left });
  }
}

/** Undoes {@link takeOutOfStock}; what is of a product that does not exist any more is lost with it. */
export async function putIntoStock(lines: readonly Quantity[], subjects: Subjects): Promise<void> {
  await subjects.getMany(Product, lines.map((line) => line.product));
  for (const line of lines) {
    const product = await subjects.get(Product, line.product);
    if (product !== undefined) subjects.put(Product, { ...product, units_in_stock: product.units_in_stock + line.quantity });
  }
}
