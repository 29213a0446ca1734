import type { IncomingMessage } from "node:http";
import type { HttpFailure } from "../../http/failure.ts";

/** A request that is on its way. */
export interface ArrivingRequest {
  readonly incoming: IncomingMessage;
  readonly remoteAddress: string | undefined;
  /** Bytes of its body that are kept until that is whole. */
  readonly heldBytes: number;
  refuse(failure: HttpFailure): void;
}
