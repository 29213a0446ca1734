import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createApiClient, fetchAdminToken, type ApiClient } from "./api-client.ts";
import { readFeed, type FeedEvent } from "./feed-reader.ts";
import { findFreePort, startNorthwind } from "./northwind-server.ts";

/** How hard it is. */
export interface FeedLoopOptions {
  readonly rounds: number;
  readonly writers: number;
  readonly readers: number;
  /** A server is killed when one reader has been told of so many entries at the most. */
  readonly maxEvents: number;
}

/** What was done, for the test's own report. */
export interface FeedLoopReport {
  readonly entries: number;
  /** How often a reader came back by itself, and because the server was killed. */
  readonly left: number;
  readonly cut: number;
}

/** A reader goes away and comes back after so many events at the most. */
const MOST_EVENTS = 60;

/** Kills the server again and again while some write and others follow the trail; whoever was cut off goes on behind the last event that came whole. */
export async function runFeedLoop({ rounds, writers, readers, maxEvents }: FeedLoopOptions): Promise<FeedLoopReport> {
  const directory = await mkdtemp(join(tmpdir(), "actionport-feed-"));
  const port = await findFreePort();
  const crowd = Array.from({ length: readers }, () => new Reader());
  const answered = new Set<string>();
  try {
    let token: string | undefined;
    for (let round = 0; round < rounds; round++) {
      const server = await startNorthwind(directory, port);
      const own = (token ??= await fetchAdminToken(directory, port));
      const api = createApiClient(port, own);
      const working = Promise.all([...crowd.map((reader) => reader.follow(port, own)), ...Array.from({ length: writers }, () => write(api, answered))]);
      await crowd[0]?.told(1 + Math.floor(Math.random() * maxEvents));
      await server.kill();
      await working;
      api.close();
    }
    const server = await startNorthwind(directory, port);
    const trail = await readTrail(port, token ?? assert.fail("no round"));
    for (const reader of crowd) await reader.followTo(port, token ?? "", trail.at(-1)?.id);
    await server.stop();
    checkReaders(crowd, trail, answered);
    return { entries: trail.length, left: sum(crowd, (reader) => reader.left), cut: sum(crowd, (reader) => reader.cut) };
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

/** Every entry once, in the order of the trail, as it still is; and of every answered call there is one. */
function checkReaders(crowd: readonly Reader[], trail: readonly FeedEvent[], answered: ReadonlySet<string>): void {
  for (const { events } of crowd) assert.deepEqual(events, trail);
  const told = new Set(trail.map(({ data }) => JSON.parse(data).request_id));
  assert.equal(told.size, trail.length);
  assert.deepEqual([...answered].filter((id) => !told.has(id)), []);
}

/** Restocks until the connection is cut. */
async function write(api: ApiClient, answered: Set<string>): Promise<void> {
  for (;;) {
    const requestId = randomUUID();
    const path = `/api/v1/actions/products/restock/execute/${1 + Math.floor(Math.random() * 40)}`;
    try {
      const { status, text } = await api.post(path, { quantity: 1 }, { "x-request-id": requestId });
      assert.equal(status, 200, text);
    } catch (error) {
      if (error instanceof assert.AssertionError) throw error;
      return;
    }
    answered.add(requestId);
  }
}

class Reader {
  readonly events: FeedEvent[] = [];
  left = 0;
  cut = 0;
  #awaited = { count: Infinity, come: () => {} };

  /** Settles once so many more events have come. */
  told(more: number): Promise<void> {
    return new Promise((come) => (this.#awaited = { count: this.events.length + more, come }));
  }

  /** Follows until the server is gone, and leaves now and then to come back. */
  async follow(port: number, token: string): Promise<void> {
    for (;;) {
      let most = 1 + Math.floor(Math.random() * MOST_EVENTS);
      if ((await this.#read(port, token, () => --most > 0)) === "cut") break;
      this.left++;
    }
    this.cut++;
  }

  /** Follows up to the entry with this ID. */
  async followTo(port: number, token: string, last: string | undefined): Promise<void> {
    if (this.#lastId !== last) assert.equal(await this.#read(port, token, ({ id }) => id !== last), "left");
  }

  get #lastId(): string | undefined {
    return this.events.at(-1)?.id;
  }

  #read(port: number, token: string, goesOn: (event: FeedEvent) => boolean) {
    return readFeed(port, token, this.#lastId, (event) => {
      if (this.events.push(event) >= this.#awaited.count) this.#awaited.come();
      return goesOn(event);
    });
  }
}

/** The whole trail, a page at a time. */
async function readTrail(port: number, token: string): Promise<readonly FeedEvent[]> {
  const trail: FeedEvent[] = [];
  for (let after = ""; ; ) {
    const response = await fetch(`http://127.0.0.1:${port}/api/v1/audit?order=ascending&limit=200&after=${after}`, { headers: { authorization: `Bearer ${token}` } });
    const { data, next }: { readonly data: readonly { readonly id: string }[]; readonly next: string | null } = JSON.parse(await response.text());
    trail.push(...data.map((entry) => ({ id: entry.id, data: JSON.stringify(entry) })));
    if (next === null) return trail;
    after = next;
  }
}

function sum(crowd: readonly Reader[], of: (reader: Reader) => number): number {
  return crowd.reduce((total, reader) => total + of(reader), 0);
}
