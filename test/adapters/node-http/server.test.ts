import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { Duplex } from "node:stream";
import { test } from "node:test";
import type { GuardedHandler } from "../../../src/adapters/http/guard.ts";
import { json, noContent } from "../../../src/adapters/http/response.ts";
import { startServer, toRequestListener } from "../../../src/adapters/node-http/index.ts";
import type { ServerOptions } from "../../../src/adapters/node-http/index.ts";
import { writeStream } from "../../../src/adapters/node-http/messages/write.ts";
import { echo, failure, serve, signal } from "./fixture.ts";
import { RawClient } from "./raw-client.ts";
import type { RawAnswer } from "./raw-client.ts";

const GET = ["GET /a HTTP/1.1", "Host: a.example"] as const;
const POST = ["POST /a HTTP/1.1", "Host: a.example"] as const;
const BUSY = failure("unavailable", "The server is busy; try again in a second.");
const NOT_HTTP = failure("malformed_request", "The request is not well-formed HTTP.");
const HEADERS_TOO_LARGE = failure("malformed_request", "The request's headers are too many or too long; send fewer and shorter ones.");
const TOO_SLOW = failure("malformed_request", "The request took too long to arrive; send it again.");
const HOST = failure("malformed_request", "The Host header is missing or was sent more than once; send it once.");

/** What stands on every answer, the adapter's own included. */
function assertWholeAnswer(answer: RawAnswer, status: number, body: string): void {
  assert.deepEqual([answer.status, answer.body], [status, body]);
  assert.equal(answer.headers.get("content-type"), "application/json; charset=utf-8");
  assert.equal(answer.headers.get("cache-control"), "no-store");
  assert.equal(answer.headers.get("x-content-type-options"), "nosniff");
  assert.equal(answer.headers.get("x-request-id"), "fresh-id");
}

test("A request goes to the handler as it came, and its answer goes back whole", async (t) => {
  const { open } = await serve(t, ({ request, path, query, headers }) =>
    json(201, { method: request.method, path, query, accept: headers.get("accept"), peer: request.remoteAddress }),
  );
  const client = open().send(["PATCH /a%2Fb/../c?d=%20 HTTP/1.1", "Host: a.example", "ACCEPT: */*", "X-Forwarded-For: 1.2.3.4"]);
  assertWholeAnswer(await client.read(), 201, '{"method":"PATCH","path":"/a%2Fb/../c","query":"d=%20","accept":"*/*","peer":"127.0.0.1"}');
});

test("The handler is made once, for the address that was taken", async (t) => {
  const addresses: unknown[] = [];
  const server = await startServer({
    port: 0,
    createHandler(address) {
      addresses.push(address);
      return () => noContent(204);
    },
  });
  t.after(() => server.close());
  assert.ok(server.port > 0);
  assert.equal(server.url, `http://127.0.0.1:${server.port}`);
  assert.equal((await new RawClient(server.port).send(GET).read()).status, 204);
  assert.deepEqual(addresses, [{ host: "127.0.0.1", port: server.port, url: server.url }]);
  await assert.rejects(startServer({ port: server.port, createHandler: () => () => noContent(204) }), { code: "EADDRINUSE" });
});

test("H1: every limit is checked at start-up, and the error names it and its range", async () => {
  const start = (options: Partial<ServerOptions>) => startServer({ port: 0, createHandler: () => () => noContent(204), ...options });
  const wrong: readonly (readonly [Partial<ServerOptions>, string])[] = [
    [{ maxHeaderCount: 0 }, "maxHeaderCount: 0 is out of range; give a whole number from 1 to 1000"],
    [{ maxInFlight: Number.NaN }, "maxInFlight: NaN is out of range; give a whole number from 1 to 100000"],
    [{ maxInFlightPerIdentity: 0 }, "maxInFlightPerIdentity: 0 is out of range; give a whole number from 1 to 100000"],
    [{ maxConnections: Infinity }, "maxConnections: Infinity is out of range; give a whole number from 1 to 100000"],
    [{ maxRequestsPerSocket: -1 }, "maxRequestsPerSocket: -1 is out of range; give a whole number from 1 to 1000000"],
    [{ maxHeaderBytes: 1.5 }, "maxHeaderBytes: 1.5 is out of range; give a whole number from 1024 to 1048576"],
    [{ keepAliveTimeoutMs: 0 }, "keepAliveTimeoutMs: 0 is out of range; give a whole number from 1 to 3600000"],
    [{ requestTimeoutMs: 5_000 }, "requestTimeoutMs (5000) covers the headers too; make it no less than headersTimeoutMs (10000)"],
    [{ port: 65_536 }, "port: 65536 is out of range; give a whole number from 0 (any free port) to 65535"],
  ];
  for (const [options, message] of wrong) await assert.rejects(start(options), { name: "TypeError", message });
});

