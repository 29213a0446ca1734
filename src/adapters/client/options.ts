import type { Clock, NewId, Timer } from "../../domain/ports.ts";
import type { Auth } from "./auth/grant.ts";

/** How often and how long is tried. */
export interface RetryOptions {
  /** All tries of a call, the first among them; for streams, those in a row that brought nothing. 1 or more. Default 6. */
  readonly maxTries?: number;
  /** The first pause is from 0 to this, the next from 0 to twice this, and so on. Milliseconds; default 200. */
  readonly firstPauseMs?: number;
  /** The longest pause that is not the server's wish. Milliseconds; default 10,000. */
  readonly maxPauseMs?: number;
}

/** Options of {@link createClient}. */
export interface ClientOptions extends RetryOptions {
  /** Where the API is, without `/api/v1`: `https://shop.example`. A page of the same origin may give `""`. */
  readonly baseUrl: string;
  /** A token, a function that answers one, {@link clientCredentials} or {@link refreshToken}. */
  readonly auth: Auth;
  /** For all tries of one call together, in milliseconds. Bulk calls and streams have no deadline but one that is given with them. Default 60,000. */
  readonly timeoutMs?: number;
  /** How large an answer, a result by lines or an event may be, in bytes. Default 67,108,864 (64 MiB). */
  readonly maxAnswerBytes?: number;
  /** Default: the global one. */
  readonly fetch?: typeof fetch;
  /** Default: `Date.now`. */
  readonly clock?: Clock;
  /** Default: on `setTimeout`. */
  readonly timer?: Timer;
  /** From 0 up to but not including 1. Default: `Math.random`. */
  readonly random?: () => number;
  /** Makes idempotency keys. Default: `crypto.randomUUID`. */
  readonly newId?: NewId;
}

/** Options of one call. */
export interface CallOptions {
  /** Ends the call, with the code `aborted`. */
  readonly signal?: AbortSignal | undefined;
  /** For all tries together, in milliseconds. */
  readonly timeoutMs?: number | undefined;
}

/** Options of a call that has an effect. */
export interface WriteOptions extends CallOptions {
  /** 1 to 255 printable ASCII characters. Default: a fresh UUID. Give one that you have kept to repeat a call of an earlier process. */
  readonly idempotencyKey?: string | undefined;
}

/** The options with all their defaults. */
export type Ports = Required<Omit<ClientOptions, "auth">>;

const OPTIONAL = "a function or undefined";
/** What an option must be; `typeof` it, or a grant's `form`, is one of the words. */
const KINDS: Readonly<Record<string, string>> = {
  auth: "a string, a function, clientCredentials() or refreshToken()",
  fetch: OPTIONAL,
  clock: OPTIONAL,
  timer: OPTIONAL,
  random: OPTIONAL,
  newId: OPTIONAL,
};

/** @throws TypeError that names an option of the wrong kind, or out of its range. */
export function withDefaults(options: ClientOptions): Ports {
  const { clock = Date.now, maxTries = 6, firstPauseMs = 200, maxPauseMs = 10_000, timeoutMs = 60_000, maxAnswerBytes = 2 ** 26 } = options;
  const numbers = { maxTries, firstPauseMs, maxPauseMs, timeoutMs, maxAnswerBytes };
  for (const [name, value] of Object.entries(numbers)) {
    const least = name === "maxTries" ? 1 : 0;
    if (!(value >= least)) throw new TypeError(`createClient: ${name} must be a number from ${least}, not ${value}`);
  }
  for (const [name, kind] of Object.entries(KINDS)) {
    const value = Reflect.get(options, name);
    if (!kind.includes(typeof (value?.form ?? value))) throw new TypeError(`createClient: ${name} must be ${kind}`);
  }
  if (!/^(https?:\/\/|\/|$)/i.test(options.baseUrl)) throw new TypeError("createClient: baseUrl must begin with https:// or http://");
  return {
    baseUrl: String(options.baseUrl).replace(/\/+$/, ""),
    fetch: options.fetch ?? ((url, init) => fetch(url, init)),
    timer: options.timer ?? ((at, wake) => startTimer(at - clock(), wake)),
    random: options.random ?? Math.random,
    newId: options.newId ?? (() => crypto.randomUUID()),
    ...{ clock, ...numbers },
  };
}

/** The longest that `setTimeout` can wait, about 24.8 days. */
const MAX_DELAY_MS = 2_147_483_647;

function startTimer(delay: number, wake: () => void): () => void {
  const timeout = setTimeout(wake, Math.min(Math.max(delay, 0), MAX_DELAY_MS));
  return () => clearTimeout(timeout);
}
