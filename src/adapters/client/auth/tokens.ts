import { CallFailure, failureOf, isPassing, parseAnswer, strangeAnswer } from "../failure.ts";
import type { Ports } from "../options.ts";
import type { Deadline } from "../sending/deadline.ts";
import { untilDone } from "../sending/tries.ts";
import { readText } from "../streams/lines.ts";
import type { Auth, Grant, TokenAnswer } from "./grant.ts";

/** The token that is shown. */
export interface Tokens {
  get(): Promise<string>;
  /** This one was refused: it is not given again, if there is another way. */
  refuse(token: string): void;
}

/** As configured; however many ask, one request is in flight. */
export function createTokens(auth: Auth, ports: Ports): Tokens {
  if (typeof auth === "object") return createGrantTokens(auth, ports);
  const ask = typeof auth === "function" ? auth : () => auth;
  return { get: share(async () => checkToken(await ask())), refuse: () => undefined };
}

function checkToken(token: unknown): string {
  if (typeof token === "string") return token;
  throw new CallFailure("unauthenticated", "auth answered no token.");
}

/** A token is renewed so long before it expires, but not before nine tenths of its time. */
const EARLY_MS = 60_000;

function createGrantTokens(grant: Grant, ports: Ports): Tokens {
  let held: { readonly token: string; readonly renewAt: number } | undefined;
  const renew = share(async () => {
    const answer = await requestToken(grant, ports);
    try {
      await grant.took(answer);
    } catch (cause) {
      // Another try would use up another refresh token.
      throw new CallFailure("unauthenticated", "onRefreshed failed.", { cause });
    }
    const ms = (answer.expires_in ?? Infinity) * 1000;
    held = { token: answer.access_token, renewAt: ports.clock() + Math.max(ms - EARLY_MS, ms * 0.9) };
    return held.token;
  });
  return {
    get: async () => (held && ports.clock() < held.renewAt ? held.token : renew()),
    refuse(token) {
      if (held?.token === token) held = undefined;
    },
  };
}

/** Whoever asks while one is under way gets what that comes to. */
function share<T>(make: () => Promise<T>): () => Promise<T> {
  let pending: Promise<T> | undefined;
  return () => (pending ??= make().finally(() => (pending = undefined)));
}

function requestToken(grant: Grant, ports: Ports): Promise<TokenAnswer> {
  return untilDone(ports, {}, ports.timeoutMs, { repeatable: true }, (deadline) => tryToken(grant, ports, deadline));
}

async function tryToken(grant: Grant, ports: Ports, { signal }: Deadline): Promise<TokenAnswer> {
  const { fetch, baseUrl, clock } = ports;
  const response = await fetch(grant.tokenUrl ?? `${baseUrl}/oauth/token`, { method: "POST", body: new URLSearchParams(grant.form()), headers: { accept: "application/json" }, redirect: "manual", signal });
  const text = await readText(response, ports);
  if (!response.ok) throw toRefusal(failureOf(response, text, undefined, clock()), text);
  const answer = parseAnswer(text);
  if (typeof answer.access_token !== "string") throw strangeAnswer({ status: response.status }, "has no token");
  return answer;
}

/** What a token endpoint refuses, it would refuse again. */
function toRefusal(failure: CallFailure, text: string): CallFailure {
  if (isPassing(failure)) return failure;
  const [, reason = `status ${failure.status}`] = /"error"\s*:\s*"(\w+)"/.exec(text) ?? [];
  return new CallFailure("unauthenticated", `No token was given: ${reason}.`, { status: failure.status });
}