test("H1: a body that is announced too long is refused before it is read, and the connection closes", async (t) => {
  const { open } = await serve(t, echo);
  const client = open().send([...POST, "Content-Length: 11"]);
  const answer = await client.read();
  assertWholeAnswer(answer, 413, failure("payload_too_large", "Too large."));
  assert.equal(answer.headers.get("connection"), "close");
  client.write("hello world");
  assert.equal(await client.readRest(), "");
});

test("H1: a chunked body is cut off as soon as it has come too long", async (t) => {
  const { open } = await serve(t, echo);
  const client = open().send([...POST, "Transfer-Encoding: chunked"], "a\r\n0123456789\r\n1\r\nx");
  const answer = await client.read();
  assertWholeAnswer(answer, 413, failure("payload_too_large", "Too large."));
  assert.equal(answer.headers.get("connection"), "close");
  client.socket.end();
  assert.equal(await client.readRest(), "");
});

test("H1: a client that never stops sending still reads why it was refused", async (t) => {
  const { open } = await serve(t, echo);
  const client = open().send([...POST, "Content-Length: 100000000"]);
  const flood = "x".repeat(65_536);
  client.socket.on("drain", () => client.write(flood));
  client.write(flood);
  assert.equal((await client.read()).status, 413);
  await client.readRest();
});

test("H1: bodies up to the limit are read whole, and what stands behind a length that lies is no part of one", async (t) => {
  const { open } = await serve(t, echo);
  const client = open();
  client.send([...POST, "Content-Length: 10"], "0123456789");
  assert.equal((await client.read()).body, '{"method":"POST","path":"/a","body":"0123456789"}');
  client.send([...POST, "Transfer-Encoding: Chunked"], "5\r\nhello\r\n5;x=y\r\nworld\r\n0\r\n\r\n");
  assert.equal((await client.read()).body, '{"method":"POST","path":"/a","body":"helloworld"}');
  client.send([...POST, "Content-Length: 0"]);
  assert.equal((await client.read()).body, '{"method":"POST","path":"/a","body":""}');
  client.send([...POST, "Content-Length: 5"], "helloworld\r\n\r\n");
  assert.equal((await client.read()).body, '{"method":"POST","path":"/a","body":"hello"}');
  client.socket.end();
  assert.equal(await client.readRest(), "");
});

test("A short body that nobody reads is swallowed, and the connection serves the next request", async (t) => {
  const { open } = await serve(t, ({ path }) => json(200, { path }));
  const client = open();
  for (const path of ["/a", "/b"]) {
    client.send([`POST ${path} HTTP/1.1`, "Host: a.example", "Content-Length: 27"], "GET /evil HTTP/1.1\r\nHost: a");
    const answer = await client.read();
    assert.equal(answer.body, JSON.stringify({ path }));
    assert.equal(answer.headers.get("connection"), "keep-alive");
  }
});

test("H2: slow headers, a slow body and a silent connection are answered 408 and closed", async (t) => {
  const { open } = await serve(t, echo, { headersTimeoutMs: 100, requestTimeoutMs: 200, connectionsCheckingIntervalMs: 20 });
  const starts = ["", "GET /a HTTP/1.1\r\nHost: a", "POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\n012"];
  await Promise.all(
    starts.map(async (start) => {
      const client = open().write(start);
      const answer = await client.read();
      assertWholeAnswer(answer, 408, TOO_SLOW);
      assert.equal(answer.headers.get("connection"), "close");
      client.socket.end();
      assert.equal(await client.readRest(), "");
    }),
  );
});

