import assert from "node:assert/strict";
import { PassThrough } from "node:stream";
import { test } from "node:test";
import { createLogStream } from "../../src/app/log/log-stream.ts";
import { createLogLines, type LogOptions } from "../../src/app/log/log.ts";
import type { Observation } from "../../src/domain/ports.ts";

const AT = new Date(2026, 4, 3, 7, 8, 9).getTime();

function lineOf(observation: Observation, options: Partial<LogOptions> = {}): string | undefined {
  return createLogLines({ format: "text", level: "info", requests: false, colour: false, clock: () => AT, ...options })(observation);
}

test("A line of JSON has the time, the level and the event first, and an error's message, code and causes", () => {
  const error = Object.assign(new Error("out\nof order", { cause: "the disk" }), { code: "EIO" });
  const line = lineOf({ event: "internal_error", requestId: "1", error }, { format: "json" }) ?? "";
  assert.equal(line.indexOf("\n"), line.length - 1);
  const { error: shown, ...rest } = JSON.parse(line);
  assert.equal(JSON.stringify(rest), `{"time":"${new Date(AT).toISOString()}","level":"error","event":"internal_error","requestId":"1"}`);
  assert.deepEqual([shown.name, shown.message, shown.code, shown.cause], ["Error", "out\nof order", "EIO", "the disk"]);
});

test("A line for people has the time of day, the level and the event in columns, then what belongs to it", () => {
  assert.equal(lineOf({ event: "store_opened", directory: "/data/my shop", records: 3, gone: undefined }), '07:08:09 info  store_opened           directory="/data/my shop" records=3\n');
  assert.equal(lineOf({ event: "stopped" }), "07:08:09 info  stopped\n");
});

test("For people an error's stack stands below its line, with its causes", () => {
  const error = new Error("no answer", { cause: new Error("the disk") });
  error.stack = "Error: no answer\n    at one";
  if (error.cause instanceof Error) error.cause.stack = "Error: the disk\n    at two";
  assert.equal(lineOf({ event: "store_unavailable", error }), '07:08:09 error store_unavailable      error="no answer"\n    Error: no answer\n    at one\n  caused by\n    Error: the disk\n    at two\n');
});

test("A failure has its line whatever was thrown", () => {
  const unreadable = Object.defineProperty(new Error("x"), "message", { get: () => { throw new Error("It cannot be read."); } });
  const odd = Object.assign(new Error("no answer"), { code: 10n, name: 10n, stack: 10n });
  const cause = new Error("no answer", { cause: Object.create(null) });
  cause.stack = "Error: no answer";
  const thrown: readonly (readonly [unknown, string])[] = [[Object.create(null), "What was thrown cannot be shown."], [unreadable, "What was thrown cannot be shown."], [odd, "no answer"], [cause, "no answer"], [Symbol("x"), "Symbol(x)"]];
  for (const [error, message] of thrown) {
    const shown = JSON.parse(lineOf({ event: "internal_error", error }, { format: "json" }) ?? "").error;
    assert.equal(shown.message ?? shown, message);
    assert.equal(lineOf({ event: "internal_error", error })?.split("\n")[0], `07:08:09 error internal_error         error=${/ /.test(message) ? JSON.stringify(message) : message}`);
  }
  assert.equal(lineOf({ event: "internal_error", error: cause }), '07:08:09 error internal_error         error="no answer"\n    Error: no answer\n  caused by\n    What was thrown cannot be shown.\n');
});

test("Nothing in a line is obeyed by a terminal or taken for a line of ours", () => {
  const line = lineOf({ event: "custom", name: "a\u001b[2Jb\nc\u009b", error: "x\u001b]0;y\u0007" });
  assert.equal(line, '07:08:09 info  custom                 name="a\\u001b[2Jb\\nc\\u009b" error="x\\u001b]0;y\\u0007"\n');
});

