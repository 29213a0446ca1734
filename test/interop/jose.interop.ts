import assert from "node:assert/strict";
import { createHmac, generateKeyPairSync } from "node:crypto";
import test from "node:test";
import * as jose from "jose";
import { createFixedKeyRing, createSigningKey } from "../../src/adapters/jwt/index.ts";
import { importPublicJwk } from "../../src/adapters/jwt/jwk.ts";
import { createKeyTable, verifyToken } from "../../src/adapters/jwt/verify.ts";
import type { SigningKey } from "../../src/adapters/jwt/index.ts";
import { startLiveServer } from "./server.ts";

const live = await startLiveServer();
const ISSUER = "https://auth.example";
const AUDIENCE = "https://api.example";
const ED = createSigningKey();
const RSA = createSigningKey("RS256");
const RING = createFixedKeyRing([ED, RSA]);
const KEY_SET = jose.createLocalJWKSet({ keys: [ED.publicJwk, RSA.publicJwk].map((jwk) => Object.fromEntries(Object.entries(jwk).map(([name, value]) => [name, String(value)]))).map((jwk) => ({ kty: "", ...jwk })) });
const NOW = Math.floor(Date.now() / 1000);
const CLAIMS = { iss: ISSUER, aud: AUDIENCE, sub: "client:1", iat: NOW, exp: NOW + 600, jti: "j", client_id: "1" };

const encode = (value: unknown) => Buffer.from(typeof value === "string" ? value : JSON.stringify(value)).toString("base64url");

function sign(header: object | string, claims: unknown, key: SigningKey = ED): string {
  const signed = `${encode(typeof header === "string" ? header : { typ: "at+jwt", alg: key.algorithm.name, kid: key.kid, ...header })}.${encode(claims)}`;
  return `${signed}.${key.algorithm.sign(Buffer.from(signed), key.privateKey).toString("base64url")}`;
}

async function joseTakes(token: string): Promise<boolean> {
  try {
    await jose.jwtVerify(token, KEY_SET, { issuer: ISSUER, audience: AUDIENCE, typ: "at+jwt", algorithms: ["EdDSA", "RS256"], requiredClaims: ["exp", "sub", "iat"], clockTolerance: 5 });
    return true;
  } catch {
    return false;
  }
}

const weTake = (token: string) => verifyToken(token, RING, { issuer: ISSUER, audience: AUDIENCE, skewSeconds: 5 }, NOW * 1000) !== undefined;
const tail = (token: string) => {
  const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  return token.slice(0, -1) + alphabet.charAt(alphabet.indexOf(token.slice(-1)) ^ 1);
};

function hmacToken(): string {
  const signed = `${encode({ typ: "at+jwt", alg: "HS256", kid: RSA.kid })}.${encode(CLAIMS)}`;
  return `${signed}.${createHmac("sha256", RSA.verification.key.export({ type: "spki", format: "pem" })).update(signed).digest("base64url")}`;
}

const GOOD = sign({}, CLAIMS);
const HEADER = JSON.stringify({ typ: "at+jwt", alg: "EdDSA", kid: ED.kid });

/** Every attack, and whether jose refuses it too. Where it does not, we are stricter, and the name says so. */
const ATTACKS: readonly (readonly [name: string, token: string])[] = [
  ["J1 alg none", `${encode({ typ: "at+jwt", alg: "none" })}.${encode(CLAIMS)}.`],
  ["J1 alg NONE", sign({ alg: "NONE" }, CLAIMS)],
  ["J2 HMAC with the public key", hmacToken()],
  ["J3 RS256 with an Ed25519 key", sign({ alg: "RS256" }, CLAIMS)],
  ["J3 EdDSA with an RSA key", sign({ alg: "EdDSA" }, CLAIMS, RSA)],
  ["J3 PS256 with an RS256 key", sign({ alg: "PS256" }, CLAIMS, RSA)],
  ["J4 embedded jwk", sign({ kid: ED.kid, jwk: createSigningKey().publicJwk }, CLAIMS, createSigningKey())],
  ["J6 unknown kid", sign({ kid: "../../dev/null" }, CLAIMS)],
  ["J6 kid __proto__", sign({ kid: "__proto__" }, CLAIMS)],
  ["J6 kid of another key", sign({ kid: RSA.kid }, CLAIMS)],
  ["J10 crit", sign({ crit: ["x"], x: 1 }, CLAIMS)],
  ["J10 empty crit", sign({ crit: [] }, CLAIMS)],
  ["J11 typ JWT", sign({ typ: "JWT" }, CLAIMS)],
  ["J11 no typ", sign({ typ: undefined }, CLAIMS)],
  ["J12 no exp", sign({}, { ...CLAIMS, exp: undefined })],
  ["J12 exp is a text", sign({}, { ...CLAIMS, exp: String(NOW + 600) })],
  ["J12 exp is past", sign({}, { ...CLAIMS, exp: NOW - 60 })],
  ["J12 exp is null", sign({}, { ...CLAIMS, exp: null })],
  ["J12 nbf is to come", sign({}, { ...CLAIMS, nbf: NOW + 60 })],
  ["J12 nbf is a text", sign({}, { ...CLAIMS, nbf: "0" })],
  ["J13 another issuer", sign({}, { ...CLAIMS, iss: `${ISSUER}/` })],
  ["J13 issuer is a list", sign({}, { ...CLAIMS, iss: [ISSUER] })],
  ["J14 another audience", sign({}, { ...CLAIMS, aud: "https://other.example" })],
  ["J14 no audience", sign({}, { ...CLAIMS, aud: undefined })],
  ["J14 empty audience", sign({}, { ...CLAIMS, aud: [] })],
  ["J14 audience is an object", sign({}, { ...CLAIMS, aud: {} })],
  ["J15 no subject", sign({}, { ...CLAIMS, sub: undefined })],
  ["J17 padding", `${GOOD}=`],
  ["J17 two parts", GOOD.split(".").slice(0, 2).join(".")],
  ["J17 four parts", `${GOOD}.x`],
  ["J18 signature of zeros", GOOD.replace(/[^.]*$/, encode("\0".repeat(64)))],
  ["J21 payload is a list", sign({}, [])],
  ["J21 header is no JSON", sign("{", CLAIMS)],
  ["J23 five parts", `${GOOD}.x.y`],
  ["a stranger's signature", sign({ kid: ED.kid }, CLAIMS, createSigningKey())],
];