test("H2: a client that leaves its answer unread is let go, and a handler that takes as long is not", async (t) => {
  const stalled = signal();
  const handler: GuardedHandler = async ({ path }) => {
    if (path === "/large") return json(200, "x".repeat(20_000_000));
    await stalled.happened;
    return noContent(204);
  };
  const { open } = await serve(t, handler, { writeTimeoutMs: 100, observe: ({ event }) => event === "connection_stalled" && stalled.happen() });
  const patient = open().send(GET);
  const deaf = open().send(["GET /large HTTP/1.1", "Host: a"]);
  deaf.socket.pause();
  assert.equal((await patient.read()).status, 204);
  deaf.socket.resume();
  assert.ok((await deaf.readRest()).length < 20_000_000);
});

test("H3: connections beyond the limit are dropped", async (t) => {
  const { open, observations } = await serve(t, echo, { maxConnections: 1 });
  const first = await open().connected();
  assert.equal((await first.send(GET).read()).status, 200);
  assert.equal(await open().readRest(), "");
  assert.equal((await first.send(GET).read()).status, 200);
  assert.ok(observations.some(({ event }) => event === "connection_dropped"));
});

test("H3: requests beyond what may run at the same time are answered 503 with Retry-After", async (t) => {
  const started = signal();
  const gate = signal();
  const { open } = await serve(t, async () => {
    started.happen();
    await gate.happened;
    return noContent(204);
  }, { maxInFlight: 1 });
  const running = open().send(GET);
  await started.happened;
  const other = open();
  const refusal = await other.send(GET).read();
  assertWholeAnswer(refusal, 503, BUSY);
  assert.equal(refusal.headers.get("retry-after"), "1");
  gate.happen();
  assert.equal((await running.read()).status, 204);
  assert.equal((await other.send(GET).read()).status, 204);
});

const CONTRADICTIONS: readonly (readonly [string, readonly string[], string])[] = [
  ["length and chunks", [...POST, "Content-Length: 3", "Transfer-Encoding: chunked"], "0\r\n\r\n"],
  ["two lengths", [...POST, "Content-Length: 3", "Content-Length: 4"], "abcd"],
  ["chunked, then gzip", [...POST, "Transfer-Encoding: chunked, gzip"], "0\r\n\r\n"],
  ["a folded header", [...GET, "X-A: b", " c"], ""],
  ["a space before the colon", [...GET, "X-A : b"], ""],
  ["a length that is none", [...POST, "Content-Length: +3"], "abc"],
  ["a chunk size that is none", [...POST, "Transfer-Encoding: chunked"], "zz\r\n"],
  ["no HTTP at all", ["<script>"], ""],
  ["a version that is none", ["GET /a HTTP/2", "Host: a.example"], ""],
  ["a control character in a value", [...GET, "X-A: b\u0001c\u0000"], ""],
];

test("H4: what two servers could read in two ways is answered 400, echoes nothing, and closes", async (t) => {
  const { open, observations } = await serve(t, echo);
  for (const [name, lines, body] of CONTRADICTIONS) {
    const client = open().send(lines, body);
    const answer = await client.read();
    assert.equal(answer.status, 400, name);
    assertWholeAnswer(answer, 400, NOT_HTTP);
    assert.equal(answer.headers.get("connection"), "close", name);
    client.socket.end();
    assert.equal(await client.readRest(), "", name);
  }
  const bare = open().write("GET /a HTTP/1.1\nHost: a\n\n");
  assertWholeAnswer(await bare.read(), 400, NOT_HTTP);
  assert.ok(observations.every(({ event }) => event !== "internal_error"));
});

test("H4: a fault behind good requests does not take the place of their answers", async (t) => {
  const gate = signal();
  const { open } = await serve(t, async ({ path }) => {
    if (path === "/slow") await gate.happened;
    return json(200, { path });
  });
  const quick = open().write("GET /1 HTTP/1.1\r\nHost: a\r\n\r\nGET /2 HTTP/1.1\r\nHost: a\r\n\r\nnonsense\r\n\r\n");
  assert.equal((await quick.read()).body, '{"path":"/1"}');
  assert.equal((await quick.read()).body, '{"path":"/2"}');
  quick.socket.end();
  assert.equal(await quick.readRest(), "");
  const slow = open().write("GET /slow HTTP/1.1\r\nHost: a\r\n\r\nnonsense\r\n\r\n");
  gate.happen();
  assert.equal((await slow.read()).body, '{"path":"/slow"}');
  assert.equal(await slow.readRest(), "");
});

