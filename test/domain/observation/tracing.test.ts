import assert from "node:assert/strict";
import { test } from "node:test";
import { isPromiseLike, type MaybePromise } from "../../../src/domain/maybe-promise.ts";
import { ActionError, createIdentity, defineAction, everyone, type RunNews, type Traced, type Tracing } from "../../../src/domain/index.ts";
import { count, late, NOBODY, openLab, type LabOptions } from "../lab.ts";

const TRACEPARENT = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
const OF_SPAN = "00-4bf92f3577b34da6a3ce929d0e0e4736-1111111111111111-01";

/** What was followed: the messages as they were when the work began, and as they were when it had ended. */
interface Recorded {
  readonly begun: readonly [kind: string, message: Readonly<Record<string, unknown>>][];
  readonly ended: readonly [kind: string, message: Readonly<Record<string, unknown>>][];
  readonly runs: readonly RunNews[];
  readonly tracing: Tracing;
}

/** Follows everything; `begin` may do with a message what a tracer does that makes spans. */
function recording(begin: (kind: string, message: Traced) => void = () => undefined): Recorded {
  const begun: [string, Readonly<Record<string, unknown>>][] = [];
  const ended: [string, Readonly<Record<string, unknown>>][] = [];
  const runs: RunNews[] = [];
  const trace = (kind: string) => <T>(message: Traced, work: () => MaybePromise<T>, tell: (result: T) => void): MaybePromise<T> => {
    begun.push([kind, { ...message }]);
    begin(kind, message);
    const end = (result: T): T => {
      tell(result);
      ended.push([kind, { ...message }]);
      return result;
    };
    const answer = work();
    return isPromiseLike(answer) ? answer.then(end) : end(answer);
  };
  const tracing = { execution: trace("execution"), commit: trace("commit"), step: trace("step"), run: (news: RunNews) => void runs.push(news) };
  return { begun, ended, runs, tracing };
}

const askTrace = defineAction({ key: "lab/ask-trace", label: "Ask trace", authorize: everyone, handle: ({ traceparent }) => traceparent ?? "none" });
const refuse = defineAction({
  key: "lab/refuse",
  label: "Refuse",
  authorize: everyone,
  handle: () => {
    throw new ActionError("No.", { code: "own_code" });
  },
});
const fail = defineAction({
  key: "lab/fail",
  label: "Fail",
  authorize: everyone,
  handle: () => {
    throw new RangeError("from inside");
  },
});

const NANCY = createIdentity({ kind: "user", id: "nancy", permissions: ["view_audit"], clientId: "app" });

function open(recorded: Recorded, options: LabOptions = {}) {
  return openLab([count, askTrace, refuse, fail], { tracing: recorded.tracing, ...options });
}

test("An execution is followed with what it is, who asked and what it came to, and its commit inside it", async () => {
  const recorded = recording();
  const { actions } = open(recorded);
  await actions.execute({ key: "lab/count", subject: "1", identity: NANCY, requestId: "r1", via: "http", traceparent: TRACEPARENT });
  const call = { kind: "execute", action: "lab/count", subject: { class: "lab.Counter", id: "1" }, identity: { kind: "user", issuer: "local", id: "nancy", clientId: "app" }, requestId: "r1", via: "http", traceparent: TRACEPARENT };
  const open_ = { outcome: null, code: undefined, replayed: false, workflowId: undefined, items: null };
  assert.deepEqual(recorded.begun[0], ["execution", { ...call, ...open_ }]);
  assert.deepEqual(recorded.ended, [
    ["commit", { changes: 1, entries: 1, traceparent: undefined, outcome: "committed" }],
    ["execution", { ...call, ...open_, outcome: "success" }],
  ]);
});

test("What is told of a refusal, of a failure and of a repeat is its code, and of a failure its cause", async () => {
  const recorded = recording();
  const { actions } = open(recorded, { observe: () => undefined });
  await actions.execute({ key: "lab/refuse", identity: NANCY });
  await actions.execute({ key: "lab/fail", identity: NANCY });
  await actions.execute({ key: "lab/count", subject: "1", identity: NANCY, idempotencyKey: "k" });
  await actions.execute({ key: "lab/count", subject: "1", identity: NANCY, idempotencyKey: "k" });
  const told = recorded.ended.filter(([kind]) => kind === "execution").map(([, { outcome, code, replayed, error }]) => ({ outcome, code, replayed, error: String(error) }));
  assert.deepEqual(told, [
    { outcome: "refused", code: "own_code", replayed: false, error: "undefined" },
    { outcome: "internal_error", code: undefined, replayed: false, error: "RangeError: from inside" },
    { outcome: "success", code: undefined, replayed: false, error: "undefined" },
    { outcome: "success", code: undefined, replayed: true, error: "undefined" },
  ]);
});

test("A call that asks for no action that there is, or for it in a wrong way, is no execution", async () => {
  const recorded = recording();
  const { actions } = open(recorded);
  await actions.execute({ key: "lab/unknown", identity: NANCY });
  await actions.execute({ key: "lab/count", identity: NANCY });
  await actions.execute({ key: "lab/refuse", subject: "1", identity: NANCY });
  assert.deepEqual(recorded.begun, []);
});

