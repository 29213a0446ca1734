import type { HttpHeaders, HttpResponse } from "./message.ts";

/** What every answer of JSON says of itself. */
export const JSON_HEADERS: HttpHeaders = Object.freeze({ "content-type": "application/json; charset=utf-8" });
/** Of what is worth reading while it comes: nginx and the like would hold it back until there is more. */
export const UNBUFFERED: HttpHeaders = Object.freeze({ "x-accel-buffering": "no" });
const NO_HEADERS: HttpHeaders = Object.freeze({});

/** An answer of JSON. `headers` (lower-case names) are added to its Content-Type. */
export function json(status: number, value: unknown, headers?: HttpHeaders): HttpResponse {
  return jsonText(status, JSON.stringify(value), headers);
}

/** {@link json} for a value that is text already and goes out byte for byte. */
function jsonText(status: number, text: string, headers?: HttpHeaders): HttpResponse {
  return { status, headers: headers === undefined ? JSON_HEADERS : { ...JSON_HEADERS, ...headers }, body: text };
}

/** An answer without a body, as 204 wants it. */
export function noContent(status: number, headers: HttpHeaders = NO_HEADERS): HttpResponse {
  return { status, headers, body: null };
}

/** Ends a body that nobody will begin to read, lest whoever makes it wait for a reader forever. */
export function abandon(body: HttpResponse["body"]): void {
  if (body !== null && typeof body !== "string") void stopBody(body[Symbol.asyncIterator]());
}

/** Ends a body that nobody reads any more; one that was read to its end does not mind. */
export async function stopBody(iterator: AsyncIterator<string>): Promise<void> {
  try {
    await iterator.return?.();
  } catch {
    // It was told to stop, and nobody is left to hear how that went.
  }
}
