import { constants, sign, verify } from "node:crypto";
import type { KeyObject } from "node:crypto";

/** A signature algorithm of RFC 7518, RFC 8037 or RFC 9864, bound to the one kind of key that it may use. */
export interface Algorithm {
  /** Its name on the wire (`alg`). */
  readonly name: string;
  /** Is this a key of its kind and of a sound size? Node takes the algorithm from the key, so this binding is ours to check. */
  fits(key: KeyObject): boolean;
  sign(data: Buffer, privateKey: KeyObject): Buffer;
  verify(data: Buffer, publicKey: KeyObject, signature: Buffer): boolean;
}

/** The supported algorithms, by name. There is no HMAC: a public key can then never be taken for a secret. */
export const ALGORITHMS: ReadonlyMap<string, Algorithm> = new Map(
  [
    edDsa("EdDSA"),
    // The same under the name that RFC 9864 gives it.
    edDsa("Ed25519"),
    rsaPkcs1("RS256", "sha256"),
    rsaPkcs1("RS384", "sha384"),
    rsaPkcs1("RS512", "sha512"),
    rsaPss("PS256", "sha256"),
    rsaPss("PS384", "sha384"),
    rsaPss("PS512", "sha512"),
    ecdsa("ES256", "sha256", "prime256v1", 64),
    ecdsa("ES384", "sha384", "secp384r1", 96),
    ecdsa("ES512", "sha512", "secp521r1", 132),
  ].map((algorithm) => [algorithm.name, algorithm]),
);

function edDsa(name: string): Algorithm {
  return {
    name,
    fits: (key) => key.asymmetricKeyType === "ed25519",
    sign: (data, key) => sign(null, data, key),
    verify: (data, key, signature) => signature.length === 64 && verify(null, data, key, signature),
  };
}

function rsaPkcs1(name: string, hash: string): Algorithm {
  return {
    name,
    fits: isSoundRsaKey,
    sign: (data, key) => sign(hash, data, key),
    verify: (data, key, signature) => verify(hash, data, key, signature),
  };
}

function rsaPss(name: string, hash: string): Algorithm {
  const padding = { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST };
  return {
    name,
    fits: isSoundRsaKey,
    sign: (data, key) => sign(hash, data, { key, ...padding }),
    verify: (data, key, signature) => verify(hash, data, { key, ...padding }, signature),
  };
}

function ecdsa(name: string, hash: string, namedCurve: string, signatureBytes: number): Algorithm {
  return {
    name,
    fits: (key) => key.asymmetricKeyType === "ec" && key.asymmetricKeyDetails?.namedCurve === namedCurve,
    sign: (data, key) => sign(hash, data, { key, dsaEncoding: "ieee-p1363" }),
    verify: (data, key, signature) =>
      signature.length === signatureBytes && verify(hash, data, { key, dsaEncoding: "ieee-p1363" }, signature),
  };
}

/** 2048 to 8192 bits and a public exponent of 65537 or more: smaller is breakable, larger is a way to keep us busy. */
function isSoundRsaKey(key: KeyObject): boolean {
  const details = key.asymmetricKeyDetails;
  if (key.asymmetricKeyType !== "rsa" || details?.modulusLength === undefined) return false;
  return details.modulusLength >= 2048 && details.modulusLength <= 8192 && (details.publicExponent ?? 0n) >= 65537n;
}
