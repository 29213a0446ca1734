import type { IncomingMessage, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import type { Clock, NewId, Observe } from "../../domain/ports.ts";
import { isPromiseLike, type MaybePromise } from "../../domain/maybe-promise.ts";
import { renderFailure } from "../http/failure.ts";
import type { HttpFailure } from "../http/failure.ts";
import { createGuard } from "../http/guard.ts";
import type { GuardedHandler } from "../http/guard.ts";
import type { BodyStream, HttpHandler, HttpResponse } from "../http/message.ts";
import { shieldObserver } from "../../domain/observation/shield-observer.ts";
import { DEFAULT_PROBLEM_TYPE_BASE } from "../http/problem.ts";
import { abandon } from "../http/response.ts";
import type { RequestTracing } from "../http/tracing.ts";
import { RequestRefused } from "../http/request-refused.ts";
import { Admission } from "./limits/admission.ts";
import { behindProxies, PEERS } from "./messages/client-address.ts";
import type { ClientAddresses } from "./messages/client-address.ts";
import { Connection } from "./connection.ts";
import { DRAINING, EXPECTATION, HEADERS_TOO_LARGE, HOST_MISSING, NOT_HTTP, OVERLOADED, TRANSFER_ENCODING, TRANSFER_ENCODING_IN_1_0, VERSION } from "./failures.ts";
import type { RequestLimits } from "./limits/limits.ts";
import { NodeRequest } from "./messages/request.ts";
import { writeStream, writeWhole } from "./messages/write.ts";
import type { StreamedResponse, WriteMode } from "./messages/write.ts";

/** What a listener needs from outside. */
export interface ListenerParts {
  readonly handler: HttpHandler;
  /** Handlers by target, which answer whatever the load. Default: none. */
  readonly probes?: Readonly<Record<string, HttpHandler>> | undefined;
  readonly limits: RequestLimits;
  readonly clock: Clock;
  readonly newId: NewId;
  readonly observe: Observe | undefined;
  readonly tracing: RequestTracing | undefined;
  readonly trustedProxies: readonly string[] | undefined;
  readonly problemTypeBase: string | undefined;
}

/**
 * From node:http's pair of request and response to a handler and back. Requests that a client sends
 * ahead on one connection take turns (RFC 9112 section 9.3.2), so one connection is one request in flight.
 */
export class Listener {
  readonly #handler: HttpHandler;
  readonly #probes: ReadonlyMap<string, HttpHandler>;
  /** Longer targets are no probe's, and need not be looked up. */
  readonly #longestProbe: number;
  readonly #limits: RequestLimits;
  readonly #admission: Admission;
  readonly #observe: Observe;
  /** This adapter's own answers get what every answer has: an id, no-store, a note in the log. */
  readonly #guard: (handler: GuardedHandler) => HttpHandler;
  readonly #onStalled = () => this.#observe({ event: "connection_stalled" });
  readonly #connections = new WeakMap<Socket, Connection>();
  /** Settles once everything has been read that the system holds for us; null when nobody waits for that. */
  #allRead: Promise<void> | null = null;
  /** Requests that are not answered yet, those included whose bodies are on their way. */
  #unanswered = 0;
  #draining = false;
  #wakeWhenIdle: (() => void) | undefined;

  /** @throws TypeError on a trusted proxy that is no address, and a problemTypeBase that is no URL. */
  constructor({ handler, probes = {}, limits, clock, newId, observe, tracing, trustedProxies, problemTypeBase = DEFAULT_PROBLEM_TYPE_BASE }: ListenerParts) {
    this.#handler = handler;
    this.#probes = new Map(Object.entries(probes));
    this.#longestProbe = Math.max(0, ...[...this.#probes.keys()].map((target) => target.length));
    this.#limits = limits;
    this.#admission = new Admission(limits, trustedProxies === undefined ? PEERS : behindProxies(trustedProxies));
    this.#observe = shieldObserver(observe);
    this.#guard = createGuard({ newId, clock, problemTypeBase, ...(observe && { observe }), ...(tracing && { tracing }) });
  }

  /** From now on every request is answered 503, and no connection outlives its answer. Settles when nothing runs any more. */
  drain(): Promise<void> {
    this.#draining = true;
    return new Promise((resolve) => {
      if (this.#unanswered === 0) resolve();
      else this.#wakeWhenIdle = resolve;
    });
  }

  /** Whose requests are whose. */
  get addresses(): ClientAddresses {
    return this.#admission.addresses;
  }

  /** The connection behind a socket. */
  connectionOf(socket: Socket): Connection {
    let connection = this.#connections.get(socket);
    if (connection === undefined) {
      connection = new Connection(this.#limits.maxRequestsPerSocket);
      this.#connections.set(socket, connection);
    }
    return connection;
  }

  /** For node:http's `request` event; `target` when another is meant than the one that it shows. */
  receive(incoming: IncomingMessage, outgoing: ServerResponse, target?: string): void {
    this.#admit(new NodeRequest(incoming, outgoing, this.#admission, false, target));
  }

  /** For node:http's `checkContinue` event: the client sends the body only once it is asked to. */
  receiveExpecting(incoming: IncomingMessage, outgoing: ServerResponse): void {
    this.#admit(new NodeRequest(incoming, outgoing, this.#admission, true));
  }

  #admit(request: NodeRequest): void {
    const connection = this.connectionOf(request.incoming.socket);
    if (!connection.admit(request)) return;
    this.#unanswered++;
    const fault = findFault(request, this.#limits);
    if (fault !== undefined || request.isListenedTo) this.#serve(connection, request, fault);
    else void this.#serveWithOthers(connection, request);
  }

  /**
   * Requests run together once all of them have been read: each part of the work is done for all of them while its code is at hand.
   * A promise is waited for, and no list kept, so that each runs in the asynchronous context in which it came.
   */
  async #serveWithOthers(connection: Connection, request: NodeRequest): Promise<void> {
    await (this.#allRead ??= this.#readAll());
    this.#serve(connection, request, undefined);
  }

  #readAll(): Promise<void> {
    return new Promise((resolve) => {
      setImmediate(() => {
        this.#allRead = null;
        resolve();
      });
    });
  }

  #serve(connection: Connection, request: NodeRequest, fault: HttpFailure | undefined): void {
    if (fault !== undefined) connection.end();
    const probe = fault === undefined ? this.#findProbe(request) : undefined;
    const obstacle = fault ?? (probe === undefined ? this.#findObstacle(request) : undefined);
    let answer: MaybePromise<HttpResponse>;
    try {
      answer = obstacle === undefined ? (probe ?? this.#handler)(request) : this.#guard(() => renderFailure(obstacle))(request);
    } catch (error) {
      answer = this.#fail(request, error);
    }
    if (isPromiseLike(answer)) void this.#answerLater(connection, request, answer);
    else this.#answer(connection, request, answer);
  }

  #findProbe(request: NodeRequest): HttpHandler | undefined {
    return request.target.length > this.#longestProbe || !request.isWhole ? undefined : this.#probes.get(request.target);
  }

  #findObstacle(request: NodeRequest): HttpFailure | undefined {
    if (this.#draining) return DRAINING;
    if (request.isWhole) return request.takeSlot() ? undefined : OVERLOADED;
    this.#admission.awaitBody(request);
    return undefined;
  }

  /** The opaque 500 for a handler that broke its word and threw; the guard notes the cause. */
  #fail(request: NodeRequest, error: unknown): MaybePromise<HttpResponse> {
    const rethrow = () => {
      throw error;
    };
    return this.#guard(rethrow)(request);
  }

  async #answerLater(connection: Connection, request: NodeRequest, pending: MaybePromise<HttpResponse>): Promise<void> {
    let answer: HttpResponse;
    try {
      answer = await pending;
    } catch (error) {
      answer = await this.#fail(request, error);
    }
    this.#answer(connection, request, answer);
  }

  #answer(connection: Connection, request: NodeRequest, answer: HttpResponse): void {
    const { body } = answer;
    if (request.outgoing.destroyed) {
      abandon(body);
      return this.#release(connection, request);
    }
    const mode = this.#modeOf(connection, request);
    if (body !== null && typeof body !== "string") {
      const failure = answer.lasting === true ? request.turnIntoStream() : undefined;
      if (failure !== undefined) return this.#refuseStream(connection, request, body, failure);
      return void this.#stream(connection, request, { ...answer, body }, mode);
    }
    try {
      writeWhole(request.outgoing, answer, body, mode);
    } catch (error) {
      return void this.#answerInstead(connection, request, error, mode);
    }
    this.#release(connection, request);
  }

  #modeOf(connection: Connection, request: NodeRequest): WriteMode {
    const close = request.isLeftUnread || connection.isAtItsEnd || (this.#draining && !connection.hasWaiting);
    if (close) connection.end();
    return {
      headOnly: request.method === "HEAD",
      close,
      linger: close && request.isStillSending,
      writeTimeoutMs: this.#limits.writeTimeoutMs,
      onStalled: this.#onStalled,
    };
  }

  #refuseStream(connection: Connection, request: NodeRequest, body: BodyStream, failure: HttpFailure): void {
    abandon(body);
    void this.#answerLater(connection, request, this.#guard(() => renderFailure(failure))(request));
  }

  async #stream(connection: Connection, request: NodeRequest, answer: StreamedResponse, mode: WriteMode): Promise<void> {
    const { outgoing } = request;
    try {
      await writeStream(outgoing, answer, mode);
    } catch (error) {
      abandon(answer.body);
      if (!outgoing.headersSent) return this.#answerInstead(connection, request, error, mode);
      // Half of it is out: only a connection that breaks off tells the client that it is not whole.
      outgoing.destroy();
      const requestId = answer.headers["x-request-id"];
      if (!(error instanceof RequestRefused)) this.#observe({ event: "internal_error", ...(typeof requestId === "string" && { requestId }), error });
    }
    this.#release(connection, request);
  }

  /** An answer that cannot be written, for instance because a header holds a line break, becomes a 500. */
  async #answerInstead(connection: Connection, request: NodeRequest, error: unknown, mode: WriteMode): Promise<void> {
    const { outgoing } = request;
    try {
      const { body, ...answer } = await this.#fail(request, error);
      outgoing.statusMessage = "";
      writeWhole(outgoing, { ...answer, body }, typeof body === "string" ? body : null, mode);
    } catch {
      outgoing.destroy();
    }
    this.#release(connection, request);
  }

  #release(connection: Connection, request: NodeRequest): void {
    request.release();
    this.#unanswered--;
    if (this.#unanswered === 0) this.#wakeWhenIdle?.();
    const { outgoing } = request;
    // Of each connection one answer at most waits in memory: who sends many requests ahead and reads nothing would fill it.
    if (outgoing.destroyed || outgoing.writableLength === 0) this.#goOn(connection);
    else onceTaken(outgoing, () => this.#goOn(connection));
  }

  #goOn(connection: Connection): void {
    const next = connection.advance();
    if (next === undefined) return;
    if (next.incoming.destroyed) return connection.end();
    this.#unanswered++;
    this.#serve(connection, next, findFault(next, this.#limits));
  }
}

