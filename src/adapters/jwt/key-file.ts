import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, statSync, writeSync } from "node:fs";
import { dirname } from "node:path";
import { checkWhole, requireFunction, requireText } from "../../domain/check-option.ts";
import { isObject, toJson } from "../../domain/json.ts";
import type { JsonObject } from "../../domain/json.ts";
import type { Clock } from "../../domain/ports.ts";
import { parseStrictJson } from "../http/media/strict-json.ts";
import { createKeyRing, liveKeys } from "./key-ring.ts";
import type { DatedKey, KeyRing } from "./key-ring.ts";
import { createSigningKey, parseSigningKeys, toPrivateJwk } from "./signing-key.ts";
import type { SigningAlgorithm } from "./signing-key.ts";

/** Options of {@link openKeyFile}. */
export interface KeyFileOptions {
  /** Where the keys are kept; made, with its directory, at first start. */
  readonly path: string;
  readonly clock: Clock;
  /** For keys that are made. Default EdDSA. */
  readonly algorithm?: SigningAlgorithm;
  /** How long a replaced key still verifies, in milliseconds. Default 2 hours; at least the life of a token. */
  readonly retainMs?: number;
  /** How long a new key is published before it signs, in milliseconds. Default 10 minutes: twice the JWKS' max-age. */
  readonly publishAheadMs?: number;
}

/** The keys in a file, and their rotation. */
export interface KeyFile extends KeyRing {
  /**
   * Adds a key that signs once all who cache the JWKS know it, and drops those that are spent. After a
   * theft, `forgetOld`: it signs at once, and whatever the old keys signed is refused. Answers its `kid`.
   */
  rotate(options?: { readonly forgetOld?: boolean }): string;
  /** The live keys, newest first. */
  list(): readonly { readonly kid: string; readonly alg: string; readonly signFromMs: number }[];
}

/**
 * Opens the key file, or makes it with one key, readable by its owner alone (0600). A file that others
 * can read, or that holds no keys, is a TypeError that names it.
 */
export function openKeyFile(options: KeyFileOptions): KeyFile {
  const { path, clock, algorithm = "EdDSA", retainMs = 2 * 60 * 60_000, publishAheadMs = 10 * 60_000 } = options;
  requireText("path", path, 'where the keys are kept, such as "data/keys.json"');
  requireFunction("clock", clock, "give one that answers epoch milliseconds, such as Date.now");
  checkWhole("retainMs", retainMs, Number.MAX_SAFE_INTEGER, 0);
  checkWhole("publishAheadMs", publishAheadMs, Number.MAX_SAFE_INTEGER, 0);
  let keys = readKeyFile(path) ?? writeKeyFile(path, [{ key: createSigningKey(algorithm), signFromMs: clock() }]);
  return {
    ...createKeyRing({ keys: () => keys, clock, retainMs }),
    rotate({ forgetOld = false } = {}) {
      const now = clock();
      const fresh = { key: createSigningKey(algorithm), signFromMs: forgetOld ? now : now + publishAheadMs };
      keys = writeKeyFile(path, forgetOld ? [fresh] : [fresh, ...liveKeys(keys, now, retainMs)]);
      return fresh.key.kid;
    },
    list: () => liveKeys(keys, clock(), retainMs).map(({ key, signFromMs }) => ({ kid: key.kid, alg: key.algorithm.name, signFromMs })),
  };
}

function readKeyFile(path: string): readonly DatedKey[] | undefined {
  const mode = statSync(path, { throwIfNoEntry: false })?.mode;
  if (mode === undefined) return undefined;
  if (process.platform !== "win32" && (mode & 0o077) !== 0) {
    throw new TypeError(`the key file ${path} can be read by others; chmod 600 it, and rotate the keys if anybody may have`);
  }
  const file = parseFile(path);
  return file.map((entry) => readDatedKey(entry, path));
}

function parseFile(path: string): readonly unknown[] {
  const json = parseStrictJson(readFileSync(path, "utf8"));
  if (isObject(json) && Array.isArray(json["keys"]) && json["keys"].length > 0) return json["keys"];
  throw new TypeError(`the key file ${path} holds no keys; restore it, or remove it to have new keys made`);
}

function readDatedKey(entry: unknown, path: string): DatedKey {
  const signFromMs = isObject(entry) ? entry["sign_from_ms"] : undefined;
  const [key] = parseSigningKeys(JSON.stringify(entry), `each key in ${path}`);
  if (key === undefined || typeof signFromMs !== "number") throw new TypeError(`each key in ${path} needs sign_from_ms`);
  return { key, signFromMs };
}

/** Written aside, synced and renamed, so that a crash leaves the old keys or the new ones. */
function writeKeyFile(path: string, keys: readonly DatedKey[]): readonly DatedKey[] {
  const content: JsonObject = { keys: keys.map(({ key, signFromMs }) => ({ ...toPrivateJwk(key), sign_from_ms: signFromMs })) };
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const aside = `${path}.new`;
  rmSync(aside, { force: true });
  withFile(aside, "wx", (fd) => writeSync(fd, `${JSON.stringify(toJson(content), null, 2)}\n`));
  renameSync(aside, path);
  if (process.platform !== "win32") withFile(dirname(path), "r", () => undefined);
  return keys;
}

function withFile(path: string, flags: string, work: (fd: number) => void): void {
  const fd = openSync(path, flags, 0o600);
  try {
    work(fd);
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}