test("H4: whatever bytes come, the connection ends in good order and the server lives", async (t) => {
  const { open, observations } = await serve(t, echo, { maxRequestsPerSocket: 5 });
  const start = "POST /a?b HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n";
  const junk = ["\u0000", "\r\n", "\n", " ", ":", "ÿ", "Content-Length: 5\r\n", "HTTP/1.1", "-1", "%", "\t", "Expect: 100-continue\r\n", "Upgrade: h2c\r\nConnection: Upgrade\r\n"];
  for (let round = 0; round < 10; round++) {
    const clients = junk.map((piece, index) => {
      const at = ((index + 1) * 7919 * (round + 1)) % start.length;
      return open().write(start.slice(0, at) + piece + start.slice(at + (round % 3)) + start);
    });
    for (const client of clients) client.socket.end();
    const texts = await Promise.all(clients.map((client) => client.readRest()));
    for (const text of texts) assert.match(text, /^(HTTP\/1\.1 (100|200|400|408|413|417|431|501|505) |$)/);
  }
  assert.equal((await open().send(GET).read()).status, 200);
  assert.deepEqual(observations.filter(({ event }) => event === "internal_error"), []);
});

test("H5: of the transfer codings only chunked is understood; the answer to another is whole, whatever stands behind it", async (t) => {
  const { open } = await serve(t, echo);
  const unknown = failure("malformed_request", "The only Transfer-Encoding understood is chunked.");
  for (const codings of [["gzip, chunked"], ["gzip", "chunked"], ["gzip"], ["identity"], ["x-unheard-of"]]) {
    for (const body of ["0\r\n\r\n", "abc", ""]) {
      const client = open().send([...POST, ...codings.map((coding) => `Transfer-Encoding: ${coding}`)], body);
      const answer = await client.read();
      assertWholeAnswer(answer, 501, unknown);
      assert.equal(answer.headers.get("connection"), "close");
      client.socket.end();
      assert.equal(await client.readRest(), "");
    }
  }
  assertWholeAnswer(await open().send([...POST, "Transfer-Encoding: "], "0\r\n\r\n").read(), 400, NOT_HTTP);
  const old = open().send(["POST /a HTTP/1.0", "Host: a", "Transfer-Encoding: chunked"], "0\r\n\r\n");
  assertWholeAnswer(await old.read(), 400, failure("malformed_request", "HTTP/1.0 knows no Transfer-Encoding; send the body with a Content-Length."));
  assert.equal(await old.readRest(), "");
});

test("A version of HTTP that is not 1.0 or 1.1 is answered 505, and runs nothing", async (t) => {
  const ran: string[] = [];
  const { open, observations } = await serve(t, ({ path }) => {
    ran.push(path);
    return noContent(204);
  });
  const message = failure("malformed_request", "The HTTP versions understood are 1.1 and 1.0.");
  const heads = ["GET /a HTTP/2.0", "GET /a HTTP/3.0", "GET /a HTTP/1.2", "GET /a HTTP/0.9", "GET /a"].map((line) => `${line}\r\nHost: a`);
  for (const head of [...heads, "PRI * HTTP/2.0"]) {
    const client = open().write(`${head}\r\n\r\nSM\r\n\r\n`);
    const answer = await client.read();
    assertWholeAnswer(answer, 505, message);
    assert.equal(answer.headers.get("connection"), "close", head);
    client.socket.end();
    assert.equal(await client.readRest(), "", head);
  }
  assert.deepEqual(ran, []);
  assert.ok(observations.every(({ event, status }) => (event === "request" || event === "request_rejected") && status === 505));
});

test("H6: exactly one Host header is wanted, in HTTP/1.0 too", async (t) => {
  const { open } = await serve(t, echo);
  const cases = [["GET /a HTTP/1.1"], ["GET /a HTTP/1.0"]];
  for (const lines of cases) {
    const client = open().send(lines);
    assertWholeAnswer(await client.read(), 400, HOST);
    assert.equal(await client.readRest(), "");
  }
  const twice = await open().send([...GET, "HOST: a.example"]).read();
  assertWholeAnswer(twice, 400, failure("malformed_request", "The Host header was sent more than once; send it once."));
  const old = open().send(["GET /a HTTP/1.0", "Host: a"]);
  assert.equal((await old.read()).status, 200);
  assert.equal(await old.readRest(), "");
});

