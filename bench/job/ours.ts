import { createHash, randomUUID } from "node:crypto";
import { boolean, createActions, createCatalog, createIdentity, defineAction, defineSubject, everyone, integer, integerId, isSuccess, list, number, object, oneOf, text } from "../../src/domain/index.ts";
import type { Actions, RecordStore, Timer } from "../../src/domain/index.ts";
import { ACTION_NAMES, actionName, amend, createOrders, LIMITS, MESSAGE, PERMISSION, PRIORITIES, SUBJECTS, titleOf, touch } from "./order.ts";
import type { OrderRecord } from "./order.ts";

/** The parameters in ours. */
export const AMENDMENT_PARAMS = {
  reason: text({ max: LIMITS.reason }),
  priority: oneOf(PRIORITIES),
  discount: number({ min: 0, max: 1 }),
  notify: boolean(),
  lines: list(
    object({
      product: integer({ min: 1 }),
      quantity: integer({ min: 1, max: LIMITS.quantity }),
      unit_price: number({ min: 0, max: LIMITS.price }),
    }),
    { min: 1, max: LIMITS.lines },
  ),
};

const Order = defineSubject({ class: "shop.Order", param: "order", id: integerId(), title: (order: OrderRecord) => titleOf(order) });

/** The key of the action with this name. */
export function keyOf(name: string): string {
  return `orders/${name}`;
}

function defineAmend(name: string) {
  return defineAction({
    key: keyOf(name),
    label: "Amend order",
    subject: Order,
    params: AMENDMENT_PARAMS,
    authorize: ({ identity }) => identity.can(PERMISSION),
    handle: async ({ subject, params, now, subjects }) => subjects.put(Order, amend(subject, params, now)),
    message: MESSAGE,
  });
}

const touchOrder = defineAction({
  key: "orders/touch-order",
  label: "Touch order",
  subject: Order,
  authorize: ({ identity }) => identity.can(PERMISSION),
  handle: ({ subject, now, subjects }) => subjects.put(Order, touch(subject, now)),
  message: MESSAGE,
});

/** The key of one of the actions with parameters. */
export const AMENDMENT_KEY = keyOf(actionName(0));

/** The key of the action without parameters. */
export const TOUCH_KEY = touchOrder.key;

const openShop = defineAction({
  key: "orders/open-shop",
  label: "Open shop",
  params: { from: integer({ min: 0 }), to: integer({ min: 0 }) },
  authorize: everyone,
  handle({ params, subjects }) {
    for (const order of createOrders().slice(params.from, params.to)) subjects.put(Order, order);
  },
});

const FILLED_AT_ONCE = 1_000;

/** A store and what is done with it. */
export interface ShopOptions {
  readonly store: RecordStore;
  /** As createActions takes it: absent is the default, null keeps no entries. */
  readonly auditRetentionSeconds?: number | null;
  /** For deadlines, as createActions takes it. Absent: there are none. */
  readonly timer?: Timer;
  /** The subjects are there already. Absent: they are made. */
  readonly isFilled?: true;
}

/** The actions on this store, which is filled with the subjects. */
export async function createShop(options: ShopOptions): Promise<Actions> {
  const catalog = createCatalog({ actions: [...ACTION_NAMES.map(defineAmend), touchOrder, openShop], subjects: [Order] });
  const shared = { catalog, clock: Date.now, newId: randomUUID, digest };
  const { isFilled, ...given } = options;
  if (isFilled === undefined) await fill(createActions({ ...shared, store: options.store, auditRetentionSeconds: null }));
  return createActions({ ...shared, ...given });
}

/** As the application does it. */
function digest(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

async function fill(actions: Actions): Promise<void> {
  const identity = createIdentity({ kind: "client", id: "setup", permissions: [] });
  for (let from = 0; from < SUBJECTS; from += FILLED_AT_ONCE) {
    const outcome = await actions.execute({ key: openShop.key, identity, params: { from, to: from + FILLED_AT_ONCE } });
    if (!isSuccess(outcome)) throw new Error(`The shop was not opened: ${JSON.stringify(outcome)}`);
  }
}
