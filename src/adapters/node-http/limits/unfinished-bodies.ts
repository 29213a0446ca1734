import { toAddressKey } from "../../http/address-key.ts";
import type { HttpFailure } from "../../http/failure.ts";
import type { ArrivingRequest } from "../messages/arriving-request.ts";
import { OVERLOADED, TOO_MANY_BODIES } from "../failures.ts";
import type { RequestLimits } from "./limits.ts";

/**
 * Requests whose bodies are on their way. When there are too many, of one address or in all, the one that has taken longest
 * gives way: the latest may be whole in a moment, and one that never will be keeps out nobody.
 */
export class UnfinishedBodies {
  readonly #limits: RequestLimits;
  /** Oldest first. */
  readonly #all = new Set<ArrivingRequest>();
  readonly #byAddress = new Map<string, Set<ArrivingRequest>>();

  constructor(limits: RequestLimits) {
    this.#limits = limits;
  }

  has(request: ArrivingRequest): boolean {
    return this.#all.has(request);
  }

  add(request: ArrivingRequest): void {
    const address = toAddressKey(request.remoteAddress);
    const own = this.#byAddress.get(address) ?? new Set();
    this.#byAddress.set(address, own.add(request));
    this.#all.add(request);
    // That always comes: behind the end of the body, or when the client has gone.
    request.incoming.once("close", () => this.#remove(request, address));
    if (own.size > this.#limits.maxUnfinishedBodiesPerAddress) this.#refuseOldest(own, TOO_MANY_BODIES);
    if (this.#all.size > this.#limits.maxUnfinishedBodies) this.#refuseOldest(this.#all, OVERLOADED);
  }

  #refuseOldest(requests: ReadonlySet<ArrivingRequest>, failure: HttpFailure): void {
    for (const oldest of requests) {
      this.#remove(oldest, toAddressKey(oldest.remoteAddress));
      return oldest.refuse(failure);
    }
  }

  #remove(request: ArrivingRequest, address: string): void {
    const own = this.#byAddress.get(address);
    this.#all.delete(request);
    own?.delete(request);
    if (own?.size === 0) this.#byAddress.delete(address);
  }
}
