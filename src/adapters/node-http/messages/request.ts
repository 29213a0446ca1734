import type { IncomingMessage, ServerResponse } from "node:http";
import type { MaybePromise } from "../../../domain/maybe-promise.ts";
import { toAddressKey } from "../../http/address-key.ts";
import { ClientGone } from "../../http/client-gone.ts";
import type { HttpFailure } from "../../http/failure.ts";
import { indexHeaders, type HeaderIndex } from "../../http/headers.ts";
import type { HttpRequest } from "../../http/message.ts";
import { RequestRefused } from "../../http/request-refused.ts";
import type { Admission } from "../limits/admission.ts";
import type { ArrivingRequest } from "./arriving-request.ts";
import { toBytes } from "./parsed-body.ts";
import { ClientSignal } from "./client-signal.ts";
import { OVERLOADED, TOO_MANY_STREAMS } from "../failures.ts";

/** An unread body of up to this many bytes is swallowed for the sake of the connection; a longer one costs it. */
const MAX_SWALLOWED_BYTES = 65_536;
const NOTHING = new Uint8Array(0);

/** A request as node:http gives it, in the form that handlers take, and the places that it has. */
export class NodeRequest implements HttpRequest, ArrivingRequest {
  readonly method: string;
  readonly target: string;
  readonly rawHeaders: readonly string[];
  readonly headers: HeaderIndex;
  readonly incoming: IncomingMessage;
  readonly outgoing: ServerResponse;
  readonly #admission: Admission;
  /** The client said `Expect: 100-continue` and has not been told to go on. */
  #isHeldBack: boolean;
  /** Bytes announced; -1 when they come in chunks. Node has refused whatever is contradictory. */
  readonly #length: number;
  #asked = false;
  heldBytes = 0;
  #pieces: Buffer[] | undefined;
  #rejectBody: ((error: RequestRefused) => void) | undefined;
  #refusal: HttpFailure | undefined;
  #hasSlot = false;
  /** Who makes it, once that is known. */
  #caller: string | undefined;
  /** Whose stream it has become. */
  #streamsTo: string | undefined;
  #isOver = false;

  constructor(incoming: IncomingMessage, outgoing: ServerResponse, admission: Admission, expectsContinue: boolean, target = incoming.url ?? "") {
    this.method = incoming.method ?? "";
    this.target = target;
    this.rawHeaders = toRawHeaders(incoming);
    this.headers = indexHeaders(this.rawHeaders);
    this.incoming = incoming;
    this.outgoing = outgoing;
    this.#admission = admission;
    this.#isHeldBack = expectsContinue;
    const { transferEncoding, contentLength = 0 } = this.headers;
    this.#length = transferEncoding === undefined ? Number(contentLength) : -1;
  }

  get remoteAddress(): string | undefined {
    return this.#admission.addresses.of(this.incoming);
  }

  get signal(): ClientSignal {
    return new ClientSignal(this.outgoing);
  }

  /** Is nothing of it on its way any more? Nobody waits for the body of a GET. */
  get isWhole(): boolean {
    return this.#length === 0 || this.incoming.complete || this.method === "GET" || this.method === "HEAD";
  }

  /** Does somebody in front of us listen to its body, so that what we do not take at once is lost? */
  get isListenedTo(): boolean {
    return this.incoming.readableFlowing !== null;
  }

