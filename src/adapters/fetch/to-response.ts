import type { BodyStream, HttpResponse } from "../http/message.ts";
import { abandon, stopBody } from "../http/response.ts";

/** What a stream needs to know of whoever reads it. */
export interface StreamReader {
  /** Aborted when the client has gone. */
  readonly signal: AbortSignal;
  /** Told what the body threw, whose reader then sees it break off. */
  readonly onBroken: (error: unknown) => void;
}

const encoder = new TextEncoder();

/**
 * The answer as a `Response`. A whole body goes over whole.
 * @throws TypeError when a header holds what no header may hold.
 */
export function toResponse({ status, headers: given, body }: HttpResponse, headOnly: boolean, reader: () => StreamReader): Response {
  const headers = toHeaders(given);
  if (headOnly || body === null || status === 204 || status === 304) {
    abandon(body);
    return new Response(null, { status, headers });
  }
  return new Response(typeof body === "string" ? body : toReadableStream(body, reader()), { status, headers });
}

function toHeaders(given: HttpResponse["headers"]): Headers {
  const headers = new Headers();
  for (const name in given) {
    const value = given[name];
    if (typeof value === "string") headers.append(name, value);
    else for (const each of value ?? []) headers.append(name, each);
  }
  return headers;
}

/** Asks for a piece only when one is wanted, and for no more once the reader has cancelled or the client has gone. */
function toReadableStream(body: BodyStream, { signal, onBroken }: StreamReader): ReadableStream<Uint8Array> {
  const iterator = body[Symbol.asyncIterator]();
  let isLeft = false;
  const leave = () => void stopBody(iterator);
  if (signal.aborted) leave();
  else signal.addEventListener("abort", leave, { once: true });
  return new ReadableStream(
    {
      async pull(controller) {
        try {
          const { done, value } = await iterator.next();
          // A stream that its reader has cancelled takes neither a piece nor an end.
          if (isLeft) return;
          if (done !== true) return controller.enqueue(encoder.encode(value));
          controller.close();
        } catch (error) {
          onBroken(error);
          controller.error(error);
        }
        signal.removeEventListener("abort", leave);
      },
      async cancel() {
        isLeft = true;
        signal.removeEventListener("abort", leave);
        await stopBody(iterator);
      },
    },
    // Nothing is made ahead of a reader that is slow.
    { highWaterMark: 0 },
  );
}
