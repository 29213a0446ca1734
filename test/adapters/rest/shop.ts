import { createRest, type RestOptions } from "../../../src/adapters/rest/index.ts";
import type { HttpHandler } from "../../../src/adapters/http/message.ts";
import { createMemoryStore } from "../../../src/adapters/memory/index.ts";
import {
  ActionError,
  createActions,
  createCatalog,
  createIdentity,
  defineAction,
  everyone,
  defineSubject,
  integer,
  integerId,
  list,
  object,
  oneOf,
  patternId,
  reference,
  text,
  textId,
  uuidId,
  withRedirect,
  workflowStarted,
  type Actions,
  type ActionsOptions,
  type Authenticate,
  type Observation,
  type RecordStore,
} from "../../../src/domain/index.ts";

export interface ItemRecord {
  readonly id: number;
  readonly name: string;
  readonly count: number;
  /** No public field. */
  readonly cost: number;
  readonly locked?: boolean;
  readonly hidden?: boolean;
}

/** The time at which all tests take place: 2026-11-23T10:00:00.000Z. */
export const NOW = Date.UTC(2026, 10, 23, 10);

export const Item = defineSubject({
  class: "shop.Item",
  param: "item",
  id: integerId(),
  title: (item: ItemRecord) => `Item #${item.id}`,
  fields: { name: text(), count: integer() },
  read: ({ identity }) => identity.can("manage_items"),
  visible: ({ identity, record }) => record.hidden !== true || identity.can("see_hidden"),
});
export const Tag = defineSubject({ class: "shop.Tag", label: "Mark", param: "tag", id: textId(), read: ({ identity }) => identity.can("see_tags"), title: (tag: { readonly id: string }) => `Tag ${tag.id}` });
export const Device = defineSubject({ class: "shop.Device", param: "device", id: uuidId(), title: (device: { readonly id: string }) => `Device ${device.id}` });
export const Customer = defineSubject({ class: "shop.Customer", param: "customer", id: patternId(/[A-Z]{5}/), title: (customer: { readonly id: string }) => customer.id });

const RESULTS = [
  defineAction({ key: "results/text", label: "Text", returns: ["message"], authorize: everyone, handle: () => "All is well." }),
  defineAction({ key: "results/empty-text", label: "Empty text", authorize: everyone, handle: () => "" }),
  defineAction({ key: "results/nothing", label: "Nothing", authorize: everyone, handle: () => undefined }),
  defineAction({ key: "results/null", label: "Null", authorize: everyone, handle: async () => null }),
  defineAction({ key: "results/workflow", label: "Workflow", authorize: everyone, handle: () => workflowStarted("wf-7") }),
  defineAction({ key: "results/object", label: "Object", authorize: everyone, handle: () => ({ total: 3, title: "A report", id: "report", lines: [{ n: 1 }] }), message: "Report made." }),
  defineAction({ key: "results/usual-message", label: "Make a thing", authorize: everyone, handle: async () => ({ id: 1, title: "Thing" }) }),
  defineAction({ key: "results/made-message", label: "Made", authorize: everyone, handle: () => ({ id: 9, title: "Nine" }), message: (thing) => `Made ${thing.id}.` }),
  defineAction({ key: "results/redirected-text", label: "Redirect", authorize: everyone, handle: () => withRedirect("Done.", "/elsewhere") }),
  defineAction({ key: "results/redirected-object", label: "Redirect", authorize: everyone, handle: () => withRedirect({ id: 1, title: "One" }, "/items/1"), message: "Done." }),
  defineAction({ key: "results/refused", label: "Refuse", authorize: everyone, handle: () => refuse("Not today.") }),
  defineAction({ key: "results/refused-with-code", label: "Refuse", authorize: everyone, handle: async () => refuse("Too late.", { code: "too_late" }) }),
  defineAction({ key: "results/refused-with-details", label: "Refuse", authorize: everyone, handle: () => refuse("Too many.", { details: { left: 4 } }) }),
  defineAction({ key: "results/refused-with-both", label: "Refuse", authorize: everyone, handle: () => refuse("Sold out.", { code: "sold_out", details: { sizes: [38, null] } }) }),
  defineAction({ key: "results/broken", label: "Broken", authorize: everyone, handle: () => fail("password=hunter2 at /etc/shop.ts:7") }),
  defineAction({ key: "results/broken-later", label: "Broken", authorize: everyone, handle: async () => fail("password=hunter2") }),
  defineAction({ key: "results/broken-value", label: "Broken", authorize: everyone, handle: () => ({ id: 1, title: "One", value: Number.NaN }) }),
];

const SHOW = [Item, Tag, Device, Customer].map((subject) =>
  defineAction({ key: `show/${subject.param}`, label: "Show", effect: "read", subject, authorize: everyone, handle: ({ subject: { id } }) => `${typeof id} ${id}` }),
);

/** Counts what was really handled, by key and subject. */
export type Handled = string[];

