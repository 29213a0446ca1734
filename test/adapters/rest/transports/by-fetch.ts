import { toFetchHandler } from "../../../../src/adapters/fetch/index.ts";
import { bytesOf, headersOf, type Sent } from "./sent.ts";
import type { Transport } from "./transports.ts";

/** What the Fetch standard's `Request` cannot say, and why. */
export const WITHOUT_FETCH: ReadonlyMap<string, string> = new Map([
  ["B4: a list of credentials is malformed", "the platform joins repeated headers, so the list is refused as two headers, with 400 as well"],
  ["H9: two types in one header are refused", "the platform joins repeated headers, so it is refused as two headers, with 400"],
  ["H7: two Idempotency-Key headers are refused", "the platform joins them into one, which may hold a comma"],
  ["H20: nor does TRACE", "the Request constructor refuses the method"],
  ...["the tag ID .. names one", "the tag ID %2e%2E names one", "a key with a dot segment is none", "nor is a path that leads back to the API"].map((row) => [row, "the URL parser resolves dot segments"] as const),
  ["a backslash is malformed", "the URL parser makes a slash of it"],
  ["a fragment is malformed", "a URL's fragment is not sent"],
]);

/** Through the adapter for the Fetch standard. */
export const sendByFetch: Transport = async (handler, sent) => {
  const response = await toFetchHandler(handler)(toFetchRequest(sent));
  return { status: response.status, headers: Object.fromEntries(response.headers), text: await response.text() };
};

/** The request as a platform makes it; the body comes by itself, in two pieces. */
export function toFetchRequest(sent: Sent): Request {
  const headers = new Headers();
  for (const [name, value] of headersOf(sent)) headers.append(name, value);
  const bytes = bytesOf(sent);
  const body = bytes.length === 0 ? {} : { body: inTwoPieces(bytes), duplex: "half" as const };
  return new Request(`http://shop.example${sent.path}`, { method: sent.method ?? "POST", headers, ...body });
}

function inTwoPieces(bytes: Uint8Array): ReadableStream<Uint8Array> {
  const middle = bytes.length >> 1;
  return new ReadableStream({
    start(controller) {
      for (const piece of [bytes.subarray(0, middle), bytes.subarray(middle)]) if (piece.length > 0) controller.enqueue(piece);
      controller.close();
    },
  });
}
