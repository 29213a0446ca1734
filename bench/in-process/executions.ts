import { createMemoryStore } from "../../src/adapters/memory/index.ts";
import { createNodeTimer } from "../../src/adapters/node-timer/index.ts";
import { createIdentity } from "../../src/domain/index.ts";
import type { Identity, Outcome } from "../../src/domain/index.ts";
import { readAmendment } from "../job/by-hand.ts";
import { createMapShop } from "../job/map-shop.ts";
import { createAmendment, PERMISSION, subjectId, TOKENS } from "../job/order.ts";
import { AMENDMENT_KEY, createShop, TOUCH_KEY } from "../job/ours.ts";
import type { CreateWork, Work } from "./cases.ts";

/** Step through the subjects so that neighbours are not met one after the other; coprime to their number. */
const STRIDE = 7_919;

const BODIES: readonly string[] = Array.from({ length: TOKENS }, (_, index) => JSON.stringify(createAmendment(index)));
const IDENTITIES = Array.from({ length: TOKENS }, (_, index) => createIdentity({ kind: "client", id: `client-${index}`, permissions: [PERMISSION] }));

export function byHand(): Work {
  const shop = createMapShop();
  return {
    waits: true,
    async call(index) {
      const amendment = readAmendment(JSON.parse(bodyOf(index)));
      if (amendment === null || !identityOf(index).can(PERMISSION)) throw new Error("refused");
      const answer = await shop.amend(idOf(index), amendment);
      return answer === null ? null : JSON.stringify(answer);
    },
  };
}

export function byHandWithoutParams(): Work {
  const shop = createMapShop();
  return {
    waits: true,
    async call(index) {
      if (!identityOf(index).can(PERMISSION)) throw new Error("refused");
      const answer = shop.touch(idOf(index));
      return answer === null ? null : JSON.stringify(answer);
    },
  };
}

/** What an execution of ours does besides. */
interface OurOptions {
  /** Absent: as it comes, with an entry. */
  readonly auditRetentionSeconds?: null;
  /** Whoever hangs is ended, as in the application. */
  readonly withDeadline?: boolean;
  /** Each call has an idempotency key of its own, which the store then remembers. */
  readonly withKey?: boolean;
}

export function oursWith({ withKey = false, withDeadline = false, ...options }: OurOptions): CreateWork {
  return async () => {
    const deadline = withDeadline ? { timer: createNodeTimer({ clock: Date.now }) } : {};
    const actions = await createShop({ store: createMemoryStore({ clock: Date.now }), ...deadline, ...options });
    return {
      waits: true,
      async call(index) {
        const params: unknown = JSON.parse(bodyOf(index));
        const call = { key: AMENDMENT_KEY, identity: identityOf(index), subject: idOf(index), params };
        return toText(await actions.execute(withKey ? { ...call, idempotencyKey: `key-${index}` } : call));
      },
    };
  };
}

export function oursWithoutParams(options: OurOptions): CreateWork {
  return async () => {
    const actions = await createShop({ store: createMemoryStore({ clock: Date.now }), ...options });
    return {
      waits: true,
      async call(index) {
        return toText(await actions.execute({ key: TOUCH_KEY, identity: identityOf(index), subject: idOf(index) }));
      },
    };
  };
}

/** The body that a transport would answer with. */
function toText(outcome: Outcome): string {
  if (outcome.kind !== "data") throw new Error(`The call failed: ${JSON.stringify(outcome)}`);
  return JSON.stringify({ success: true, message: outcome.message, data: outcome.data });
}

function bodyOf(index: number): string {
  return BODIES[index % TOKENS] ?? "";
}

function identityOf(index: number): Identity {
  const identity = IDENTITIES[index % TOKENS];
  if (identity === undefined) throw new Error("There are no identities.");
  return identity;
}

function idOf(index: number): string {
  return String(subjectId(index * STRIDE));
}
