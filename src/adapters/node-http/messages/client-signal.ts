import type { ServerResponse } from "node:http";
import type { AbortSignalLike } from "../../../domain/ports.ts";

/** Aborted when the connection closes before the answer is out. Nearly nobody listens, so no `AbortController` is made for a request. */
export class ClientSignal implements AbortSignalLike {
  readonly #outgoing: ServerResponse;

  constructor(outgoing: ServerResponse) {
    this.#outgoing = outgoing;
  }

  get aborted(): boolean {
    return this.#outgoing.destroyed && !this.#outgoing.writableFinished;
  }

  /** To be removed before the answer is out: behind that the connection closes, too. */
  addEventListener(_type: "abort", listener: () => void): void {
    this.#outgoing.on("close", listener);
  }

  removeEventListener(_type: "abort", listener: () => void): void {
    this.#outgoing.off("close", listener);
  }
}
