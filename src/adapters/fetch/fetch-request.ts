import type { MaybePromise } from "../../domain/maybe-promise.ts";
import type { AbortSignalLike } from "../../domain/ports.ts";
import { ClientGone } from "../http/client-gone.ts";
import type { HttpRequest } from "../http/message.ts";

const NOTHING = new Uint8Array(0);

/** The address of whoever sent a request, as the platform tells it. */
type AddressOf = (request: Request) => string | undefined;

/** A `Request` of the Fetch standard, in the form that handlers take. */
export class FetchRequest implements HttpRequest {
  readonly method: string;
  readonly target: string;
  readonly rawHeaders: readonly string[];
  readonly #request: Request;
  readonly #addressOf: AddressOf | undefined;
  #asked = false;

  constructor(request: Request, target: string, rawHeaders: readonly string[], addressOf?: AddressOf) {
    this.method = request.method;
    this.target = target;
    this.rawHeaders = rawHeaders;
    this.#request = request;
    this.#addressOf = addressOf;
  }

  get remoteAddress(): string | undefined {
    return this.#addressOf?.(this.#request);
  }

  /** Made by the platform when it is asked for, which for most calls nobody does. */
  get signal(): AbortSignalLike {
    return this.#request.signal;
  }

  body(maxBytes: number): MaybePromise<Uint8Array | null> {
    if (this.#asked) throw new Error("the body was asked for twice; keep what the first call gave");
    this.#asked = true;
    const { bodyUsed, body, headers } = this.#request;
    if (bodyUsed) throw new TypeError("the body of this Request was read before it came here; hand over the Request unread, or a clone() made before reading");
    if (body === null) return NOTHING;
    if (Number(headers.get("content-length") ?? 0) > maxBytes) {
      void discard(body);
      return null;
    }
    return readUpTo(body, maxBytes);
  }
}

/** Piece by piece, so that no more of a body is ever held than may be read. */
async function readUpTo(body: ReadableStream<Uint8Array>, maxBytes: number): Promise<Uint8Array | null> {
  const reader = body.getReader();
  const pieces: Uint8Array[] = [];
  let bytes = 0;
  for (;;) {
    const piece = await nextPiece(reader);
    if (piece === undefined) return join(pieces, bytes);
    bytes += piece.length;
    if (bytes > maxBytes) {
      void discard(reader);
      return null;
    }
    pieces.push(piece);
  }
}

/** Undefined at the end. */
async function nextPiece(reader: ReadableStreamDefaultReader<Uint8Array>): Promise<Uint8Array | undefined> {
  try {
    return (await reader.read()).value;
  } catch {
    // A body that breaks off was broken off by whoever sends it.
    throw new ClientGone();
  }
}

/** Says that the rest is not wanted. The answer need not wait for that, nor does a failure of it matter. */
async function discard(source: { cancel(): Promise<void> }): Promise<void> {
  await source.cancel().catch(() => undefined);
}

function join(pieces: readonly Uint8Array[], bytes: number): Uint8Array {
  const [first] = pieces;
  if (first !== undefined && pieces.length === 1) return first;
  const whole = new Uint8Array(bytes);
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}