function itemActions(handled: Handled, gate: (id: number) => Promise<void>) {
  return [
    defineAction({
      key: "items/rename",
      label: "Rename item",
      description: "Gives an item another name.",
      subject: Item,
      params: {
        name: text({ min: 1, max: 20 }),
        lines: list(object({ quantity: integer({ min: 1 }) })).optional(),
        mood: oneOf(["good", "bad"]).default("good"),
        like: reference(Item).optional(),
      },
      returns: ["data"],
      authorize: ({ identity, subject }) => identity.can("manage_items") && (subject.id !== 3 || identity.can("manage_three")),
      preconditions({ subject }) {
        if (subject.locked === true) throw new ActionError(`Item #${subject.id} is locked.`, { code: "locked" });
      },
      handle({ subject, params, subjects }) {
        handled.push(`rename ${subject.id}`);
        if (params.mood === "bad") throw new ActionError("Not in this mood.");
        return subjects.put(Item, { ...subject, name: params.like === undefined ? params.name : `${params.name} like ${params.like.name}` });
      },
      message: "Item renamed.",
    }),
    defineAction({
      key: "items/sell",
      label: "Sell item",
      effect: "destructive",
      subject: Item,
      params: { break: text().optional() },
      authorize: everyone,
      async handle({ subject, params, subjects }) {
        handled.push(`sell ${subject.id}`);
        await Promise.resolve();
        if (params.break !== undefined) fail("password=hunter2");
        if (subject.count === 0) throw new ActionError(`None of item #${subject.id} is left.`);
        subjects.put(Item, { ...subject, count: subject.count - 1 });
        return `Sold one of item #${subject.id}.`;
      },
    }),
    defineAction({
      key: "items/wait",
      label: "Wait for item",
      subject: Item,
      authorize: everyone,
      async handle({ subject: { id } }) {
        await gate(id);
        return `Waited for ${id}.`;
      },
    }),
    defineAction({ key: "create", label: "Create", params: { name: text() }, authorize: ({ identity }) => identity.can("manage_items"), handle: ({ params }) => `Created ${params.name}.` }),
    defineAction({ key: "a/b/c/d-e", label: "Deep", authorize: everyone, handle: () => "Deep." }),
    defineAction({ key: "execute-all/executed", label: "Words", subject: Tag, authorize: everyone, handle: ({ subject }) => subject.id }),
  ];
}

const ITEMS: readonly ItemRecord[] = [
  { id: 1, name: "Chai", count: 5, cost: 3 },
  { id: 2, name: "Chang", count: 0, cost: 4 },
  { id: 3, name: "Three", count: 9, cost: 1 },
  { id: 4, name: "Locked", count: 9, cost: 1, locked: true },
  { id: 5, name: "Hidden", count: 9, cost: 1, hidden: true },
  { id: 42, name: "Answer", count: 42, cost: 1 },
  { id: -7, name: "Below", count: 1, cost: 1 },
  { id: 9007199254740991, name: "Greatest", count: 1, cost: 1 },
  { id: 0, name: "Zero", count: 1, cost: 1 },
];
export const DEVICE_ID = "0b9c1b2e-3d4f-4a6b-8c7d-9e0f1a2b3c4d";
/** Exactly as long as an ID may be. */
export const LONGEST_ID = "é".repeat(127) + "x";
const TAGS = ["a/b", "a%2Fb", "ä", "execute/1", "x/execute/y", "bulk", "..", "a b", "+", "\u{1F600}", LONGEST_ID];

function load(store: RecordStore): void {
  const put = (collection: string, value: { readonly id: string | number }) => ({ kind: "put", collection, id: String(value.id), basedOn: 0, value: { ...value } }) as const;
  void store.commit([
    ...ITEMS.map((item) => put(Item.class, item)),
    ...TAGS.map((id) => put(Tag.class, { id })),
    put(Device.class, { id: DEVICE_ID }),
    put(Customer.class, { id: "ALFKI" }),
  ]);
}

const IDENTITIES = new Map([
  ["manager-token", createIdentity({ kind: "client", id: "manager", permissions: ["manage_items"] })],
  ["root-token", createIdentity({ kind: "user", id: "root", permissions: ["*"] })],
  ["nobody-token", createIdentity({ kind: "user", id: "nobody", permissions: [] })],
]);

/** Knows three tokens, is out of order for one, and answers late for those that begin with `late-`. */
export const authenticate: Authenticate = (token) => {
  if (token.startsWith("late-")) return Promise.resolve().then(() => authenticate(token.slice(5)));
  if (token === "outage-token") return { authenticated: false, reason: "unavailable", retryAfterSeconds: 7 };
  const identity = IDENTITIES.get(token);
  return identity === undefined ? { authenticated: false, reason: "invalid_token" } : { authenticated: true, identity };
};

/** A small shop behind the HTTP contract. */
export interface Shop {
  readonly handler: HttpHandler;
  readonly actions: Actions;
  readonly store: RecordStore;
  readonly handled: Handled;
  /** The unforeseen failures that were noted. */
  readonly failures: Observation[];
}

/** How a test may furnish the shop. */
export interface ShopOptions {
  readonly rest?: Partial<RestOptions>;
  readonly engine?: Partial<ActionsOptions>;
  readonly wrapStore?: (store: RecordStore) => RecordStore;
  /** What `items/wait` waits for. */
  readonly gate?: (id: number) => Promise<void>;
}

/** Opens a shop with fresh stock. */
export function openShop({ rest = {}, engine = {}, wrapStore = (store) => store, gate = () => Promise.resolve() }: ShopOptions = {}): Shop {
  const clock = () => NOW;
  const store = createMemoryStore({ clock });
  load(store);
  const handled: Handled = [];
  const failures: Observation[] = [];
  const observe = (observation: Observation) => {
    if (observation.event !== "request") failures.push(observation);
  };
  const catalog = createCatalog({ actions: [...RESULTS, ...SHOW, ...itemActions(handled, gate)], subjects: [Item, Tag, Device, Customer] });
  let ids = 0;
  const newId = () => `fresh-${++ids}`;
  const actions = createActions({ catalog, store: wrapStore(store), clock, newId, observe, maxBulkIds: 5, ...engine });
  const handler = createRest({ actions, authenticate, clock, newId, observe, ...rest });
  return { handler, actions, store, handled, failures };
}

function refuse(message: string, options?: ConstructorParameters<typeof ActionError>[1]): never {
  throw new ActionError(message, options);
}

function fail(message: string): never {
  throw new Error(message);
}
