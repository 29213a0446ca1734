import { Agent, request } from "node:http";

/** An event that arrived whole. */
export interface FeedEvent {
  readonly id: string;
  readonly data: string;
}

/** Why a reader gets no more: it went by itself, or the server did. */
export type FeedEnd = "left" | "cut";

/** Reads the trail of one server as events, from behind one on, until `take` answers false or the connection breaks. */
export function readFeed(port: number, token: string, after: string | undefined, take: (event: FeedEvent) => boolean): Promise<FeedEnd> {
  const headers = { authorization: `Bearer ${token}`, accept: "text/event-stream", ...(after === undefined ? {} : { "last-event-id": after }) };
  return new Promise((resolve, reject) => {
    const sent = request({ host: "127.0.0.1", port, path: "/api/v1/audit", headers, agent: new Agent() }, (response) => {
      if (response.statusCode !== 200) return reject(new Error(`the feed was answered ${response.statusCode}`));
      let rest = "";
      response.setEncoding("utf8").on("data", (chunk: string) => {
        // Of what the cut left of an event the reader knows nothing.
        const blocks = `${rest}${chunk}`.split("\n\n");
        rest = blocks.pop() ?? "";
        for (const event of blocks.flatMap(parseEvent)) {
          if (take(event)) continue;
          resolve("left");
          return void response.destroy();
        }
      });
      response.on("error", () => resolve("cut")).on("close", () => resolve("cut"));
    });
    sent.on("error", () => resolve("cut")).end();
  });
}

/** A comment is none. */
function parseEvent(block: string): readonly FeedEvent[] {
  const [, id, data] = /^id: (\d{16})\nevent: entry\ndata: (.*)$/.exec(block) ?? [];
  if (id !== undefined && data !== undefined) return [{ id, data }];
  if (block.startsWith(":")) return [];
  throw new Error(`this is no event: ${block}`);
}
