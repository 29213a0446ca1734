import assert from "node:assert/strict";
import { createHmac, generateKeyPairSync, sign } from "node:crypto";
import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "node:test";
import type { TestContext } from "node:test";
import { createFixedKeyRing, createSigningKey, openKeyFile, parseSigningKeys } from "../../../src/adapters/jwt/index.ts";
import { importPublicJwk } from "../../../src/adapters/jwt/jwk.ts";
import { signToken } from "../../../src/adapters/jwt/signing-key.ts";
import { createKeyTable, verifyToken } from "../../../src/adapters/jwt/verify.ts";
import type { SigningKey } from "../../../src/adapters/jwt/index.ts";
import type { JsonObject } from "../../../src/domain/json.ts";

const NOW_MS = Date.parse("2026-11-23T12:00:00Z");
const NOW = NOW_MS / 1000;
const ISSUER = "https://auth.example";
const AUDIENCE = "https://api.example/v1";
const ED = createSigningKey("EdDSA");
const RSA = createSigningKey("RS256");
const KEYS = createKeyTable([ED.verification, RSA.verification]);
const POLICY = { issuer: ISSUER, audience: AUDIENCE, skewSeconds: 5 };
const CLAIMS = { iss: ISSUER, aud: AUDIENCE, sub: "client:1", exp: NOW + 60, iat: NOW };

const isAccepted = (token: string, policy = POLICY, keys = KEYS) => verifyToken(token, keys, policy, NOW_MS) !== undefined;
const base64url = (text: string | Uint8Array) => Buffer.from(text).toString("base64url");

/** A token with any header and payload text at all, properly signed. */
function signRaw(header: string, payload: string | Uint8Array, key: SigningKey = ED): string {
  const signed = `${base64url(header)}.${base64url(payload)}`;
  return `${signed}.${base64url(key.algorithm.sign(Buffer.from(signed), key.privateKey))}`;
}

const withHeader = (extra: Readonly<Record<string, unknown>>, key: SigningKey = ED) =>
  signRaw(JSON.stringify({ typ: "at+jwt", alg: key.algorithm.name, kid: key.kid, ...extra }), JSON.stringify(CLAIMS), key);
const withClaims = (extra: Readonly<Record<string, unknown>>) =>
  signRaw(JSON.stringify({ typ: "at+jwt", alg: "EdDSA", kid: ED.kid }), JSON.stringify({ ...CLAIMS, ...extra }));
const withPayload = (payload: string | Uint8Array) => signRaw(JSON.stringify({ typ: "at+jwt", alg: "EdDSA", kid: ED.kid }), payload);

test("A token signed with EdDSA or RS256 is accepted", () => {
  assert.equal(isAccepted(signToken(CLAIMS, ED)), true);
  assert.equal(isAccepted(signToken(CLAIMS, RSA)), true);
  assert.equal(isAccepted(withHeader({})), true);
});

test("J1: alg none in any spelling and an empty signature are refused", () => {
  for (const alg of ["none", "None", "NONE", "nOnE", ""]) {
    const unsigned = `${base64url(JSON.stringify({ typ: "at+jwt", alg, kid: ED.kid }))}.${base64url(JSON.stringify(CLAIMS))}`;
    assert.equal(isAccepted(`${unsigned}.`), false, alg);
    assert.equal(isAccepted(withHeader({ alg })), false, alg);
  }
  assert.equal(isAccepted(signToken(CLAIMS, ED).replace(/[^.]*$/, "")), false);
});

test("J2: HMAC with the public key as its secret is refused, and no HMAC algorithm is spoken", () => {
  const pem = RSA.verification.key.export({ type: "spki", format: "pem" }).toString();
  for (const secret of [pem, ` ${pem}`, pem.trim(), JSON.stringify(RSA.publicJwk)]) {
    for (const [alg, hash] of [["HS256", "sha256"], ["HS384", "sha384"], ["HS512", "sha512"]] as const) {
      const signed = `${base64url(JSON.stringify({ typ: "at+jwt", alg, kid: RSA.kid }))}.${base64url(JSON.stringify(CLAIMS))}`;
      assert.equal(isAccepted(`${signed}.${createHmac(hash, secret).update(signed).digest("base64url")}`), false, alg);
    }
  }
});