test("H7, H12: doubled and oddly named headers reach the guard as they came", async (t) => {
  const { open } = await serve(t, echo);
  const client = open().send([...GET, "Authorization: a", "authorization: b"]);
  assert.equal((await client.read()).body, failure("malformed_request", "The Authorization header was sent more than once; send it once."));
  client.send([...GET, "__proto__: x", "constructor: y", "__proto__: z"]);
  assert.equal((await client.read()).status, 200);
});

test("H16: headers that are too many or too long are answered 431, never dropped silently", async (t) => {
  const { open } = await serve(t, echo, { maxHeaderCount: 3, maxHeaderBytes: 2_048 });
  const most = open().send([...GET, "X-1: a", "X-2: b"]);
  assert.equal((await most.read()).status, 200);
  assertWholeAnswer(await most.send([...GET, "X-1: a", "X-2: b", "X-3: c"]).read(), 431, HEADERS_TOO_LARGE);
  assert.equal(await most.readRest(), "");
  const long = open().send([...GET, `X-1: ${"a".repeat(3_000)}`]);
  assertWholeAnswer(await long.read(), 431, HEADERS_TOO_LARGE);
  const many = await serve(t, echo);
  assertWholeAnswer(await many.open().send([...GET, ...Array.from({ length: 3_000 }, () => "a:b")]).read(), 431, HEADERS_TOO_LARGE);
});

test("H18: other forms of target are refused, CONNECT is closed and an upgrade is not taken", async (t) => {
  const { open } = await serve(t, echo);
  const message = failure("malformed_request", "The request target is not a plain path; send one that starts with a single slash.");
  for (const target of ["http://a.example/a", "//a.example/a"]) assertWholeAnswer(await open().send([`GET ${target} HTTP/1.1`, "Host: a"]).read(), 400, message);
  assertWholeAnswer(await open().send(["OPTIONS * HTTP/1.1", "Host: a"]).read(), 400, message);
  assert.equal(await open().send(["CONNECT a.example:443 HTTP/1.1", "Host: a.example:443"]).readRest(), "");
  const client = open().send([...GET, "Connection: Upgrade", "Upgrade: websocket"]);
  assert.equal((await client.read()).status, 200);
  assert.equal((await client.send(GET).read()).status, 200, "and what comes behind it is HTTP as before");
});

test("H20: HEAD is answered with the headers of the answer and without its body", async (t) => {
  const stream = async function* () {
    yield "never sent";
  };
  const { open } = await serve(t, ({ path }) => (path === "/stream" ? { status: 200, headers: {}, body: stream() } : json(200, { a: "ü" })));
  const client = open().send(["HEAD /a HTTP/1.1", "Host: a"]);
  const head = await client.read("HEAD");
  assert.deepEqual([head.status, head.headers.get("content-length")], [200, "10"]);
  client.send(["HEAD /stream HTTP/1.1", "Host: a"]);
  assert.equal((await client.read("HEAD")).status, 200);
  client.send(GET);
  assert.equal((await client.read()).body, Buffer.from('{"a":"ü"}').toString("latin1"));
});

