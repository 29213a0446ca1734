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
  readonly #unfinished: UnfinishedBodies;
  readonly #maxInFlight: number;
  readonly #maxBytes: number;
  #inFlight = 0;
  #bytes = 0;
  /** Those of this turn of the event loop. One array for all times: an ordinary request costs no memory here. */
  readonly #fresh: ArrivingRequest[] = [];
  readonly #look = () => this.#lookAtFresh();
  #allRead: Promise<void> | null = null;

  constructor(limits: RequestLimits, addresses: ClientAddresses) {
    this.addresses = addresses;
    this.#maxInFlight = limits.maxInFlight;
    this.#maxBytes = limits.maxUnfinishedBytes;
    this.#unfinished = new UnfinishedBodies(limits);
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

  /** Counts bytes that are kept until a body is whole. When they are too many, and the body is not whole soon, it is refused. */
  holdBytes(request: ArrivingRequest, bytes: number): void {
    this.#bytes += bytes;
    if (this.#bytes > this.#maxBytes) this.watch(request);
  }

  freeBytes(bytes: number): void {
    this.#bytes -= bytes;
  }

  /** Settles once everything has been read that the system holds for us: one promise for all that wait in a turn of the event loop. */
  untilAllRead(): Promise<void> {
    return (this.#allRead ??= new Promise((resolve) => {
      setImmediate(() => {
        this.#allRead = null;
        resolve();
      });
    }));
  }

  /** Looks at a request with a body once everything has been read that the system holds for us: most are whole by then. */
  watch(request: ArrivingRequest): void {
    if (this.#fresh.push(request) === 1) setImmediate(this.#look);
  }

  #lookAtFresh(): void {
    for (const request of this.#fresh) {
      if (request.incoming.destroyed) continue;
      if (request.incoming.complete) {
        if (!request.takeSlot()) request.refuse(OVERLOADED);
      } else if (this.#bytes > this.#maxBytes && request.heldBytes > 0) request.refuse(OVERLOADED);
      else if (!this.#unfinished.has(request)) this.#unfinished.add(request);
    }
    this.#fresh.length = 0;
  }
}