test("J3: an algorithm that is not its key's own is refused, whatever the signature", () => {
  for (const alg of ["RS256", "ES256", "ES384", "PS256"]) assert.equal(isAccepted(withHeader({ alg })), false, alg);
  for (const alg of ["RS384", "RS512", "PS256", "ES256", "EdDSA"]) assert.equal(isAccepted(withHeader({ alg }, RSA)), false, alg);
  const p256 = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const table = createKeyTable([{ kid: "p", key: p256.publicKey, algorithms: new Set(["ES384", "RS256", "ES256"]) }]);
  const sealed = (alg: string, hash: string) => {
    const signed = `${base64url(JSON.stringify({ typ: "at+jwt", alg, kid: "p" }))}.${base64url(JSON.stringify(CLAIMS))}`;
    return `${signed}.${base64url(sign(hash, Buffer.from(signed), { key: p256.privateKey, dsaEncoding: alg === "RS256" ? "der" : "ieee-p1363" }))}`;
  };
  assert.equal(isAccepted(sealed("ES256", "sha256"), POLICY, table), true);
  assert.equal(isAccepted(sealed("ES384", "sha384"), POLICY, table), false);
  assert.equal(isAccepted(sealed("RS256", "sha256"), POLICY, table), false);
});

test("J4, J5: a token that brings a key along, or says where to fetch one, is refused", () => {
  const mine = createSigningKey();
  for (const kid of [undefined, ED.kid, mine.kid]) assert.equal(isAccepted(withHeader({ kid, jwk: mine.publicJwk }, mine)), false);
  for (const name of ["jwk", "jku", "x5u", "x5c"]) assert.equal(isAccepted(withHeader({ [name]: name === "x5c" ? ["AA=="] : "https://evil.example/" })), false, name);
});

test("J6: a kid only selects among known keys", () => {
  for (const kid of ["../../dev/null", "' OR 1=1", "__proto__", "constructor", "toString", 1, null, true, ["x"], {}, "x".repeat(5000), ""]) {
    assert.equal(isAccepted(withHeader({ kid })), false, JSON.stringify(kid).slice(0, 40));
  }
  assert.equal(isAccepted(withHeader({ kid: RSA.kid })), false);
});

test("J6: without a kid a token is taken only when exactly one key fits", () => {
  assert.equal(isAccepted(withHeader({ kid: undefined })), true);
  const two = createKeyTable([ED.verification, createSigningKey().verification]);
  assert.equal(isAccepted(withHeader({ kid: undefined }), POLICY, two), false);
});

test("J9: weak, oversized, private, symmetric and off-curve keys are not taken into a table", () => {
  const all = ["EdDSA", "RS256", "ES256"];
  assert.notEqual(importPublicJwk(ED.publicJwk, all), undefined);
  assert.notEqual(importPublicJwk(RSA.publicJwk, all), undefined);
  const rsa512 = generateKeyPairSync("rsa", { modulusLength: 512 }).publicKey.export({ format: "jwk" });
  const exponent3 = generateKeyPairSync("rsa", { modulusLength: 2048, publicExponent: 3 }).publicKey.export({ format: "jwk" });
  const refused: readonly (readonly [string, unknown])[] = [
    ["512 bits", rsa512],
    ["exponent 3", exponent3],
    ["exponent 1", { ...RSA.publicJwk, e: "AQ" }],
    ["16384 bits", { ...RSA.publicJwk, n: base64url(new Uint8Array(2048).fill(0xff)) }],
    ["private members", RSA.privateKey.export({ format: "jwk" })],
    ["symmetric", { kty: "oct", k: "AAAA" }],
    ["off the curve", { kty: "EC", crv: "P-256", x: base64url(new Uint8Array(32).fill(1)), y: base64url(new Uint8Array(32).fill(1)) }],
    ["another curve", generateKeyPairSync("ec", { namedCurve: "secp256k1" }).publicKey.export({ format: "jwk" })],
    ["small order, 0", { kty: "OKP", crv: "Ed25519", x: base64url(new Uint8Array(32)) }],
    ["small order, 1", { kty: "OKP", crv: "Ed25519", x: base64url(new Uint8Array([1, ...new Uint8Array(31)])) }],
    ["for encryption", { ...ED.publicJwk, use: "enc" }],
    ["another algorithm", { ...ED.publicJwk, alg: "HS256" }],
    ["not an object", "<html>"],
    ["kid is a number", { ...ED.publicJwk, kid: 1 }],
  ];
  for (const [name, jwk] of refused) assert.equal(importPublicJwk(jwk, all), undefined, name);
});

test("J10, J23: crit, b64, zip and encryption are refused, even empty", () => {
  for (const extra of [{ crit: ["x"] }, { crit: [] }, { b64: false }, { b64: true }, { zip: "DEF" }, { enc: "A256GCM" }]) {
    assert.equal(isAccepted(withHeader(extra)), false, JSON.stringify(extra));
  }
  assert.equal(isAccepted(`${signToken(CLAIMS, ED)}.AA.AA`), false);
});

