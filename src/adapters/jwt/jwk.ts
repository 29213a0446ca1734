import { createHash, createPublicKey } from "node:crypto";
import type { KeyObject } from "node:crypto";
import { isObject } from "../../domain/json.ts";
import type { JsonObject } from "../../domain/json.ts";
import { ALGORITHMS } from "./algorithms.ts";
import { decodeBase64url } from "./base64url.ts";

/** A public key and the algorithms that it may verify; nothing in a token can widen that. */
export interface VerificationKey {
  /** Undefined when the key set did not name it. */
  readonly kid: string | undefined;
  readonly key: KeyObject;
  readonly algorithms: ReadonlySet<string>;
}

/** The members that make a public key, in the order of RFC 7638 section 3.2; all else is left out of what is published. */
const PUBLIC_MEMBERS: ReadonlyMap<string, readonly string[]> = new Map([
  ["OKP", ["crv", "kty", "x"]],
  ["RSA", ["e", "kty", "n"]],
  ["EC", ["crv", "kty", "x", "y"]],
]);

const PRIVATE_MEMBERS = ["d", "p", "q", "dp", "dq", "qi", "oth", "k"];

/** Ed25519 points of small order (sign bit cleared): for those one constant signature verifies every message. */
const SMALL_ORDER_POINTS: ReadonlySet<string> = new Set([
  "00".repeat(32),
  `01${"00".repeat(31)}`,
  "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
  "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
  `ec${"ff".repeat(30)}7f`,
  `ed${"ff".repeat(30)}7f`,
  `ee${"ff".repeat(30)}7f`,
]);

/** The public half of a key as a JWK, with nothing but the members RFC 7638 hashes. */
export function toPublicJwk(key: KeyObject): JsonObject {
  const publicKey = key.type === "private" ? createPublicKey(key) : key;
  const exported = publicKey.export({ format: "jwk" });
  const members = PUBLIC_MEMBERS.get(String(exported.kty)) ?? [];
  return Object.fromEntries(members.map((name) => [name, String(exported[name])]));
}

/** The key's SHA-256 thumbprint (RFC 7638), which is its `kid`. */
export function thumbprint(key: KeyObject): string {
  return createHash("sha256").update(JSON.stringify(toPublicJwk(key))).digest("base64url");
}

/**
 * A key out of somebody's key set, or undefined when it is not one to trust: private or symmetric
 * members, too weak or too large, off its curve, not for signatures, or fit for none of `allowed`.
 */
export function importPublicJwk(jwk: unknown, allowed: readonly string[]): VerificationKey | undefined {
  if (!isObject(jwk) || PRIVATE_MEMBERS.some((name) => name in jwk)) return undefined;
  if (jwk["use"] !== undefined && jwk["use"] !== "sig") return undefined;
  const kid = jwk["kid"];
  if (kid !== undefined && (typeof kid !== "string" || kid === "")) return undefined;
  const key = toKeyObject(jwk);
  if (key === undefined) return undefined;
  const candidates = jwk["alg"] === undefined ? allowed : allowed.filter((name) => name === jwk["alg"]);
  const algorithms = candidates.filter((name) => ALGORITHMS.get(name)?.fits(key) === true);
  return algorithms.length === 0 ? undefined : { kid, key, algorithms: new Set(algorithms) };
}

function toKeyObject(jwk: Readonly<Record<string, unknown>>): KeyObject | undefined {
  const members = PUBLIC_MEMBERS.get(String(jwk["kty"]));
  if (members === undefined) return undefined;
  const plain: Record<string, string> = {};
  for (const name of members) {
    const value = jwk[name];
    if (typeof value !== "string" || value === "" || value.length > 2048) return undefined;
    plain[name] = value;
  }
  if (plain["crv"] === "Ed25519" && isSmallOrder(plain["x"] ?? "")) return undefined;
  try {
    return createPublicKey({ key: plain, format: "jwk" });
  } catch {
    return undefined;
  }
}

function isSmallOrder(x: string): boolean {
  const point = decodeBase64url(x);
  if (point === undefined || point.length !== 32) return true;
  point.writeUInt8(point.readUInt8(31) & 0x7f, 31);
  return SMALL_ORDER_POINTS.has(point.toString("hex"));
}