/** The client has taken the whole answer, or is gone. */
function onceTaken(outgoing: ServerResponse, proceed: () => void): void {
  const settle = (): void => {
    outgoing.off("finish", settle).off("close", settle);
    proceed();
  };
  outgoing.on("finish", settle).on("close", settle);
}

/** What makes a request one that two servers could read in two ways, or that is out of bounds. */
function findFault({ rawHeaders, headers, incoming }: NodeRequest, { maxHeaderCount }: RequestLimits): HttpFailure | undefined {
  // Node takes 0.9 and 2.0 for versions of what it speaks.
  if (Number(incoming.httpVersionMajor) !== 1) return VERSION;
  if (rawHeaders.length > 2 * maxHeaderCount) return HEADERS_TOO_LARGE;
  if (headers.host === undefined || (headers.hasRepeats && headers.repeated("host"))) return HOST_MISSING;
  const { transferEncoding: coding, expect } = headers;
  if (coding !== undefined && Number(incoming.httpVersionMinor) === 0) return TRANSFER_ENCODING_IN_1_0;
  // A later Node's parser says so itself.
  if (coding === "") return NOT_HTTP;
  if (coding !== undefined && coding.toLowerCase() !== "chunked") return TRANSFER_ENCODING;
  if (expect !== undefined && expect.toLowerCase() !== "100-continue") return EXPECTATION;
  return undefined;
}
