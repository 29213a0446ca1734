import type { IncomingMessage, ServerResponse } from "node:http";
import type { MaybePromise } from "../../domain/maybe-promise.ts";
import { ClientGone } from "../http/client-gone.ts";
import { indexHeaders, type HeaderIndex } from "../http/headers.ts";
import type { HttpRequest } from "../http/message.ts";
import type { FindClientAddress } from "./client-address.ts";

/** An unread body of up to this many bytes is swallowed for the sake of the connection; a longer one costs it. */
const MAX_SWALLOWED_BYTES = 65_536;
const NOTHING = new Uint8Array(0);

/** A request as node:http gives it, in the form that handlers take. */
export class NodeRequest implements HttpRequest {
  readonly method: string;
  readonly target: string;
  readonly rawHeaders: readonly string[];
  readonly headers: HeaderIndex;
  readonly incoming: IncomingMessage;
  readonly outgoing: ServerResponse;
  /** The client said `Expect: 100-continue` and has not been told to go on. */
  #isHeldBack: boolean;
  /** Bytes announced; -1 when they come in chunks. Node has refused whatever is contradictory. */
  readonly #length: number;
  readonly #findAddress: FindClientAddress;
  #asked = false;

  constructor(incoming: IncomingMessage, outgoing: ServerResponse, findAddress: FindClientAddress, expectsContinue: boolean) {
    this.method = incoming.method ?? "";
    this.target = incoming.url ?? "";
    this.rawHeaders = incoming.rawHeaders;
    this.headers = indexHeaders(incoming.rawHeaders);
    this.incoming = incoming;
    this.outgoing = outgoing;
    this.#findAddress = findAddress;
    this.#isHeldBack = expectsContinue;
    const { transferEncoding, contentLength = 0 } = this.headers;
    this.#length = transferEncoding === undefined ? Number(contentLength) : -1;
  }

  get remoteAddress(): string | undefined {
    return this.#findAddress(this.incoming);
  }

  body(maxBytes: number): MaybePromise<Uint8Array | null> {
    if (this.#length === 0) return NOTHING;
    if (this.#asked) throw new Error("the body was asked for twice; keep what the first call gave");
    this.#asked = true;
    if (this.#length > maxBytes) return null;
    if (this.#isHeldBack) {
      this.#isHeldBack = false;
      this.outgoing.writeContinue();
    }
    return readBody(this.incoming, maxBytes);
  }

  /** Is so much of the body still to come that the connection is better given up than read empty? */
  get isLeftUnread(): boolean {
    if (this.#length === 0 || this.incoming.complete) return false;
    return this.#asked || this.#isHeldBack || this.#length < 0 || this.#length > MAX_SWALLOWED_BYTES;
  }

  /** Is the client sending what nobody reads? It must be listened to for a while, or a reset would cost it the answer. */
  get isStillSending(): boolean {
    return this.isLeftUnread && !this.#isHeldBack;
  }
}

function readBody(incoming: IncomingMessage, maxBytes: number): Promise<Uint8Array | null> {
  return new Promise((resolve, reject) => {
    if (incoming.destroyed) return reject(new ClientGone());
    const pieces: Buffer[] = [];
    let bytes = 0;
    incoming.on("data", (piece: Buffer) => {
      bytes += piece.length;
      if (bytes <= maxBytes) return void pieces.push(piece);
      pieces.length = 0;
      resolve(null);
    });
    // That is the one event which always comes: behind the end, or when the client has gone.
    incoming.on("close", () => {
      if (incoming.readableEnded) resolve(pieces.length === 1 && pieces[0] !== undefined ? pieces[0] : Buffer.concat(pieces));
      else reject(new ClientGone());
    });
  });
}
