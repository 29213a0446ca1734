import { amend, answerWith, createOrders, touch } from "./order.ts";
import type { Amendment, Answer, OrderRecord } from "./order.ts";

/** The orders in a Map, and what is done with them: no transaction, no conflict, no trail. For everybody but us. */
export interface MapShop {
  /** Amends the order and answers what the caller is told; null when there is no such order. */
  amend(id: string, amendment: Amendment): Promise<Answer | null>;
  /** The same for the action without parameters, which does not wait. */
  touch(id: string): Answer | null;
}

export function createMapShop(): MapShop {
  const orders = new Map(createOrders().map((order) => [String(order.id), order]));
  const handle = async (order: OrderRecord, amendment: Amendment) => amend(order, amendment, new Date().toISOString());
  return {
    async amend(id, amendment) {
      const order = orders.get(id);
      if (order === undefined) return null;
      const amended = await handle(order, amendment);
      orders.set(id, amended);
      return answerWith(amended);
    },
    touch(id) {
      const order = orders.get(id);
      if (order === undefined) return null;
      const touched = touch(order, new Date().toISOString());
      orders.set(id, touched);
      return answerWith(touched);
    },
  };
}
