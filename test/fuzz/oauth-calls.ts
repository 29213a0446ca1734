import { createHash } from "node:crypto";
import fc, { type Arbitrary } from "fast-check";
import { PASSWORD, REDIRECT_URI } from "./oauth-world.ts";
import type { Call } from "./transports.ts";

const VERIFIER = "v".repeat(43);
const CHALLENGE = createHash("sha256").update(VERIFIER).digest("base64url");

/** Names that stand for what the server gave: `{code}`, `{access}`, `{refresh}`, `{form}` (the hidden fields of its last page), `{transaction}`. */
export type Learned = Record<string, string>;

type Fields = readonly (readonly [name: string, value: string])[];

const WILD_VALUE = fc.oneof(fc.constantFrom("", "é", "\u0000", "a b", "%", "x".repeat(5000), "{code}", "{access}", "https://evil.example/", "javascript:alert(1)", "__proto__"), fc.string({ unit: "grapheme", maxLength: 10 }));
const NAMES = ["grant_type", "client_id", "client_secret", "code", "code_verifier", "redirect_uri", "refresh_token", "scope", "resource", "token", "token_type_hint", "state", "code_challenge", "response_type", "action", "csrf", "transaction", "__proto__", "constructor"];

/** Some fields left out, some with another value, some twice, some that nobody knows. */
function mostly(fields: Fields): Arbitrary<Fields> {
  const kept = fc.tuple(...fields.map(([name, value]) => fc.tuple(fc.nat({ max: 49 }), WILD_VALUE).map(([chance, wild]): Fields => {
    if (chance === 0) return [];
    if (chance === 1) return [[name, wild]];
    return chance === 2 ? [[name, value], [name, wild]] : [[name, value]];
  })));
  const stranger = fc.oneof({ weight: 8, arbitrary: fc.constant<Fields>([]) }, { weight: 1, arbitrary: fc.tuple(fc.constantFrom(...NAMES), WILD_VALUE).map((field): Fields => [field]) });
  return fc.tuple(kept, stranger).map(([parts, more]) => [...parts.flat(), ...more]);
}

const CLIENT: Fields = [["client_id", "{web}"], ["client_secret", "{secret}"]];
const TOKEN_REQUESTS = fc.oneof(
  mostly([["grant_type", "client_credentials"], ...CLIENT, ["scope", "view_reports"]]),
  mostly([["grant_type", "authorization_code"], ["client_id", "{portal}"], ["code", "{code}"], ["code_verifier", VERIFIER], ["redirect_uri", REDIRECT_URI]]),
  mostly([["grant_type", "refresh_token"], ["client_id", "{portal}"], ["refresh_token", "{refresh}"]]),
);
const TOKEN_QUESTIONS = fc.oneof(mostly([["token", "{access}"], ...CLIENT]), mostly([["token", "{refresh}"], ["client_id", "{portal}"]]));
const AUTHORIZATION = mostly([
  ["response_type", "code"], ["client_id", "{portal}"], ["redirect_uri", REDIRECT_URI], ["scope", "view_reports"], ["state", "s"], ["code_challenge", CHALLENGE], ["code_challenge_method", "S256"],
]);
const FORMS = fc.oneof(mostly([["{form}", ""], ["name", "nancy"], ["password", PASSWORD], ["action", "sign-in"]]), mostly([["{form}", ""], ["action", "approve"]]), mostly([["{form}", ""], ["action", "deny"]]));

const FORM_TYPE = "application/x-www-form-urlencoded";
const BROWSER: Call["headers"] = [["Cookie", "{cookie}"], ["Origin", "https://as.example"], ["Sec-Fetch-Site", "same-origin"]];
const ODD_HEADERS = fc.oneof({ weight: 8, arbitrary: fc.constant<Call["headers"]>([]) }, {
  weight: 1,
  arbitrary: fc.subarray<readonly [string, string]>([["Authorization", "Basic e30="], ["Authorization", "Basic %%%"], ["Authorization", "Bearer x"], ["Origin", "https://evil.example"], ["Cookie", "__Host-x=1; =; ;"], ["Content-Encoding", "gzip"], ["Content-Type", "text/plain"], ["Host", "evil.example"]], { maxLength: 3 }),
});

/** Calls of the authorization server: mostly steps of a flow that could go on, with something wrong here and there. */
export const oauthCalls: Arbitrary<Call> = fc.oneof(
  { weight: 4, arbitrary: posts("/oauth/token", TOKEN_REQUESTS, []) },
  { weight: 2, arbitrary: fc.constantFrom("/oauth/revoke", "/oauth/introspect").chain((path) => posts(path, TOKEN_QUESTIONS, [])) },
  { weight: 4, arbitrary: gets(AUTHORIZATION.map((fields) => `/oauth/authorize?${encode(fields)}`)) },
  { weight: 4, arbitrary: gets(fc.constant("/oauth/authorize?transaction={transaction}")) },
  { weight: 8, arbitrary: posts("/oauth/authorize", FORMS, BROWSER) },
  { weight: 2, arbitrary: gets(fc.constantFrom("/oauth/jwks", "/.well-known/oauth-authorization-server", "/.well-known/oauth-protected-resource", "/.well-known/oauth-protected-resource/api/v1", "/oauth/unknown", "/oauth/authorize?%zz", "/oauth/token", "/.well-known/")) },
);

function posts(path: string, fields: Arbitrary<Fields>, own: Call["headers"]): Arbitrary<Call> {
  const content = fc.tuple(fields, fc.nat({ max: 11 })).map(([given, chance]) => (chance === 0 ? inJson(given) : chance === 1 ? BROKEN : inForm(given)));
  return fc.record({ content, odd: ODD_HEADERS, method: fc.oneof({ weight: 20, arbitrary: fc.constant("POST") }, { weight: 1, arbitrary: fc.constantFrom("PUT", "OPTIONS", "DELETE") }) })
    .map(({ content: { type, body }, odd, method }) => ({ method, target: path, headers: [["Host", "as.example"], ["Content-Type", type], ...own, ...odd], body, asks: null }));
}

function gets(targets: Arbitrary<string>): Arbitrary<Call> {
  return fc.record({ target: targets, odd: ODD_HEADERS, method: fc.oneof({ weight: 20, arbitrary: fc.constant("GET") }, { weight: 1, arbitrary: fc.constantFrom("HEAD", "OPTIONS", "TRACE") }) })
    .map(({ target, odd, method }) => ({ method, target, headers: [["Host", "as.example"], ...BROWSER, ...odd], body: "", asks: null }));
}

function inForm(fields: Fields): { readonly type: string; readonly body: Call["body"] } {
  return { type: FORM_TYPE, body: encode(fields) };
}

function inJson(fields: Fields): { readonly type: string; readonly body: Call["body"] } {
  return { type: "application/json", body: `{${fields.map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`).join()}}` };
}

const BROKEN = { type: FORM_TYPE, body: "%zz=%&&&=&a=b=c&%ff=1&grant_type" };

/** Names in braces stay as they are: they are put in later. */
function encode(fields: Fields): string {
  return fields.map(([name, value]) => (name === "{form}" ? name : `${encodeURIComponent(name)}=${/^\{\w+\}$/.test(value) ? value : encodeURIComponent(value)}`)).join("&");
}
