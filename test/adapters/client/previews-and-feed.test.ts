import assert from "node:assert/strict";
import { test } from "node:test";
import { CallFailure } from "../../../src/adapters/client/index.ts";
import { clientOf, fetchOf, openLab } from "./counters.ts";

test("What was previewed is executed if it is still so, and otherwise nothing happens", async () => {
  const lab = openLab();
  const client = clientOf({ fetch: fetchOf(lab.handler) });
  const seen = await client.preview("counters/add", 1, { by: 2 });
  assert.deepEqual((await seen.execute()).data.count, 2);
  await assert.rejects(() => seen.execute(), { code: "precondition_failed", status: 412 });
  assert.equal(lab.count(1), 2);
});

test("A preview's execution whose answer was lost is answered from memory, not refused for what it did itself", async () => {
  const lab = openLab();
  const real = fetchOf(lab.handler);
  let lost = 0;
  const client = clientOf({
    async fetch(url, init) {
      const response = await real(url, init);
      if (!String(url).includes("/execute/") || lost++ > 2) return response;
      throw new TypeError("terminated");
    },
  });
  const { replayed, data } = await (await client.preview("counters/add", 1)).execute();
  assert.deepEqual([replayed, data.count, lab.count(1)], [true, 1, 1]);
});

test("The trail is followed over breaks at every so many bytes: every entry once, in order", async () => {
  const lab = openLab();
  const real = fetchOf(lab.handler);
  const writer = clientOf({ fetch: real });
  for (let call = 0; call < 10; call++) await writer.execute("counters/add", call + 1);
  let bytes = 0;
  const reader = clientOf({ maxTries: 1_000, fetch: async (url, init) => cut(await real(url, init), (bytes += 97)) });
  const subjects: (string | undefined)[] = [];
  const stop = new AbortController();
  const ended = assert.rejects(
    async () => {
      for await (const { subject } of reader.audit.follow({}, { signal: stop.signal })) {
        if (subjects.push(subject?.id) === 10) await writer.execute("counters/add", 11);
        if (subjects.length === 11) stop.abort();
      }
    },
    (error) => error instanceof CallFailure && error.code === "aborted",
  );
  await ended;
  assert.deepEqual(subjects, Array.from({ length: 11 }, (_, at) => String(at + 1)));
});

/** The answer, broken off behind so many bytes. */
function cut(response: Response, bytes: number): Response {
  let left = bytes;
  const body = response.body?.pipeThrough(
    new TransformStream<Uint8Array, Uint8Array>({
      transform(piece, controller) {
        controller.enqueue(piece.subarray(0, left));
        left -= piece.length;
        if (left <= 0) controller.error(new TypeError("terminated"));
      },
    }),
  );
  return new Response(body ?? null, response);
}

test("Pages of the trail are listed newest first", async () => {
  const client = clientOf({ fetch: fetchOf(openLab().handler) });
  for (let call = 0; call < 3; call++) await client.execute("counters/add", call + 1);
  const ids: (string | undefined)[] = [];
  for await (const { subject } of client.audit.list({ limit: 2 })) ids.push(subject?.id);
  assert.deepEqual(ids, ["3", "2", "1"]);
});
