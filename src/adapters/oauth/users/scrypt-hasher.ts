import { scrypt, timingSafeEqual } from "node:crypto";
import { unavailable } from "../oauth-error.ts";
import type { RandomBytes } from "../random.ts";

/** No hash may take more memory. */
export const MAX_SCRYPT_BYTES = 256 * 1024 * 1024;

/** The cost of one scrypt hash (RFC 7914); memory is 128 * N * r bytes. */
export interface ScryptCost {
  readonly N: number;
  readonly r: number;
  readonly p: number;
}

/** What {@link createScryptHasher} takes. */
export interface ScryptHasherOptions {
  readonly cost: ScryptCost;
  readonly randomBytes: RandomBytes;
  /** Hashes computed at once. Default 2: half of Node's thread pool, so that the disk is not starved. */
  readonly maxConcurrent?: number;
  /** Hashes that may wait for their turn; beyond that the answer is 503. Default 64. */
  readonly maxWaiting?: number;
}

/** Makes and checks salted hashes of secrets and passwords. */
export interface ScryptHasher {
  /** `scrypt$N$r$p$salt$hash`. With `beside`, its salt and cost are used again, so that one computation can check both. */
  hash(secret: string, beside?: string): Promise<string>;
  /** The hash among these that the secret belongs to. With none to compare with it takes the same time and answers undefined. */
  findMatch(secret: string, hashes: readonly string[]): Promise<string | undefined>;
}

interface ParsedHash {
  readonly text: string;
  readonly cost: ScryptCost;
  readonly salt: Buffer;
  readonly digest: Buffer;
}

const DIGEST_BYTES = 32;
const SALT_BYTES = 16;

/** Asynchronous scrypt behind a cap on how much of it runs, so that guessing secrets is no way to stop the server. */
export function createScryptHasher(options: ScryptHasherOptions): ScryptHasher {
  const inTurn = createTurns(options.maxConcurrent ?? 2, options.maxWaiting ?? 64);
  const derive = (secret: string, salt: Buffer, cost: ScryptCost) => inTurn(() => deriveKey(secret, salt, cost));
  const freshSalt = () => Buffer.from(options.randomBytes(SALT_BYTES));
  return {
    async hash(secret, beside) {
      const like = beside === undefined ? undefined : parseHash(beside);
      const { cost, salt } = like ?? { cost: options.cost, salt: freshSalt() };
      return formatHash(cost, salt, await derive(secret, salt, cost));
    },
    async findMatch(secret, hashes) {
      const parsed = hashes.map(parseHash);
      const [first] = parsed;
      const { cost, salt } = first ?? { cost: options.cost, salt: freshSalt() };
      let digest = await derive(secret, salt, cost);
      let computedFor: ParsedHash | undefined = first;
      let match: string | undefined;
      for (const candidate of parsed) {
        if (computedFor !== undefined && !sharesSalt(candidate, computedFor)) digest = await derive(secret, candidate.salt, candidate.cost);
        computedFor = candidate;
        if (timingSafeEqual(digest, candidate.digest)) match = candidate.text;
      }
      return match;
    },
  };
}

function sharesSalt(one: ParsedHash, other: ParsedHash): boolean {
  return one.salt.equals(other.salt) && one.cost.N === other.cost.N && one.cost.r === other.cost.r && one.cost.p === other.cost.p;
}

function formatHash({ N, r, p }: ScryptCost, salt: Buffer, digest: Buffer): string {
  return ["scrypt", N, r, p, salt.toString("base64url"), digest.toString("base64url")].join("$");
}

function parseHash(text: string): ParsedHash {
  const [scheme, N, r, p, salt, digest] = text.split("$");
  const parsed = {
    text,
    cost: { N: Number(N), r: Number(r), p: Number(p) },
    salt: Buffer.from(salt ?? "", "base64url"),
    digest: Buffer.from(digest ?? "", "base64url"),
  };
  if (scheme === "scrypt" && parsed.digest.length === DIGEST_BYTES && parsed.salt.length >= SALT_BYTES) return parsed;
  throw new TypeError("a stored secret is not a scrypt hash; set it anew");
}

function deriveKey(secret: string, salt: Buffer, { N, r, p }: ScryptCost): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    scrypt(secret, salt, DIGEST_BYTES, { N, r, p, maxmem: 2 * MAX_SCRYPT_BYTES }, (error, key) => (error === null ? resolve(key) : reject(error)));
  });
}

/** Runs at most `maxConcurrent` tasks at once and lets `maxWaiting` more wait, first come first served. */
function createTurns(maxConcurrent: number, maxWaiting: number): <T>(task: () => Promise<T>) => Promise<T> {
  const waiting: (() => void)[] = [];
  let running = 0;
  return async (task) => {
    if (running < maxConcurrent) running++;
    else if (waiting.length >= maxWaiting) throw unavailable();
    else await new Promise<void>((resolve) => waiting.push(resolve));
    try {
      return await task();
    } finally {
      const next = waiting.shift();
      if (next === undefined) running--;
      else next();
    }
  };
}