test("Head and body leave in one write", async () => {
  const written: string[] = [];
  const connection = new Duplex({
    read() {},
    write(piece, _encoding, done) {
      written.push(String(piece));
      this.emit("written");
      done();
    },
  });
  const server = createServer(toRequestListener(() => json(200, { a: "ü" })));
  server.emit("connection", connection);
  const first = once(connection, "written");
  connection.push("GET /a HTTP/1.1\r\nHost: a\r\n\r\n");
  await first;
  connection.push("GET /b HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
  await once(connection, "finish");
  assert.equal(written.length, 2);
  for (const text of written) assert.match(text, /^HTTP\/1\.1 200 OK\r\n.*\r\n\r\n\{"a":"ü"\}$/s);
});

test("An answer without a body says so", async (t) => {
  const { open } = await serve(t, ({ path }) => noContent(Number(path.slice(1))));
  const client = open();
  for (const [status, length] of [[204, undefined], [200, "0"], [403, "0"]] as const) {
    const answer = await client.send([`GET /${status} HTTP/1.1`, "Host: a"]).read();
    assert.deepEqual([answer.status, answer.headers.get("content-length"), answer.body], [status, length, ""]);
  }
});

test("A header with several values is written once for each", async (t) => {
  const { open } = await serve(t, () => noContent(204, { "set-cookie": ["a=1", "b=2"], vary: [] }));
  const rest = await open().send([...GET, "Connection: close"]).readRest();
  assert.deepEqual(rest.match(/set-cookie: .*|vary.*/g), ["set-cookie: a=1", "set-cookie: b=2"]);
});

test("H21: an answer with a header that no header may be becomes a 500", async (t) => {
  const { open, observations } = await serve(t, ({ path }) => (path === "/stream" ? { status: 200, headers: { location: "a\u0000" }, body: (async function* () {})() } : noContent(204, { location: "/a\r\nset-cookie: b" })));
  const client = open();
  for (const path of ["/a", "/stream"]) {
    client.send([`GET ${path} HTTP/1.1`, "Host: a"]);
    assertWholeAnswer(await client.read(), 500, failure("internal_error", "Server error."));
  }
  assert.equal(observations.filter(({ event, error }) => event === "internal_error" && error instanceof TypeError).length, 2);
});

test("H22: with Expect: 100-continue the body is asked for only when the handler reads it", async (t) => {
  const { open } = await serve(t, async (guarded) => (guarded.path === "/unread" ? json(401, {}) : echo(guarded)));
  const expecting = (path: string, length: number) => open().send([`POST ${path} HTTP/1.1`, "Host: a", "Expect: 100-continue", `Content-Length: ${length}`]);
  const read = expecting("/read", 5);
  assert.equal((await read.read()).status, 100);
  assert.equal((await read.write("hello").read()).body, '{"method":"POST","path":"/read","body":"hello"}');
  for (const [client, status] of [[expecting("/unread", 5), 401], [expecting("/read", 11), 413]] as const) {
    const answer = await client.read();
    assert.deepEqual([answer.status, answer.headers.get("connection")], [status, "close"]);
    assert.equal(await client.readRest(), "");
  }
  const other = open().send([...POST, "Expect: a miracle", "Content-Length: 1"], "x");
  assertWholeAnswer(await other.read(), 417, failure("malformed_request", "The only expectation understood is 100-continue."));
});

test("H23: a handler that breaks its word and throws is answered 500 all the same", async (t) => {
  const observations: unknown[] = [];
  const handlers = [
    () => {
      throw new Error("secret");
    },
    () => Promise.reject(new Error("secret")),
  ];
  for (const handler of handlers) {
    const server = await startServer({ port: 0, createHandler: () => handler, newId: () => "fresh-id", observe: ({ event }) => observations.push(event), drainTimeoutMs: 0 });
    t.after(() => server.close());
    assertWholeAnswer(await new RawClient(server.port).send(GET).read(), 500, failure("internal_error", "Server error."));
  }
  assert.deepEqual(observations, ["internal_error", "request", "internal_error", "request"]);
});

test("H23: a client that goes away harms nobody, whenever it does", async (t) => {
  const gate = signal();
  const started = new Map([["/half", signal()], ["/whole", signal()]]);
  const ended = signal();
  const { open, observations } = await serve(t, async (guarded) => {
    started.get(guarded.path)?.happen();
    if (guarded.path === "/whole") await gate.happened;
    return await echo(guarded).finally(ended.happen);
  });
  const half = open().send(["POST /half HTTP/1.1", "Host: a", "Content-Length: 10"], "01234");
  await started.get("/half")?.happened;
  half.socket.destroy();
  await ended.happened;
  const whole = open().send(["POST /whole HTTP/1.1", "Host: a", "Content-Length: 3"], "abc");
  await started.get("/whole")?.happened;
  whole.socket.resetAndDestroy();
  await once(whole.socket, "close");
  gate.happen();
  assert.equal((await open().send(GET).read()).status, 200);
  const noted = observations.map(({ event, path, status }) => [event, path, status]);
  assert.deepEqual(noted, [["request_rejected", undefined, 400], ["request", "/half", 400], ["request", "/whole", 200], ["request", "/a", 200]]);
});

test("A streamed answer goes out piece by piece, and the connection stays", async (t) => {
  const gate = signal();
  const { open } = await serve(t, () => {
    const body = async function* () {
      yield "first\n";
      await gate.happened;
      yield "ü\n";
    };
    return { status: 200, headers: { "content-type": "application/x-ndjson" }, body: body() };
  });
  const client = open().send(GET);
  await client.readUntil("first\n");
  gate.happen();
  const answer = await client.read();
  assert.equal(answer.headers.get("transfer-encoding"), "chunked");
  assert.equal(Buffer.from(answer.body, "latin1").toString(), "first\nü\n");
  assert.equal((await client.send(GET).read()).status, 200);
});

test("H23: a stream waits for a slow reader, and stops when the client is gone", async (t) => {
  let pieces = 0;
  const stopped = signal();
  const { open } = await serve(t, () => {
    const body = async function* () {
      try {
        for (;;) {
          pieces++;
          yield "x".repeat(100_000);
        }
      } finally {
        stopped.happen();
      }
    };
    return { status: 200, headers: {}, body: body() };
  });
  const client = open().send(GET);
  await client.readUntil("xxx");
  client.socket.pause();
  client.socket.destroy();
  await stopped.happened;
  assert.ok(pieces < 1_000, `${pieces} pieces were made for a client that read next to nothing`);
});

test("H23: a stream that fails half way breaks the connection off", async (t) => {
  const gate = signal();
  const { open, observations } = await serve(t, () => {
    const body = async function* () {
      yield "half";
      await gate.happened;
      throw new Error("secret");
    };
    return { status: 200, headers: {}, body: body() };
  });
  const client = open().send(GET);
  await client.readUntil("half");
  gate.happen();
  const rest = await client.readRest();
  assert.ok(rest.endsWith("4\r\nhalf\r\n"), rest);
  const failed = observations.find(({ event }) => event === "internal_error");
  assert.equal(failed?.requestId, "fresh-id");
});

test("H28: requests sent ahead take turns, and their answers keep the order", async (t) => {
  let running = 0;
  const { open } = await serve(t, async ({ path }) => {
    assert.equal(++running, 1);
    await new Promise(setImmediate);
    running--;
    return json(200, { path });
  });
  const paths = Array.from({ length: 50 }, (_, index) => `/${index}`);
  const client = open().write(paths.map((path) => `GET ${path} HTTP/1.1\r\nHost: a\r\n\r\n`).join(""));
  for (const path of paths) assert.equal((await client.read()).body, JSON.stringify({ path }));
});

test("H28: a flood of requests sent ahead is answered in part, then the connection closes", async (t) => {
  let calls = 0;
  const { open } = await serve(t, async () => {
    calls++;
    await new Promise(setImmediate);
    return noContent(204);
  });
  const rest = await open().write("GET /a HTTP/1.1\r\nHost: a\r\n\r\n".repeat(2_000)).readRest();
  const answers = rest.split("HTTP/1.1 204 ").length - 1;
  assert.equal(answers, calls);
  assert.ok(answers < 500, `${answers} answers`);
  assert.equal(rest.split("connection: close").length - 1, 1);
});

test("H28: of requests sent ahead the next one runs only when the answer before is taken: who reads nothing fills no memory", async (t) => {
  const stalled = signal();
  let calls = 0;
  const handler: GuardedHandler = () => (calls++, json(200, "x".repeat(20_000_000)));
  const { open } = await serve(t, handler, { writeTimeoutMs: 100, observe: ({ event }) => event === "connection_stalled" && stalled.happen() });
  const deaf = open().write("GET /a HTTP/1.1\r\nHost: a\r\n\r\n".repeat(10));
  deaf.socket.pause();
  await stalled.happened;
  assert.equal(calls, 1);
});

test("H28: whoever reads slowly what was asked for ahead gets all of it", async (t) => {
  const { open } = await serve(t, () => json(200, "x".repeat(3_000_000)));
  const reader = open().write("GET /a HTTP/1.1\r\nHost: a\r\n\r\n".repeat(5));
  for (let answer = 0; answer < 5; answer++) assert.equal((await reader.read()).body.length, 3_000_002);
});

test("H2: a client that leaves the end of a stream unread is let go as well", async (t) => {
  const stalled = signal();
  /** Ends as soon as something is left behind that is too little to be waited for. */
  async function* pieces(outgoing: ServerResponse): AsyncGenerator<string> {
    for (; outgoing.writableLength === 0; await new Promise(setImmediate)) yield "x".repeat(5_000);
  }
  const server = createServer((_, outgoing) => {
    const mode = { headOnly: false, close: false, linger: false, writeTimeoutMs: 100, onStalled: () => stalled.happen() };
    void writeStream(outgoing, { status: 200, headers: {}, body: pieces(outgoing) }, mode);
  });
  t.after(() => server.close());
  await once(server.listen(0, "127.0.0.1"), "listening");
  const address: AddressInfo | string | null = server.address();
  const deaf = new RawClient(address !== null && typeof address === "object" ? address.port : 0).send(["GET /a HTTP/1.1", "Host: a"]);
  deaf.socket.pause();
  await stalled.happened;
});

test("H28: a connection closes behind its last request, and none behind that one runs", async (t) => {
  const paths: string[] = [];
  const { open } = await serve(t, ({ path }) => {
    paths.push(path);
    return noContent(204);
  }, { maxRequestsPerSocket: 2 });
  const client = open().write(["/1", "/2", "/3"].map((path) => `GET ${path} HTTP/1.1\r\nHost: a\r\n\r\n`).join(""));
  assert.equal((await client.read()).headers.get("connection"), "keep-alive");
  assert.equal((await client.read()).headers.get("connection"), "close");
  assert.equal(await client.readRest(), "");
  assert.deepEqual(paths, ["/1", "/2"]);
});

test("H34: X-Forwarded-For is believed only from proxies that were named, and only as far as they wrote it", async (t) => {
  const tell: GuardedHandler = ({ request }) => json(200, request.remoteAddress);
  const cases: readonly (readonly [readonly string[], readonly string[], string])[] = [
    [["10.0.0.0/8"], ["1.2.3.4"], "127.0.0.1"],
    [["127.0.0.1"], [], "127.0.0.1"],
    [["127.0.0.1"], ["1.2.3.4"], "1.2.3.4"],
    [["127.0.0.1"], ["6.6.6.6, 1.2.3.4"], "1.2.3.4"],
    [["127.0.0.0/8", "10.0.0.0/8"], ["6.6.6.6", "1.2.3.4", "10.1.2.3"], "1.2.3.4"],
    [["127.0.0.1", "fd00::/8"], ["2001:db8::1, fd00::7"], "2001:db8::1"],
    [["127.0.0.1"], ["nobody"], "127.0.0.1"],
    [["127.0.0.1"], ["127.0.0.1"], "127.0.0.1"],
  ];
  for (const [trustedProxies, forwarded, expected] of cases) {
    const { open } = await serve(t, tell, { trustedProxies });
    const answer = await open().send([...GET, ...forwarded.map((value) => `X-Forwarded-For: ${value}`)]).read();
    assert.equal(answer.body, JSON.stringify(expected), forwarded.join());
  }
  const { open } = await serve(t, tell);
  assert.equal((await open().send([...GET, "X-Forwarded-For: 1.2.3.4"]).read()).body, '"127.0.0.1"');
  for (const proxy of ["", "localhost", "10.0.0.0/33", "10.0.0.0/", "10.0.0.0/8/8", "10.0.0.0/-1"]) {
    await assert.rejects(serve(t, tell, { trustedProxies: [proxy] }), { name: "TypeError", message: /^trustedProxies: .* is no address; write one such as/ }, proxy);
  }
});

test("A handler can be put into a server of your own", async (t) => {
  const listener = toRequestListener(({ target }) => json(200, { target }), { maxHeaderCount: 2, newId: () => "fresh-id" });
  const server = createServer(listener).listen(0, "127.0.0.1");
  t.after(() => server.close());
  await once(server, "listening");
  const address: AddressInfo | string | null = server.address();
  assert.ok(typeof address === "object" && address !== null);
  const client = new RawClient(address.port);
  assert.equal((await client.send(GET).read()).body, '{"target":"/a"}');
  assertWholeAnswer(await client.send([...GET, "A: b", "C: d"]).read(), 431, HEADERS_TOO_LARGE);
  assert.throws(() => toRequestListener(() => noContent(204), { maxInFlight: 0 }), { name: "TypeError" });
});
