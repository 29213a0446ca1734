import assert from "node:assert/strict";
import { AsyncLocalStorage } from "node:async_hooks";
import { channel, tracingChannel } from "node:diagnostics_channel";
import { afterEach, test } from "node:test";
import { CHANNELS, createTracing, type TracedRequest } from "../../../src/adapters/diagnostics/index.ts";
import { createGuard } from "../../../src/adapters/http/guard.ts";
import { createMemoryStore } from "../../../src/adapters/memory/index.ts";
import { createActions, createCatalog, type TracedCommit } from "../../../src/domain/index.ts";

const tracing = createTracing();
const PARTS = ["start", "end", "asyncStart", "asyncEnd", "error"] as const;
const undo: (() => void)[] = [];

afterEach(() => {
  for (const each of undo.splice(0)) each();
});

/** Notes what the channels of a kind of work publish, until the test ends. */
function listen(name: string): (readonly [part: string, message: unknown])[] {
  const heard: (readonly [string, unknown])[] = [];
  const channels = tracingChannel(name);
  const subscribers = Object.fromEntries(PARTS.map((part) => [part, (message: object) => void heard.push([part, { ...message }])]));
  const { start = () => undefined, end = start, asyncStart = start, asyncEnd = start, error = start } = subscribers;
  const all = { start, end, asyncStart, asyncEnd, error };
  channels.subscribe(all);
  undo.push(() => void channels.unsubscribe(all));
  return heard;
}

function commit(): TracedCommit {
  return { changes: 1, entries: 0, traceparent: undefined, outcome: null };
}

/** A follower that is there. */
function follower(): NonNullable<typeof tracing.commit> {
  const { commit: trace } = tracing;
  assert.ok(trace, "somebody has subscribed");
  return trace;
}

/** The message without its duration, which must be there. */
function withoutDuration(message: unknown): object {
  const { durationMs, ...rest }: { durationMs?: number } = Object(message);
  assert.ok(durationMs !== undefined && durationMs >= 0);
  return rest;
}

test("While nobody has subscribed there is nobody to tell", () => {
  for (const kind of ["request", "execution", "commit", "step", "run"] as const) assert.equal(tracing[kind], null, kind);
});

test("Whoever subscribes to one of the five channels is told, and that ends when he leaves", () => {
  for (const [kind, name] of [["request", CHANNELS.request], ["execution", CHANNELS.execution], ["commit", CHANNELS.commit], ["step", CHANNELS.step]] as const) {
    for (const part of PARTS) {
      const told = channel(`tracing:${name}:${part}`);
      const subscriber = () => undefined;
      told.subscribe(subscriber);
      assert.notEqual(tracing[kind], null, `${name}:${part}`);
      told.unsubscribe(subscriber);
      assert.equal(tracing[kind], null, `${name}:${part}`);
    }
  }
});

test("Work that answers at once is published as a TracingChannel publishes a synchronous call", () => {
  const heard = listen(CHANNELS.commit);
  const message = commit();
  const answer = follower()(message, () => "done", () => (message.outcome = "committed"));
  assert.equal(answer, "done");
  assert.deepEqual(heard.map(([part]) => part), ["start", "end"]);
  assert.deepEqual(heard[0]?.[1], { changes: 1, entries: 0, traceparent: undefined, outcome: null });
  assert.deepEqual(withoutDuration(heard[1]?.[1]), { changes: 1, entries: 0, traceparent: undefined, outcome: "committed" });
});

test("Work that answers by a promise is published as a TracingChannel publishes one, and the answer is in no message", async () => {
  const heard = listen(CHANNELS.commit);
  const message = commit();
  const answer = follower()(message, async () => "a secret", () => (message.outcome = "conflict"));
  assert.deepEqual(heard.map(([part]) => part), ["start", "end"]);
  assert.equal(await answer, "a secret");
  assert.deepEqual(heard.map(([part]) => part), ["start", "end", "asyncStart", "asyncEnd"]);
  assert.equal(Object(heard[1]?.[1]).durationMs, undefined);
  assert.deepEqual(withoutDuration(heard[3]?.[1]), { changes: 1, entries: 0, traceparent: undefined, outcome: "conflict" });
  assert.equal(JSON.stringify(heard).includes("a secret"), false);
});

test("What is thrown goes on to the caller, and is published as an error", async () => {
  const heard = listen(CHANNELS.commit);
  const failure = new Error("the store is gone");
  const now = () => {
    throw failure;
  };
  assert.throws(() => follower()(commit(), now, () => undefined), failure);
  assert.deepEqual(heard.map(([part]) => part), ["start", "error", "end"]);
  assert.equal(Object(heard[1]?.[1]).error, failure);
  heard.length = 0;
  await assert.rejects(async () => follower()(commit(), async () => now(), () => undefined), failure);
  assert.deepEqual(heard.map(([part]) => part), ["start", "end", "error", "asyncStart", "asyncEnd"]);
  assert.equal(Object(heard[4]?.[1]).error, failure);
});

test("A failure that is answered and not thrown is published as an error too", () => {
  const heard = listen(CHANNELS.commit);
  const message = commit();
  follower()(message, () => 500, () => (message.error = new Error("inside")));
  assert.deepEqual(heard.map(([part]) => part), ["start", "error", "end"]);
});

test("A store that is bound to start is there in the work and all that it waits for, and nowhere else", async () => {
  const spans = new AsyncLocalStorage<string>();
  const { start } = tracingChannel<unknown, TracedRequest>(CHANNELS.request);
  start.bindStore(spans, ({ method }) => `span of ${method}`);
  undo.push(() => void start.unbindStore(spans));
  const message: TracedRequest = { method: "GET", requestId: "r", traceparent: undefined, tracestate: undefined, route: null, identity: null, status: null };
  const seen: (string | undefined)[] = [];
  const work = async () => {
    seen.push(spans.getStore());
    await new Promise((resolve) => setImmediate(resolve));
    seen.push(spans.getStore());
  };
  await tracing.request?.(message, work, () => undefined);
  assert.deepEqual(seen, ["span of GET", "span of GET"]);
  assert.equal(spans.getStore(), undefined);
});

test("Runs that begin and end are told on a channel of their own", () => {
  const heard: unknown[] = [];
  const told = channel(CHANNELS.run);
  const subscriber = (message: unknown) => void heard.push(message);
  told.subscribe(subscriber);
  undo.push(() => void told.unsubscribe(subscriber));
  const news = { workflow: "w", workflowId: "1", status: "started", traceparent: undefined } as const;
  tracing.run?.(news);
  assert.deepEqual(heard, [news]);
});

test("What is no tracing is refused at the start, with the remedy", () => {
  const shared = { clock: () => 0, newId: () => "fresh", tracing: Object(createTracing) };
  const message = /^tracing must be an object with \w+, which is a function or null, not a function: give what createTracing\(\) of actionport\/diagnostics answers$/;
  assert.throws(() => createGuard(shared), { name: "TypeError", message });
  const catalog = createCatalog({ subjects: [], actions: [] });
  assert.throws(() => createActions({ ...shared, catalog, store: createMemoryStore(shared) }), { name: "TypeError", message });
});
