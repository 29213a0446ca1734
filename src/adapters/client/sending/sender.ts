import { failureOf, parseAnswer, strangeAnswer } from "../failure.ts";
import type { CallOptions, Ports } from "../options.ts";
import { readText } from "../streams/lines.ts";
import type { Tokens } from "../auth/tokens.ts";
import type { Deadline } from "./deadline.ts";
import { untilDone } from "./tries.ts";

/** A call of the API. */
export interface Call {
  /** JSON, made once: what is none is a mistake of the caller, and no network's. POST when there is one. */
  readonly body?: string;
  /** Behind `/api/v1/`, with the query. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly action?: string;
  /** May it be sent again? A read, or a write with a key. */
  readonly repeatable: boolean;
}

/** An answer of 2xx, whole: its JSON without `success`, and `replayed` where it is that of an earlier call. */
export interface Answer<T> {
  readonly body: T;
  readonly headers: Headers;
}

/** Sends calls, with a token that counts, until they are answered. */
export class Sender {
  readonly ports: Ports;
  readonly #tokens: Tokens;

  constructor(ports: Ports, tokens: Tokens) {
    this.ports = ports;
    this.#tokens = tokens;
  }

  /** The answer, after as many tries as it takes. */
  ask<T>(call: Call, options: CallOptions = {}, defaultMs = this.ports.timeoutMs): Promise<Answer<T>> {
    return untilDone(this.ports, options, defaultMs, call, async (deadline) => readAnswer<T>(await this.open(call, deadline), this.ports, call.action));
  }

  /** One try: an answer of 2xx whose body is still to be read, or the failure thrown. A token that is refused is renewed, once. */
  async open(call: Call, deadline: Deadline): Promise<Response> {
    const token = await deadline.race(this.#tokens.get());
    let response = await this.#send(call, token, deadline);
    if (response.status === 401) {
      this.#tokens.refuse(token);
      const renewed = await deadline.race(this.#tokens.get());
      if (renewed !== token) {
        void response.body?.cancel();
        response = await this.#send(call, renewed, deadline);
      }
    }
    if (response.ok) return response;
    throw failureOf(response, await readText(response, this.ports), call.action, this.ports.clock());
  }

  #send({ path, body, headers }: Call, token: string, { signal }: Deadline): Promise<Response> {
    // As a function: a browser's is no method of anything but its window.
    const { fetch, baseUrl } = this.ports;
    return fetch(`${baseUrl}/api/v1/${path}`, {
      method: body ? "POST" : "GET",
      // A redirect would make a GET of a POST.
      redirect: "manual",
      signal,
      headers: { accept: "application/json", authorization: `Bearer ${token}`, ...(body && { "content-type": "application/json" }), ...headers },
      ...(body && { body }),
    });
  }
}

async function readAnswer<T>(response: Response, ports: Ports, action: string | undefined): Promise<Answer<T>> {
  const { headers, status } = response;
  const text = await readText(response, ports);
  const { success, ...body } = /^application\/json\s*(;|$)/i.test(headers.get("content-type") ?? "") ? parseAnswer(text, action) : {};
  // A bulk call's answer has its outcome, whatever that is; a schema and the OpenAPI document stand alone.
  if (success !== true && !["outcome", "parameters", "openapi"].some((name) => name in body)) throw strangeAnswer({ status, action });
  if (headers.has("idempotency-replayed")) body.replayed = true;
  return { body, headers };
}
