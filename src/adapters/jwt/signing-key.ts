import { createPrivateKey, createPublicKey, generateKeyPairSync } from "node:crypto";
import type { KeyObject } from "node:crypto";
import { isObject } from "../../domain/json.ts";
import type { JsonObject } from "../../domain/json.ts";
import { parseStrictJson } from "../http/media/strict-json.ts";
import { ALGORITHMS } from "./algorithms.ts";
import type { Algorithm } from "./algorithms.ts";
import { encodeBase64url } from "./base64url.ts";
import { thumbprint, toPublicJwk } from "./jwk.ts";
import type { VerificationKey } from "./jwk.ts";

/** What our own tokens may be signed with. */
export type SigningAlgorithm = "EdDSA" | "RS256";

/** A key pair that signs tokens, with the one algorithm it is for. */
export interface SigningKey {
  /** The RFC 7638 thumbprint. */
  readonly kid: string;
  readonly algorithm: Algorithm;
  readonly privateKey: KeyObject;
  readonly verification: VerificationKey;
  /** What the world may see: public members, `kid`, `alg`, `use`. */
  readonly publicJwk: JsonObject;
}

/** A fresh key pair; EdDSA unless asked otherwise, RS256 with 2048 bits. A TypeError meets any other algorithm. */
export function createSigningKey(alg: SigningAlgorithm = "EdDSA"): SigningKey {
  if (alg !== "EdDSA" && alg !== "RS256") throw new TypeError(`createSigningKey: the algorithm must be EdDSA or RS256, not ${JSON.stringify(alg)}`);
  const { privateKey } = alg === "EdDSA" ? generateKeyPairSync("ed25519") : generateKeyPairSync("rsa", { modulusLength: 2048 });
  return toSigningKey(privateKey);
}

/**
 * The signing keys in a text: a private key as PEM or JWK, or a JWK Set of private keys of which the
 * first signs. A TypeError that tells `name` and the remedy, never the text, meets anything else.
 */
export function parseSigningKeys(text: string, name = "ACTIONPORT_SIGNING_KEY"): readonly SigningKey[] {
  const remedy = `${name} must be an Ed25519 or RSA (2048 bits or more) private key, as unencrypted PEM, JWK or JWK Set`;
  try {
    const keys = readPrivateKeys(text.trim()).map(toSigningKey);
    if (keys.length > 0) return keys;
  } catch {
    // The cause may quote the key; only the remedy goes out.
  }
  throw new TypeError(remedy);
}

/** The private key as a JWK, for a file that only its owner reads. */
export function toPrivateJwk(key: SigningKey): JsonObject {
  const members = Object.entries(key.privateKey.export({ format: "jwk" })).map(([name, value]) => [name, String(value)]);
  return { ...Object.fromEntries(members), kid: key.kid, alg: key.algorithm.name, use: "sig" };
}

/** A signed compact JWS with `typ`, `alg` and `kid` in its header. */
export function signToken(claims: JsonObject, key: SigningKey, typ = "at+jwt"): string {
  const header = encodeBase64url(JSON.stringify({ typ, alg: key.algorithm.name, kid: key.kid }));
  const signed = `${header}.${encodeBase64url(JSON.stringify(claims))}`;
  return `${signed}.${encodeBase64url(key.algorithm.sign(Buffer.from(signed, "latin1"), key.privateKey))}`;
}

function toSigningKey(privateKey: KeyObject): SigningKey {
  const algorithm = ["EdDSA", "RS256"].map((name) => ALGORITHMS.get(name)).find((candidate) => candidate?.fits(privateKey));
  if (algorithm === undefined) throw new TypeError("not a key that tokens may be signed with");
  const kid = thumbprint(privateKey);
  return {
    kid,
    algorithm,
    privateKey,
    verification: { kid, key: createPublicKey(privateKey), algorithms: new Set([algorithm.name]) },
    publicJwk: { ...toPublicJwk(privateKey), kid, alg: algorithm.name, use: "sig" },
  };
}

function readPrivateKeys(text: string): readonly KeyObject[] {
  if (!text.startsWith("{")) return [createPrivateKey(text)];
  const json = parseStrictJson(text);
  if (!isObject(json)) return [];
  const jwks = Array.isArray(json["keys"]) ? json["keys"] : [json];
  return jwks.map((jwk: unknown) => createPrivateKey({ key: toStringMembers(jwk), format: "jwk" }));
}

function toStringMembers(jwk: unknown): Record<string, string> {
  if (!isObject(jwk)) throw new TypeError("a JWK is an object");
  return Object.fromEntries(Object.entries(jwk).flatMap(([name, value]) => (typeof value === "string" ? [[name, value]] : [])));
}