test("J11: only an access token's typ is taken, in any case, with or without application/", () => {
  for (const typ of ["at+jwt", "AT+JWT", "application/at+jwt", "Application/AT+JWT"]) assert.equal(isAccepted(withHeader({ typ })), true, typ);
  for (const typ of ["JWT", undefined, "", "id_token", "logout+jwt", "token-introspection+jwt", "at+jwt ", "application/application/at+jwt", 1, null]) {
    assert.equal(isAccepted(withHeader({ typ })), false, String(typ));
  }
});

test("J12: times must be finite numbers and in order", () => {
  for (const exp of [undefined, String(NOW + 60), null, true, -1, NOW - 60, NOW - 5, [], {}]) assert.equal(isAccepted(withClaims({ exp })), false, `exp ${String(exp)}`);
  assert.equal(isAccepted(withPayload(JSON.stringify(CLAIMS).replace(String(NOW + 60), "1e400"))), false);
  assert.equal(isAccepted(withPayload(JSON.stringify(CLAIMS).replace(String(NOW + 60), "NaN"))), false);
  assert.equal(isAccepted(withClaims({ exp: NOW - 4 })), true);
  for (const nbf of [NOW + 60, String(NOW), null, {}]) assert.equal(isAccepted(withClaims({ nbf })), false, `nbf ${String(nbf)}`);
  for (const iat of [NOW + 60, String(NOW), null]) assert.equal(isAccepted(withClaims({ iat })), false, `iat ${String(iat)}`);
  assert.equal(isAccepted(withClaims({ iat: NOW + 5, nbf: NOW + 5 })), true);
});

test("J13: the issuer must be exactly ours", () => {
  for (const iss of [undefined, `${ISSUER}/`, [ISSUER], ISSUER.toUpperCase(), "", null, "https://evil.example"]) assert.equal(isAccepted(withClaims({ iss })), false, String(iss));
});

test("J14: the audience must be ours, or a list of texts that holds ours", () => {
  for (const aud of [undefined, "https://other.example", [], {}, 1, AUDIENCE.slice(0, -1), `${AUDIENCE}/`, [AUDIENCE, 1], [[AUDIENCE]], null]) {
    assert.equal(isAccepted(withClaims({ aud })), false, JSON.stringify(aud));
  }
  assert.equal(isAccepted(withClaims({ aud: ["https://other.example", AUDIENCE] })), true);
});

test("J15: the subject must be a non-empty text of sane length", () => {
  for (const sub of [undefined, "", 1, {}, [], null, "x".repeat(256), "a\u0000b", "a\nb", "\ud800"]) assert.equal(isAccepted(withClaims({ sub })), false, String(sub));
  assert.equal(isAccepted(withPayload(JSON.stringify({ ...CLAIMS, sub: undefined }).replace("{", '{"__proto__":{"sub":"client:1"},'))), false);
});

test("J16: a member that stands twice in header or payload is refused", () => {
  const header = JSON.stringify({ typ: "at+jwt", alg: "EdDSA", kid: ED.kid });
  assert.equal(isAccepted(signRaw(header.replace("{", '{"alg":"none",'), JSON.stringify(CLAIMS))), false);
  assert.equal(isAccepted(signRaw(header, JSON.stringify(CLAIMS).replace("{", '{"sub":"user:1",'))), false);
  assert.equal(isAccepted(signRaw(header, JSON.stringify(CLAIMS).replace("{", '{"s\\u0075b":"user:1",'))), false);
});

test("J17: only the one canonical spelling of a token is taken", () => {
  const token = signToken(CLAIMS, ED);
  const last = token.charAt(token.length - 1);
  const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  const sameBits = alphabet.charAt(alphabet.indexOf(last) ^ 1);
  const [header = "", payload = "", signature = ""] = token.split(".");
  const variants = [`${token} `, ` ${token}`, `${token}=`, `${token}==`, `${token}\n`, `${token}.`, `${token}!`, token.slice(0, -1) + sameBits,
    `${header}=.${payload}.${signature}`, `${header}.${payload}`, `${header}..${signature}`, `.${payload}.${signature}`, token.replace(".", ". "), ""];
  for (const variant of variants) assert.equal(isAccepted(variant), false, JSON.stringify(variant.slice(-20)));
  assert.equal(isAccepted(token.replaceAll("-", "+").replaceAll("_", "/")), !/[-_]/.test(token));
});

