import { scrypt, timingSafeEqual } from "node:crypto";
import type { RandomBytes } from "../random.ts";
import { FairQueue } from "./fair-queue.ts";
import type { TaskOwner } from "./fair-queue.ts";

/** No hash may take more memory. */
export const MAX_SCRYPT_BYTES = 256 * 1024 * 1024;

/** The cost of one scrypt hash (RFC 7914); memory is 128 * N * r bytes. */
export interface ScryptCost {
  readonly N: number;
  readonly r: number;
  readonly p: number;
}

/** Options of {@link createScryptHasher}. */
export interface ScryptHasherOptions {
  readonly cost: ScryptCost;
  readonly randomBytes: RandomBytes;
}

/** Makes and checks salted hashes of what people choose. */
export interface ScryptHasher {
  /** `scrypt$N$r$p$salt$hash`. For the operator. */
  hash(password: string): Promise<string>;
  /** Is it the password of this hash? With none to compare with it takes the same time and answers false. */
  matches(password: string, hash: string | undefined, owner: TaskOwner): Promise<boolean>;
}

interface ParsedHash {
  readonly cost: ScryptCost;
  readonly salt: Buffer;
  readonly digest: Buffer;
}

/** Hashes computed at once: half of Node's thread pool, so that the disk is not starved. */
const MAX_RUNNING = 2;
/** Hashes that may wait until others are done; beyond that the answer is 503. */
const MAX_WAITING = 64;
const OPERATOR: TaskOwner = { address: "", account: "" };
const SCHEME = "scrypt";
const DIGEST_BYTES = 32;
const SALT_BYTES = 16;

/** Asynchronous scrypt behind a cap on how much of it runs, so that guessing passwords is no way to stop the server. */
export function createScryptHasher(options: ScryptHasherOptions): ScryptHasher {
  const queue = new FairQueue({ maxRunning: MAX_RUNNING, maxWaiting: MAX_WAITING });
  const derive = (password: string, salt: Buffer, cost: ScryptCost, owner: TaskOwner) => queue.run(owner, () => deriveKey(password, salt, cost));
  const freshSalt = () => Buffer.from(options.randomBytes(SALT_BYTES));
  return {
    async hash(password) {
      const salt = freshSalt();
      return formatHash(options.cost, salt, await derive(password, salt, options.cost, OPERATOR));
    },
    async matches(password, hash, owner) {
      const known = hash === undefined ? undefined : parseHash(hash);
      const digest = await derive(password, known?.salt ?? freshSalt(), known?.cost ?? options.cost, owner);
      return known !== undefined && timingSafeEqual(digest, known.digest);
    },
  };
}

/** Was this hash made by scrypt? */
export function isScryptHash(hash: string): boolean {
  return hash.startsWith(`${SCHEME}$`);
}

function formatHash({ N, r, p }: ScryptCost, salt: Buffer, digest: Buffer): string {
  return [SCHEME, N, r, p, salt.toString("base64url"), digest.toString("base64url")].join("$");
}

function parseHash(text: string): ParsedHash {
  const [scheme, N, r, p, salt, digest] = text.split("$");
  const parsed = {
    cost: { N: Number(N), r: Number(r), p: Number(p) },
    salt: Buffer.from(salt ?? "", "base64url"),
    digest: Buffer.from(digest ?? "", "base64url"),
  };
  if (scheme === SCHEME && parsed.digest.length === DIGEST_BYTES && parsed.salt.length >= SALT_BYTES) return parsed;
  throw new TypeError("a stored secret is not a scrypt hash; set it again");
}

function deriveKey(password: string, salt: Buffer, { N, r, p }: ScryptCost): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    scrypt(password, salt, DIGEST_BYTES, { N, r, p, maxmem: 2 * MAX_SCRYPT_BYTES }, (error, key) => (error === null ? resolve(key) : reject(error)));
  });
}
