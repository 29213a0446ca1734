import { failed } from "../../../domain/execution/answer/outcome.ts";
import { chooseType } from "../../http/media/accept.ts";
import type { BodyStream, HttpHeaders } from "../../http/message.ts";
import { UNBUFFERED } from "../../http/response.ts";

/** What a stream of events says of itself. */
export const EVENT_HEADERS: HttpHeaders = { "content-type": "text/event-stream; charset=utf-8", vary: "Accept, Authorization", ...UNBUFFERED };

/** Why an identity gets no further stream. */
export const TOO_MANY_STREAMS = failed("too_many_requests", "Too many of your streams are open; close some, then try again.");

/** A comment keeps the connection alive (HTML, section 9.2.6). An ID without data is remembered, and is no event. */
function toSign(id: string): string {
  return `${id === "" ? "" : `id: ${id}\n`}: still there\n\n`;
}

/** The type of events. */
export const EVENTS = "text/event-stream";

/** Does the client ask for events? */
export function wantsEvents(accept: string | undefined): boolean {
  return accept !== undefined && chooseType(accept, [EVENTS]) !== undefined;
}

/**
 * What comes, as events; null is a sign of life, with the ID (if there is one) that a reader would resume behind by then, which makes no event. No generator:
 * one that waits inside could not be told that the client has left.
 */
export function toEvents<T>(coming: AsyncIterable<T | null>, toEvent: (item: T) => string, position: () => string = () => ""): BodyStream {
  return {
    [Symbol.asyncIterator]() {
      const iterator = coming[Symbol.asyncIterator]();
      return {
        async next() {
          const { done, value } = await iterator.next();
          return done === true ? { done, value: undefined } : { done: false, value: value === null ? toSign(position()) : toEvent(value) };
        },
        async return() {
          await iterator.return?.();
          return { done: true, value: undefined };
        },
      };
    },
  };
}
