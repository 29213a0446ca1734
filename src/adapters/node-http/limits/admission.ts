import { Places } from "../../http/places.ts";
import type { ClientAddresses } from "../messages/client-address.ts";
import type { ArrivingRequest } from "../messages/arriving-request.ts";
import { OVERLOADED } from "../failures.ts";
import type { RequestLimits } from "./limits.ts";
import { UnfinishedBodies } from "./unfinished-bodies.ts";

/**
 * Who may run, and who may take how long to arrive. A request that is there whole takes one of the slots. One whose body did not
 * come with its head takes a place among its like instead, so that whoever sends slowly keeps nobody else from being served.
 */
export class Admission {
  readonly addresses: ClientAddresses;
  /** Streams that last, by address. */
  readonly streams: Places;
  /** Requests that are under way, by whoever makes them. */
  readonly callers: Places;
  readonly #unfinished: UnfinishedBodies;
  readonly #maxInFlight: number;
  readonly #maxBytes: number;
  #inFlight = 0;
  #bytes = 0;

  constructor(limits: RequestLimits, addresses: ClientAddresses) {
    this.addresses = addresses;
    this.#maxInFlight = limits.maxInFlight;
    this.#maxBytes = limits.maxUnfinishedBytes;
    this.#unfinished = new UnfinishedBodies(limits);
    this.callers = new Places({ overall: Infinity, perHolder: limits.maxInFlightPerIdentity });
    this.streams = new Places({ overall: limits.maxStreams, perHolder: limits.maxStreamsPerAddress });
  }

  takeSlot(): boolean {
    if (this.#inFlight >= this.#maxInFlight) return false;
    this.#inFlight++;
    return true;
  }

  freeSlot(): void {
    this.#inFlight--;
  }

  /** Gives a place to a request whose body is still on its way. */
  awaitBody(request: ArrivingRequest): void {
    this.#unfinished.add(request);
  }

  /** Counts bytes that are kept until a body is whole. When they are too many, and it is not whole once all has been read that the system holds for us, it is refused. */
  holdBytes(request: ArrivingRequest, bytes: number): void {
    this.#bytes += bytes;
    if (this.#bytes > this.#maxBytes) setImmediate(() => this.#refuseUnlessWhole(request));
  }

  freeBytes(bytes: number): void {
    this.#bytes -= bytes;
  }

  #refuseUnlessWhole(request: ArrivingRequest): void {
    const { destroyed, complete } = request.incoming;
    if (!destroyed && !complete && this.#bytes > this.#maxBytes && request.heldBytes > 0) request.refuse(OVERLOADED);
  }
}
