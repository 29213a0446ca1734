import type { Execution } from "../../execution/attempt.ts";
import { StoreUnavailable } from "../../errors.ts";
import { report } from "../../execution/execution-ports.ts";
import { failed, type Failed } from "../../execution/answer/outcome.ts";
import { inTime, type Patient } from "../../execution/time/in-time.ts";
import type { Identity } from "../../identity.ts";
import { isPromiseLike, type MaybePromise } from "../../maybe-promise.ts";
import type { BulkCall, BulkPorts } from "./bulk-call.ts";

/** The ports of {@link Acting}. */
type ActingPorts = Patient & Pick<BulkPorts, "observe">;

/** For so many microtasks an answer may take and still count as one that is there at once. */
const PATIENCE = 8;

/**
 * Who acts in a bulk call by now, so that permissions that are taken away count from the next item on. Where the answer has to be waited
 * for, it is asked for only before some items: a round trip for each would cost more than the items.
 */
export class Acting {
  readonly #ports: ActingPorts;
  readonly #call: BulkCall;
  #who: Identity | Failed;
  #isToldAtOnce = true;
  #isSilent = false;
  /** Asked by whoever could not wait for the answer. */
  #asked: PromiseLike<Identity | Failed> | null = null;

  constructor(ports: ActingPorts, call: BulkCall) {
    this.#ports = ports;
    this.#call = call;
    this.#who = call.identity;
  }

  /** The identity, or why there is none any more. To be asked before each item; `isFirst`: of those that are done together. */
  now(isFirst: boolean): MaybePromise<Identity | Failed> {
    if (!isFirst && !this.#isToldAtOnce) return this.#who;
    const asking = this.#ask();
    if (isPromiseLike(asking)) return this.#wait(asking);
    this.#isToldAtOnce = true;
    return (this.#who = asking);
  }

  /** The same for those who hold what others wait for, and have waited for {@link Acting.now} before: null where the answer is not there at once, and has to be waited for again. */
  atOnce(): MaybePromise<Identity | Failed | null> {
    if (!this.#isToldAtOnce) return this.#who;
    const asking = this.#ask();
    return isPromiseLike(asking) ? this.#lookFor(asking) : (this.#who = asking);
  }

  #ask(): MaybePromise<Identity | Failed> {
    const asking = this.#asked ?? (this.#isSilent ? this.#who : (this.#call.identityNow?.() ?? this.#who));
    this.#asked = null;
    return asking;
  }

  async #wait(asking: PromiseLike<Identity | Failed>): Promise<Identity | Failed> {
    this.#isToldAtOnce = await isThereAtOnce(asking);
    return (this.#who = await this.#inTime(asking));
  }

  /** Whoever did not say so in time is not asked any more: each group of items would wait as long. */
  async #inTime(asking: PromiseLike<Identity | Failed>): Promise<Identity | Failed> {
    try {
      return await inTime(this.#ports, "What tells who acts", asking);
    } catch (error) {
      if (!(error instanceof StoreUnavailable)) throw error;
      report(this.#ports, this.#call, "store_unavailable", error.cause);
      this.#isSilent = true;
      return failed("unavailable");
    }
  }

  async #lookFor(asking: PromiseLike<Identity | Failed>): Promise<Identity | Failed | null> {
    if (await isThereAtOnce(asking)) return (this.#who = await asking);
    this.#asked = asking;
    return null;
  }
}

async function isThereAtOnce(asking: PromiseLike<unknown>): Promise<boolean> {
  let isThere = false;
  const note = (): void => void (isThere = true);
  asking.then(note, note);
  for (let turn = 0; turn < PATIENCE && !isThere; turn++) await undefined;
  return isThere;
}

/** The same execution by whoever acts by now. */
export function actedBy(execution: Execution, identity: Identity): Execution {
  return execution.identity === identity ? execution : { ...execution, identity };
}