test("A preview is followed as one, and a bulk call as one call with what became of its subjects", async () => {
  const recorded = recording();
  const { actions } = open(recorded);
  await actions.preview({ key: "lab/count", subject: "1", identity: NANCY });
  await actions.bulk({ key: "lab/count", identity: NANCY, input: { ids: [1, 2, 3] } });
  await actions.bulk({ key: "lab/count", identity: NANCY, input: { ids: [1], preview: true } });
  const told = recorded.ended.filter(([kind]) => kind === "execution").map(([, { kind, outcome, items, subject }]) => ({ kind, outcome, items, subject }));
  assert.deepEqual(told, [
    { kind: "preview", outcome: "success", items: null, subject: { class: "lab.Counter", id: "1" } },
    { kind: "bulk", outcome: "partial", items: { succeeded: 2, failed: 1, skipped: 0 }, subject: null },
    { kind: "preview", outcome: "success", items: { succeeded: 1, failed: 0, skipped: 0 }, subject: null },
  ]);
});

test("A commit that somebody was faster than is a conflict, and the next try another commit", async () => {
  const recorded = recording();
  const { actions } = open(recorded, {
    wrap: (store) => {
      let isFirst = true;
      return {
        read: (collection, ids) => store.read(collection, ids),
        list: (collection, page) => store.list(collection, page),
        trail: (query) => store.trail(query),
        durable: () => store.durable(),
        commit: (changes, entries) => {
          if (!isFirst) return store.commit(changes, entries);
          isFirst = false;
          return { committed: false, conflicts: [] };
        },
      };
    },
  });
  await actions.execute({ key: "lab/count", subject: "1", identity: NANCY });
  assert.deepEqual(recorded.ended.map(([kind, { outcome }]) => [kind, outcome]), [["commit", "conflict"], ["commit", "committed"], ["execution", "success"]]);
});

test("The trace that a call came with is in the handler's context and in its entry; one that is not valid is as if none had come", async () => {
  const { actions } = openLab([askTrace, count]);
  const ask = async (traceparent?: string) => {
    const outcome = await actions.execute({ key: "lab/ask-trace", identity: NANCY, traceparent });
    return outcome.kind === "message" ? outcome.message : outcome.kind;
  };
  assert.equal(await ask(TRACEPARENT), TRACEPARENT);
  assert.equal(await ask(), "none");
  assert.equal(await ask("00-nonsense"), "none");
  for (const traceparent of [TRACEPARENT, "nonsense", undefined]) await actions.execute({ key: "lab/count", subject: "1", identity: NANCY, traceparent });
  await actions.bulk({ key: "lab/count", identity: NANCY, input: { ids: [1] }, traceparent: TRACEPARENT });
  await actions.bulk({ key: "lab/count", identity: NANCY, input: { ids: [1] }, traceparent: "nonsense" });
  const page = await actions.audit(NANCY, { order: "ascending" });
  assert.equal(page.kind, "page");
  assert.deepEqual(page.kind === "page" && page.data.map((entry) => entry["traceparent"]), [TRACEPARENT, undefined, undefined, TRACEPARENT, undefined]);
  assert.equal(page.kind === "page" && Object.keys(page.data[1] ?? {}).includes("traceparent"), false, "the field is left out");
});

test("Whoever makes a span of an execution has the entry and the context name that", async () => {
  const recorded = recording((kind, message) => {
    if (kind === "execution") message.traceparent = OF_SPAN;
  });
  for (const wrap of [undefined, late] as const) {
    const { actions } = open(recorded, wrap === undefined ? {} : { wrap });
    await actions.execute({ key: "lab/count", subject: "1", identity: NANCY, traceparent: TRACEPARENT });
    await actions.bulk({ key: "lab/count", identity: NANCY, input: { ids: [2] }, traceparent: TRACEPARENT });
    const page = await actions.audit(NANCY);
    assert.deepEqual(page.kind === "page" && page.data.map((entry) => entry["traceparent"]), [OF_SPAN, OF_SPAN]);
    const asked = await actions.execute({ key: "lab/ask-trace", identity: NANCY });
    assert.equal(asked.kind === "message" && asked.message, OF_SPAN);
  }
});

test("Actions that are followed and actions that are not answer the same", async () => {
  const followed = open(recording(), { observe: () => undefined });
  const plain = openLab([count, askTrace, refuse, fail], { observe: () => undefined });
  for (const call of [{ key: "lab/count", subject: "1" }, { key: "lab/count", subject: "9" }, { key: "lab/refuse" }, { key: "lab/fail" }, { key: "lab/none" }]) {
    assert.deepEqual(await followed.actions.execute({ ...call, identity: NOBODY }), await plain.actions.execute({ ...call, identity: NOBODY }));
    assert.deepEqual(await followed.actions.preview({ ...call, identity: NOBODY }), await plain.actions.preview({ ...call, identity: NOBODY }));
  }
  const input = { ids: [1, 2, 9] };
  assert.deepEqual(await followed.actions.bulk({ key: "lab/count", identity: NOBODY, input }), await plain.actions.bulk({ key: "lab/count", identity: NOBODY, input }));
});
