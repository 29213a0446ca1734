import type { Execution } from "../../execution/attempt.ts";
import type { Failed } from "../../execution/answer/outcome.ts";
import type { Identity } from "../../identity.ts";
import { isPromiseLike, type MaybePromise } from "../../maybe-promise.ts";
import type { BulkCall } from "./bulk-call.ts";

/** For so many microtasks an answer may take and still count as one that is there at once. */
const PATIENCE = 8;

/**
 * Who acts in a bulk call by now, so that permissions that are taken away count from the next item on. Where the answer has to be waited
 * for, it is asked for only before some items: a round trip for each would cost more than the items.
 */
export class Acting {
  readonly #call: BulkCall;
  #who: Identity | Failed;
  #isToldAtOnce = true;

  constructor(call: BulkCall) {
    this.#call = call;
    this.#who = call.identity;
  }

  /** The identity, or why there is none any more. To be asked before each item; `isFirst`: of those that are done together. */
  now(isFirst: boolean): MaybePromise<Identity | Failed> {
    const { identityNow } = this.#call;
    if (identityNow === undefined || (!isFirst && !this.#isToldAtOnce)) return this.#who;
    const asking = identityNow();
    if (isPromiseLike(asking)) return this.#wait(asking);
    this.#isToldAtOnce = true;
    return (this.#who = asking);
  }

  async #wait(asking: PromiseLike<Identity | Failed>): Promise<Identity | Failed> {
    let isThere = false;
    const note = (): void => void (isThere = true);
    asking.then(note, note);
    for (let turn = 0; turn < PATIENCE && !isThere; turn++) await undefined;
    this.#isToldAtOnce = isThere;
    return (this.#who = await asking);
  }
}

/** The same execution by whoever acts by now. */
export function actedBy(execution: Execution, identity: Identity): Execution {
  return execution.identity === identity ? execution : { ...execution, identity };
}
