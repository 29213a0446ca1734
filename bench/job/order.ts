/** One line of an order. */
export interface OrderLine {
  readonly product: number;
  readonly quantity: number;
  readonly unit_price: number;
}

export const PRIORITIES = ["low", "normal", "high"] as const;

/** The five parameters. */
export interface Amendment {
  readonly reason: string;
  readonly priority: (typeof PRIORITIES)[number];
  /** 0.1 is ten percent. */
  readonly discount: number;
  readonly notify: boolean;
  readonly lines: readonly OrderLine[];
}

/** The record that the job changes. */
export interface OrderRecord extends Amendment {
  readonly id: number;
  readonly customer: string;
  readonly total: number;
  /** How often it was changed. */
  readonly revision: number;
  /** RFC 3339. */
  readonly amended_at: string | null;
}

/** What a parameter may be, the same for every validator. */
export const LIMITS = { reason: 500, lines: 100, quantity: 1_000, price: 1_000_000 } as const;

export const SUBJECTS = 10_000;
export const ACTIONS = 40;
export const TOKENS = 64;

/** Whoever calls must hold it. */
export const PERMISSION = "manage_orders";
export const MESSAGE = "Order amended.";
const FIRST_ID = 10_000;

export function subjectId(index: number): number {
  return FIRST_ID + (index % SUBJECTS);
}

/** The last segment of an action's key. */
export function actionName(index: number): string {
  return `amend-order-${index % ACTIONS}`;
}

export const ACTION_NAMES: readonly string[] = Array.from({ length: ACTIONS }, (_, index) => actionName(index));

/** All the subjects as they are at first. */
export function createOrders(): readonly OrderRecord[] {
  return Array.from({ length: SUBJECTS }, (_, index) => createOrder(subjectId(index)));
}

export function createOrder(id: number): OrderRecord {
  const lines = [{ product: 11, quantity: 12, unit_price: 14 }];
  return { id, customer: `C${id}`, reason: "", priority: "normal", discount: 0, notify: false, lines, total: 168, revision: 0, amended_at: null };
}

export function titleOf(order: OrderRecord): string {
  return `Order #${order.id}`;
}

/** What the action does with its parameters. All fields are written out: spreading the order would take V8 as long as parsing the body. */
export function amend({ id, customer, revision }: OrderRecord, { reason, priority, discount, notify, lines }: Amendment, now: string): OrderRecord {
  let sum = 0;
  for (const line of lines) sum += line.quantity * line.unit_price;
  const total = Math.round(sum * (1 - discount) * 100) / 100;
  return { id, customer, reason, priority, discount, notify, lines, total, revision: revision + 1, amended_at: now };
}

/** What the action without parameters does. */
export function touch(order: OrderRecord, now: string): OrderRecord {
  const { id, customer, reason, priority, discount, notify, lines, total, revision } = order;
  return { id, customer, reason, priority, discount, notify, lines, total, revision: revision + 1, amended_at: now };
}

/** The answer that every server gives, however it wraps it. */
export interface Answer {
  readonly success: true;
  readonly message: string;
  readonly data: { readonly id: number; readonly title: string } & OrderRecord;
}

export function answerWith(order: OrderRecord): Answer {
  const { id, customer, reason, priority, discount, notify, lines, total, revision, amended_at } = order;
  const data = { id, title: titleOf(order), customer, reason, priority, discount, notify, lines, total, revision, amended_at };
  return { success: true, message: MESSAGE, data };
}

/** Parameters to send: every index gives others, all of about the same length. */
export function createAmendment(index: number): Amendment {
  const lines = [0, 1, 2].map((line) => ({ product: 1 + ((index + line) % 77), quantity: 1 + ((index * 7 + line) % 90), unit_price: 10 + ((index + line) % 80) / 4 }));
  return { reason: `The customer called about shipment ${index % 100} twice.`, priority: PRIORITIES[index % 3] ?? "low", discount: (index % 20) / 100, notify: index % 2 === 0, lines };
}