  body(maxBytes: number): MaybePromise<Uint8Array | null> {
    if (this.#length === 0) return NOTHING;
    if (this.#asked) throw new Error("the body was asked for twice; keep what the first call gave");
    this.#asked = true;
    if (this.#refusal !== undefined) throw new RequestRefused(this.#refusal);
    if (this.#length > maxBytes) return null;
    if (this.incoming.readableEnded) return this.#takeWhole(toBytes(this.incoming, this.headers), maxBytes);
    if (this.#isHeldBack) {
      this.#isHeldBack = false;
      this.outgoing.writeContinue();
    }
    return this.incoming.complete && !this.incoming.destroyed && !this.isListenedTo ? this.#takeWhole(this.incoming.read() ?? NOTHING, maxBytes) : this.#collect(maxBytes);
  }

  /** Is so much of the body still to come that the connection is better given up than read empty? */
  get isLeftUnread(): boolean {
    // Of a request that a framework's tests have injected only the stream says that it has ended.
    if (this.#length === 0 || this.incoming.complete || this.incoming.readableEnded) return false;
    return this.#asked || this.#isHeldBack || this.#length < 0 || this.#length > MAX_SWALLOWED_BYTES;
  }

  /** Is the client sending what nobody reads? It must be listened to for a while, or a reset would cost it the answer. */
  get isStillSending(): boolean {
    return this.isLeftUnread && !this.#isHeldBack;
  }

  /** Takes the place that a request has while it runs, unless it is over or has it already; false when none is left. */
  takeSlot(): boolean {
    return this.#isOver || (this.#hasSlot ||= this.#admission.takeSlot());
  }

  countFor(caller: string): boolean {
    if (this.#isOver || this.#caller !== undefined) return true;
    if (this.#admission.callers.take(caller) !== undefined) return false;
    this.#caller = caller;
    return true;
  }

  /** Answers so in the place of the handler, as soon as that asks for the body; closes the connection if it has answered before. */
  refuse(failure: HttpFailure): void {
    this.#refusal = failure;
    this.#dropPieces();
    if (this.outgoing.writableEnded) this.incoming.socket.destroySoon();
    else this.#rejectBody?.(new RequestRefused(failure));
  }

  /** Gives its slot for a place among the streams; or says why there is none. */
  turnIntoStream(): HttpFailure | undefined {
    const address = toAddressKey(this.remoteAddress);
    const exceeded = this.#admission.streams.take(address);
    if (exceeded !== undefined) return exceeded === "holder" ? TOO_MANY_STREAMS : OVERLOADED;
    this.#streamsTo = address;
    this.#freeSlot();
    return undefined;
  }

  /** It is answered: gives back what it has. */
  release(): void {
    this.#isOver = true;
    this.#freeSlot();
    if (this.#streamsTo !== undefined) this.#admission.streams.leave(this.#streamsTo);
  }

  #freeSlot(): void {
    if (this.#hasSlot) this.#admission.freeSlot();
    this.#hasSlot = false;
    if (this.#caller !== undefined) this.#admission.callers.leave(this.#caller);
    this.#caller = undefined;
  }

  /** All of it is here: it came with the head, or somebody in front of us has read it. */
  #takeWhole(body: Uint8Array, maxBytes: number): Uint8Array | null {
    if (!this.takeSlot()) throw new RequestRefused(OVERLOADED);
    return body.length > maxBytes ? null : body;
  }

  #collect(maxBytes: number): Promise<Uint8Array | null> {
    const { incoming } = this;
    return new Promise((resolve, reject) => {
      if (incoming.destroyed) return reject(new ClientGone());
      this.#rejectBody = reject;
      let bytes = 0;
      incoming.on("data", (piece: Buffer) => {
        bytes += piece.length;
        if (bytes <= maxBytes) return this.#keep(piece);
        this.#dropPieces();
        resolve(null);
      });
      const settle = () => {
        incoming.off("end", settle).off("close", settle);
        const body = this.#dropPieces();
        if (!incoming.readableEnded) reject(new ClientGone());
        else if (this.takeSlot()) resolve(join(body));
        else reject(new RequestRefused(OVERLOADED));
      };
      // Without an end the client has gone. Behind the end of a request that a framework's tests have injected no close comes.
      incoming.on("end", settle).on("close", settle);
    });
  }

  #keep(piece: Buffer): void {
    if (this.#refusal !== undefined) return;
    (this.#pieces ??= []).push(piece);
    this.heldBytes += piece.length;
    this.#admission.holdBytes(this, piece.length);
  }

  #dropPieces(): readonly Buffer[] | undefined {
    const pieces = this.#pieces;
    this.#admission.freeBytes(this.heldBytes);
    this.heldBytes = 0;
    this.#pieces = undefined;
    return pieces;
  }
}

/** What makes requests of a cloud's events, such as serverless-http, knows only the headers by name. */
function toRawHeaders({ rawHeaders, headers }: IncomingMessage): readonly string[] {
  if (rawHeaders?.length > 0) return rawHeaders;
  return Object.entries(headers).flatMap(([name, value]) => [value ?? []].flat().flatMap((each) => [name, String(each)]));
}

function join(pieces: readonly Buffer[] = []): Buffer {
  const [first] = pieces;
  return first !== undefined && pieces.length === 1 ? first : Buffer.concat(pieces);
}