test("J18, J20: signatures of another length, all zeros, in DER or with S + L are refused", () => {
  const ec = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const table = createKeyTable([{ kid: "p", key: ec.publicKey, algorithms: new Set(["ES256"]) }]);
  const signed = `${base64url(JSON.stringify({ typ: "at+jwt", alg: "ES256", kid: "p" }))}.${base64url(JSON.stringify(CLAIMS))}`;
  const good = sign("sha256", Buffer.from(signed), { key: ec.privateKey, dsaEncoding: "ieee-p1363" });
  assert.equal(isAccepted(`${signed}.${base64url(good)}`, POLICY, table), true);
  const der = sign("sha256", Buffer.from(signed), ec.privateKey);
  for (const bad of [new Uint8Array(64), der, good.subarray(0, 63), Buffer.concat([good, Buffer.alloc(1)]), Buffer.concat([good, good])]) {
    assert.equal(isAccepted(`${signed}.${base64url(bad)}`, POLICY, table), false, `${bad.length} bytes`);
  }
  assert.equal(isAccepted(withGroupOrderAdded(signToken(CLAIMS, ED))), false);
});

test("J19: the other S of an ECDSA signature verifies too, so nothing is ever found again by a token's text or signature", () => {
  const ec = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const table = createKeyTable([{ kid: "p", key: ec.publicKey, algorithms: new Set(["ES256"]) }]);
  const signed = `${base64url(JSON.stringify({ typ: "at+jwt", alg: "ES256", kid: "p" }))}.${base64url(JSON.stringify({ ...CLAIMS, jti: "one" }))}`;
  const signature = sign("sha256", Buffer.from(signed), { key: ec.privateKey, dsaEncoding: "ieee-p1363" });
  const order = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
  const s = BigInt(`0x${signature.subarray(32).toString("hex")}`);
  const twin = Buffer.concat([signature.subarray(0, 32), Buffer.from((order - s).toString(16).padStart(64, "0"), "hex")]);
  const ids = [signature, twin].map((bytes) => verifyToken(`${signed}.${base64url(bytes)}`, table, POLICY, NOW_MS)?.claims["jti"]);
  assert.deepEqual(ids, ["one", "one"]);
});

test("J25: issuer and audience are texts, and what looks like a pattern matches nothing", () => {
  assert.equal(isAccepted(signToken(CLAIMS, ED), { ...POLICY, issuer: ".*" }), false);
  assert.equal(isAccepted(signToken(CLAIMS, ED), { ...POLICY, audience: "https://.*" }), false);
});

test("J21: header and payload must be JSON objects in plain UTF-8, not too deep", () => {
  const utf16 = Buffer.from(JSON.stringify(CLAIMS), "utf16le");
  const withBom = Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), Buffer.from(JSON.stringify(CLAIMS))]);
  const badUtf8 = Buffer.concat([Buffer.from('{"x":"'), Buffer.from([0xff]), Buffer.from(`",${JSON.stringify(CLAIMS).slice(1)}`)]);
  const deep = JSON.stringify(CLAIMS).replace("{", `{"x":${"[".repeat(1000)}${"]".repeat(1000)},`);
  for (const payload of ["[]", "null", "1", '"x"', "", "{", utf16, withBom, badUtf8, deep]) assert.equal(isAccepted(withPayload(payload)), false);
  for (const header of ["[]", "null", "{", '"EdDSA"']) assert.equal(isAccepted(signRaw(header, JSON.stringify(CLAIMS))), false);
});

test("J22: a token of more than 8192 characters is cut before it is decoded", () => {
  assert.equal(isAccepted(withClaims({ filler: "x".repeat(4000) })), true);
  assert.equal(isAccepted(withClaims({ filler: "x".repeat(8000) })), false);
  assert.equal(isAccepted("a.".repeat(500_000)), false);
});

test("A signature over anything else, or by another key, is refused", () => {
  const [header = "", payload = ""] = signToken(CLAIMS, ED).split(".");
  const [, , other = ""] = signToken({ ...CLAIMS, sub: "client:2" }, ED).split(".");
  assert.equal(isAccepted(`${header}.${payload}.${other}`), false);
  const stranger = createSigningKey();
  assert.equal(isAccepted(withHeader({ kid: ED.kid }, stranger)), false);
});

test("A key file is made once, for its owner alone, and read again", (context) => {
  const path = join(makeDirectory(context), "deep", "signing-keys.json");
  const clock = () => NOW_MS;
  const made = openKeyFile({ path, clock });
  assert.equal(statSync(path).mode & 0o777, 0o600);
  assert.equal(openKeyFile({ path, clock }).current().kid, made.current().kid);
  chmodSync(path, 0o644);
  assert.throws(() => openKeyFile({ path, clock }), { name: "TypeError", message: /can be read by others; chmod 600/ });
  chmodSync(path, 0o600);
  writeFileSync(path, '{"keys":[]}');
  assert.throws(() => openKeyFile({ path, clock }), { name: "TypeError", message: /holds no keys/ });
});

