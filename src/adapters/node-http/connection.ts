import type { NodeRequest } from "./messages/request.ts";

/** Requests that a client may send ahead of our answers; the connection closes behind more than that. */
const MAX_SENT_AHEAD = 100;

/**
 * The requests of one connection: one runs, those sent ahead wait for their turn, and none is taken
 * behind the last one (RFC 9112 section 9.6).
 */
export class Connection {
  /** How many more requests are taken. */
  #left: number;
  #running = false;
  #waiting: NodeRequest[] = [];
  /** At how many looks in a row nothing ran: see `closeIdle`. */
  idleLooks = 0;
  /** The request that came last: behind its answer nothing more is owed to the client. */
  latest: NodeRequest | undefined;

  constructor(maxRequests: number) {
    this.#left = maxRequests;
  }

  get isRunning(): boolean {
    return this.#running;
  }

  get hasWaiting(): boolean {
    return this.#waiting.length > 0;
  }

  /** Will the running request be the last one? */
  get isAtItsEnd(): boolean {
    return this.#left === 0 && !this.hasWaiting;
  }

  /** Has the last request been answered? Behind that nothing is owed to the client, whatever it sends. */
  get isAnswered(): boolean {
    return this.isAtItsEnd && !this.#running;
  }

  /** Takes a request. True: it runs now. False: it waits, or is left unanswered behind the last one. */
  admit(request: NodeRequest): boolean {
    if (this.#left === 0) return false;
    this.#left--;
    this.latest = request;
    this.idleLooks = 0;
    if (!this.#running) return (this.#running = true);
    this.#waiting.push(request);
    if (this.#waiting.length === MAX_SENT_AHEAD) this.#left = 0;
    return false;
  }

  /** The running request has been answered; which is next? */
  advance(): NodeRequest | undefined {
    const next = this.#waiting.shift();
    this.#running = next !== undefined;
    return next;
  }

  /** Takes no more requests; those that came already are answered. */
  stopTaking(): void {
    this.#left = 0;
  }

  /** Takes no more requests, and forgets those that wait: the answer that runs closes the connection. */
  end(): void {
    this.#left = 0;
    this.#waiting = [];
  }
}