test("Nor in a line of JSON, which stays one line of the same JSON", () => {
  const name = "a\u001b[2Jb\nc\u009b\u2028\u202e\u007f";
  const line = lineOf({ event: "custom", name }, { format: "json" }) ?? "";
  assert.match(line, /^[ -~]*\n$/);
  assert.equal(JSON.parse(line).name, name);
  assert.match(lineOf({ event: "custom", name }) ?? "", /^[ -~]*\n$/);
});

test("Colours mark what matters, and only where they are wanted", () => {
  assert.equal(lineOf({ event: "store_full" }, { colour: true }), "\u001b[2m07:08:09\u001b[0m \u001b[31merror store_full            \u001b[0m\n");
  assert.equal(lineOf({ event: "store_full" })?.includes("\u001b"), false);
});

test("A level shows what matters as much or more; requests are shown when they are asked for", () => {
  const shown = (options: Partial<LogOptions>) => ["internal_error", "turn_timed_out", "stopped", "request"].filter((event) => lineOf({ event }, options) !== undefined);
  assert.deepEqual(shown({ level: "error" }), ["internal_error"]);
  assert.deepEqual(shown({ level: "warn" }), ["internal_error", "turn_timed_out"]);
  assert.deepEqual(shown({}), ["internal_error", "turn_timed_out", "stopped"]);
  assert.deepEqual(shown({ level: "debug" }), ["internal_error", "turn_timed_out", "stopped", "request"]);
  assert.deepEqual(shown({ level: "error", requests: true }), ["internal_error", "request"]);
});

test("A slow reader costs a mebibyte at most: what is beyond it is dropped, and counted once there is room", async () => {
  const pipe = new PassThrough({ highWaterMark: 1 });
  const log = createLogStream(pipe, (count) => `dropped ${count}\n`);
  const line = `${"x".repeat(99_999)}\n`;
  for (let lines = 0; lines < 20; lines++) log.write(line);
  assert.ok(pipe.writableLength <= 1_200_000, String(pipe.writableLength));
  let read = "";
  pipe.setEncoding("utf8").on("data", (piece: string) => (read += piece));
  await log.flush(10_000);
  log.write("again\n");
  await log.flush(10_000);
  const [, kept, count] = /^(x+\n)+dropped (\d+)\nagain\n$/.exec(read) ?? [];
  assert.equal(kept, line);
  assert.equal((read.length - "again\n".length - `dropped ${count}\n`.length) / line.length + Number(count), 20);
});

test("A reader who has gone ends nothing", () => {
  const pipe = new PassThrough();
  const log = createLogStream(pipe, () => "");
  pipe.destroy(new Error("EPIPE"));
  pipe.emit("error", new Error("EPIPE"));
  log.write("nobody reads it\n");
});

test("A request's line has the route in the place of the path, since there may be anything in a path", () => {
  const request = { event: "request", requestId: "r1", method: "POST", status: 200, duration_ms: 3, identity: "user:nancy" };
  const routeOf = (more: object) => JSON.parse(lineOf({ ...request, ...more }, { format: "json", requests: true }) ?? "").route;
  assert.equal(
    lineOf({ ...request, path: "/api/v1/actions/orders/approve-order/execute/jane@example.com" }, { requests: true }),
    '07:08:09 debug request                POST /api/v1/actions/orders/approve-order/execute/{id} 200 3ms identity=user:nancy requestId=r1\n',
  );
  assert.equal(routeOf({ path: "/api/v1/actions/my-secret/execute", status: 404 }), "/api/v1/actions/{key}/execute");
  assert.equal(routeOf({ path: "/api/v1/actions/my-secret/execute", identity: undefined, status: 401 }), "/api/v1/actions/{key}/execute");
  assert.equal(routeOf({ path: "/oauth/token" }), "/oauth/token");
  assert.equal(routeOf({ path: "/oauth/my-secret" }), "-");
  assert.equal(routeOf({ path: "/hooks/my-secret", route: "/hooks" }), "/hooks");
});