test("M6: a new key is published before it signs, and the old one stays until its last token is gone", (context) => {
  const path = join(makeDirectory(context), "signing-keys.json");
  let now = NOW_MS;
  const file = openKeyFile({ path, clock: () => now, retainMs: 3_600_000, publishAheadMs: 600_000 });
  const first = file.current().kid;
  const second = file.rotate();
  assert.deepEqual(file.publicJwks().map((jwk) => jwk["kid"]), [second, first]);
  assert.equal(file.current().kid, first);
  now += 600_000;
  assert.equal(file.current().kid, second);
  now += 3_599_999;
  assert.notEqual(file.find({ alg: "EdDSA", kid: first, typ: "at+jwt" }), undefined);
  now += 1;
  assert.equal(file.find({ alg: "EdDSA", kid: first, typ: "at+jwt" }), undefined);
  assert.deepEqual(file.publicJwks().map((jwk) => jwk["kid"]), [second]);
  const third = file.rotate();
  assert.deepEqual(openKeyFile({ path, clock: () => now }).list().map(({ kid }) => kid), [third, second]);
  assert.equal(JSON.parse(readFileSync(path, "utf8")).keys.length, 2);
  const fourth = file.rotate({ forgetOld: true });
  assert.equal(file.current().kid, fourth);
  assert.equal(file.find({ alg: "EdDSA", kid: second, typ: "at+jwt" }), undefined);
  assert.deepEqual(openKeyFile({ path, clock: () => now }).list().map(({ kid }) => kid), [fourth]);
});

test("Signing keys are read from PEM, JWK and JWK Set, and anything else is refused without being quoted", () => {
  const pem = ED.privateKey.export({ type: "pkcs8", format: "pem" }).toString();
  const jwk = RSA.privateKey.export({ format: "jwk" });
  assert.deepEqual(parseSigningKeys(pem).map(({ kid }) => kid), [ED.kid]);
  assert.deepEqual(parseSigningKeys(JSON.stringify(jwk)).map(({ kid }) => kid), [RSA.kid]);
  assert.deepEqual(parseSigningKeys(JSON.stringify({ keys: [jwk, ED.privateKey.export({ format: "jwk" })] })).map(({ kid }) => kid), [RSA.kid, ED.kid]);
  const weak = generateKeyPairSync("rsa", { modulusLength: 1024 }).privateKey.export({ type: "pkcs8", format: "pem" }).toString();
  const ec = generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey.export({ type: "pkcs8", format: "pem" }).toString();
  const publicPem = ED.verification.key.export({ type: "spki", format: "pem" }).toString();
  for (const text of ["", "secret-text", weak, ec, publicPem, JSON.stringify(RSA.publicJwk), '{"keys":[]}', "{", JSON.stringify({ kty: "oct", k: "c2VjcmV0" })]) {
    assert.throws(() => parseSigningKeys(text), { name: "TypeError", message: "ACTIONPORT_SIGNING_KEY must be an Ed25519 or RSA (2048 bits or more) private key, as unencrypted PEM, JWK or JWK Set" });
  }
});

test("The published JWKs hold public members only", () => {
  const jwks: readonly JsonObject[] = createFixedKeyRing([ED, RSA]).publicJwks();
  assert.deepEqual(jwks.map((jwk) => Object.keys(jwk).sort()), [["alg", "crv", "kid", "kty", "use", "x"], ["alg", "e", "kid", "kty", "n", "use"]]);
});

/** The same EdDSA signature with the group order added to S: a second spelling that must not count (RFC 8032 section 5.1.7). */
function withGroupOrderAdded(token: string): string {
  const at = token.lastIndexOf(".") + 1;
  const signature = Buffer.from(token.slice(at), "base64url");
  const order = 2n ** 252n + 27742317777372353535851937790883648493n;
  let s = 0n;
  for (let index = 63; index >= 32; index--) s = s * 256n + BigInt(signature[index] ?? 0);
  s += order;
  for (let index = 32; index < 64; index++, s /= 256n) signature[index] = Number(s % 256n);
  return token.slice(0, at) + signature.toString("base64url");
}

function makeDirectory(context: TestContext): string {
  const directory = mkdtempSync(join(tmpdir(), "keys-"));
  context.after(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}