const STRICTER: readonly (readonly [name: string, token: string])[] = [
  ["J5 x5u that is merely ignored by jose", sign({ x5u: "https://evil.example/" }, CLAIMS)],
  ["J5 jku that is merely ignored by jose", sign({ jku: "https://evil.example/" }, CLAIMS)],
  ["J12 iat in the future", sign({}, { ...CLAIMS, iat: NOW + 60 })],
  ["J15 subject is empty", sign({}, { ...CLAIMS, sub: "" })],
  ["J15 subject is a number", sign({}, { ...CLAIMS, sub: 1 })],
  ["J16 a member twice in the header", sign(HEADER.replace("{", '{"kid":"x",'), CLAIMS)],
  ["J16 a member twice in the payload", sign(HEADER, JSON.stringify(CLAIMS).replace("{", '{"sub":"user:1",'))],
  ["J17 stray trailing bits", tail(GOOD)],
  ["J17 a trailing space", `${GOOD} `],
];

test("jose and we take the same good tokens", async () => {
  for (const token of [GOOD, sign({}, CLAIMS, RSA), sign({ typ: "application/at+jwt" }, CLAIMS), sign({}, { ...CLAIMS, aud: ["x", AUDIENCE] }), sign({ kid: undefined }, CLAIMS)]) {
    assert.deepEqual([await joseTakes(token), weTake(token)], [true, true]);
  }
});

for (const [name, token] of ATTACKS) {
  test(`jose refuses it and so do we: ${name}`, async () => {
    assert.deepEqual([await joseTakes(token), weTake(token)], [false, false]);
  });
}

for (const [name, token] of STRICTER) {
  test(`jose takes it and we are stricter: ${name}`, async () => {
    assert.deepEqual([await joseTakes(token), weTake(token)], [true, false]);
  });
}

for (const alg of ["EdDSA", "Ed25519", "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512"]) {
  test(`jose signs and we verify: ${alg}`, async () => {
    const { publicKey, privateKey } = await jose.generateKeyPair(alg, { extractable: true });
    const key = importPublicJwk({ ...(await jose.exportJWK(publicKey)), kid: "k", alg }, [alg]);
    assert.ok(key !== undefined);
    const token = await new jose.SignJWT(CLAIMS).setProtectedHeader({ alg, kid: "k", typ: "at+jwt" }).sign(privateKey);
    const policy = { issuer: ISSUER, audience: AUDIENCE, skewSeconds: 5 };
    assert.equal(verifyToken(token, createKeyTable([key]), policy, NOW * 1000)?.registered.sub, "client:1");
    assert.equal(verifyToken(tail(token), createKeyTable([key]), policy, NOW * 1000), undefined);
  });
}

test("jose: our tokens verify through our JWKS, over HTTP, with either key", async () => {
  for (const alg of ["EdDSA", "RS256"] as const) {
    const server = alg === "EdDSA" ? live : await startLiveServer({ alg });
    const response = await fetch(`${server.issuer}/oauth/token`, { method: "POST", body: new URLSearchParams({ grant_type: "client_credentials", ...server.web }) });
    const { access_token } = Object(await response.json());
    const keys = jose.createRemoteJWKSet(new URL(`${server.issuer}/oauth/jwks`));
    const { payload, protectedHeader } = await jose.jwtVerify(access_token, keys, { issuer: server.issuer, audience: server.resource, typ: "at+jwt", algorithms: [alg], requiredClaims: ["sub", "client_id", "jti", "iat", "exp", "scope"] });
    assert.deepEqual([payload.sub, protectedHeader.alg], [`client:${server.web.client_id}`, alg]);
    const strangers = jose.createLocalJWKSet({ keys: [await jose.exportJWK(generateKeyPairSync("ed25519").publicKey)] });
    await assert.rejects(jose.jwtVerify(access_token, strangers));
  }
});
