import { readAmendment } from "../job/by-hand.ts";
import type { MapShop } from "../job/map-shop.ts";
import type { Amendment } from "../job/order.ts";

/** One item of an answer. */
interface Result {
  readonly index: number;
  readonly id: string | number;
  readonly success: boolean;
  readonly status: number;
}

/** The whole call by hand: null when it is not valid. Nothing is taken back in any mode; `stop` ends with the first failure. */
export async function runLoop(shop: MapShop, call: unknown): Promise<object | null> {
  const { ids, params, mode = "each" } = Object(call);
  const amendment = readAmendment(params);
  if (amendment === null || !isIds(ids) || new Set(ids.map(String)).size < ids.length) return null;
  const results: Result[] = [];
  let succeeded = 0;
  for (const [index, id] of ids.entries()) {
    const result = await runOne(shop, index, id, amendment);
    results.push(result);
    if (result.success) succeeded++;
    else if (mode === "stop") break;
  }
  const total = ids.length;
  return { success: succeeded === total, message: `${succeeded} of ${total} succeeded.`, total, succeeded, failed: total - succeeded, results };
}

async function runOne(shop: MapShop, index: number, id: string | number, amendment: Amendment): Promise<Result> {
  const answer = await shop.amend(String(id), amendment);
  if (answer === null) return { index, id, success: false, status: 404 };
  return { index, id, success: true, status: 200, ...{ message: answer.message, data: answer.data } };
}

function isIds(ids: unknown): ids is readonly (string | number)[] {
  return Array.isArray(ids) && ids.length > 0 && ids.every((id) => typeof id === "string" || Number.isSafeInteger(id));
}
