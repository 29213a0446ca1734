import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import type { Answer, Fixture } from "./fixture.ts";

export const VERIFIER = "v".repeat(43);
export const CHALLENGE = createHash("sha256").update(VERIFIER).digest("base64url");
export const PASSWORD = "correct horse battery";
export const REDIRECT_URI = "https://app.example/cb";

/** As much of a browser as the pages need: cookies, forms, and the headers of a form sent from our own page. */
export interface Browser {
  readonly cookies: Map<string, string>;
  get(target: string, headers?: Readonly<Record<string, string>>): Promise<Answer>;
  /** Sends the form of a page, with these fields filled in. */
  submit(page: Answer, fields: Readonly<Record<string, string>>, headers?: Readonly<Record<string, string>>): Promise<Answer>;
}

export function createBrowser(fixture: Pick<Fixture, "send">): Browser {
  const cookies = new Map<string, string>();
  const send = async (target: string, method: string, headers: Readonly<Record<string, string>>, body?: string) => {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join("; ");
    const answer = await fixture.send(target, { method, headers: { ...headers, ...(cookie === "" ? {} : { cookie }) }, ...(body === undefined ? {} : { body }) });
    for (const line of [answer.headers["set-cookie"] ?? []].flat()) keep(cookies, line);
    return answer;
  };
  return {
    cookies,
    get: (target, headers = {}) => send(target, "GET", headers),
    submit(page, fields, headers = {}) {
      const form = new URLSearchParams({ ...hiddenFields(page), ...fields });
      return send("/oauth/authorize", "POST", { "content-type": "application/x-www-form-urlencoded", origin: "null", "sec-fetch-site": "same-origin", ...headers }, form.toString());
    },
  };
}

function keep(cookies: Map<string, string>, line: string): void {
  const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
  if (/Max-Age=0/.test(line)) cookies.delete(name);
  else cookies.set(name, value);
}

/** The hidden fields of a page's form. */
export function hiddenFields(page: Answer): Readonly<Record<string, string>> {
  return Object.fromEntries([...page.text.matchAll(/<input type="hidden" name="(\w+)" value="([^"]*)">/g)].map(([, name = "", value = ""]) => [name, value]));
}

/** The query of a good authorization request, with changes; undefined leaves a parameter out. */
export function authorizeQuery(clientId: string, change: Readonly<Record<string, string | undefined>> = {}): string {
  const parameters = { response_type: "code", client_id: clientId, redirect_uri: REDIRECT_URI, state: "xyz", code_challenge: CHALLENGE, code_challenge_method: "S256", ...change };
  const query = Object.entries(parameters).flatMap(([name, value]) => (value === undefined ? [] : [`${name}=${encodeURIComponent(value)}`]));
  return `/oauth/authorize?${query.join("&")}`;
}

/** The parameters that came back to the app. */
export function callbackOf(answer: Answer): Readonly<Record<string, string>> {
  assert.equal(answer.status, 303, answer.text.replace(/<style>.*<\/style>/s, ""));
  return Object.fromEntries(new URL(String(answer.headers["location"])).searchParams);
}

/** Signs in and leads to the consent page. */
export async function signIn(browser: Browser, target: string, name = "nancy", password = PASSWORD): Promise<Answer> {
  const login = await browser.get(target);
  const answer = await browser.submit(login, { name, password, action: "sign-in" });
  assert.equal(answer.status, 303, answer.text.replace(/<style>.*<\/style>/s, ""));
  return browser.get(String(answer.headers["location"]));
}

/** A code that nancy gives, in a browser of its own. */
export async function obtainCode(fixture: Pick<Fixture, "send">, clientId: string, change: Readonly<Record<string, string | undefined>> = {}): Promise<string> {
  const browser = createBrowser(fixture);
  const consent = await signIn(browser, authorizeQuery(clientId, change));
  const { code } = callbackOf(await browser.submit(consent, { action: "approve" }));
  assert.ok(code !== undefined);
  return code;
}

/** Random text that stands for a secret of somebody else. */
export function anySecret(): string {
  return randomBytes(32).toString("base64url");
}
