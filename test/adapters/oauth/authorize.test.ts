import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import test from "node:test";
import { isRegisteredRedirectUri, isRegistrableRedirectUri } from "../../../src/adapters/oauth/clients/redirect-uri.ts";
import { CHALLENGE, PASSWORD, REDIRECT_URI, VERIFIER, authorizeQuery, callbackOf, createBrowser, hiddenFields, obtainCode, signIn } from "./browser.ts";
import { ISSUER, RESOURCE, createFixture } from "./fixture.ts";
import type { Answer, Fixture } from "./fixture.ts";

interface Ready extends Fixture {
  readonly id: string;
}

async function ready(registration: { readonly redirect_uris?: readonly string[]; readonly scopes?: readonly string[]; readonly name?: string } = {}, options: Parameters<typeof createFixture>[0] = {}): Promise<Ready> {
  const fixture = createFixture({ scopes: { manage_orders: "Manage orders" }, name: "Northwind", ...options });
  const { client_id: id } = await fixture.server.clients.create({ name: "Portal", type: "public", redirect_uris: [REDIRECT_URI], ...registration });
  await fixture.server.users.create({ name: "nancy", password: PASSWORD, permissions: ["manage_orders"] });
  await fixture.server.users.create({ name: "andrew", password: PASSWORD, permissions: ["*"] });
  return { ...fixture, id };
}

const headingOf = ({ text }: Answer) => /<h1>(.*)<\/h1>/.exec(text)?.[1]?.replaceAll("&#39;", "'");

function assertPage(answer: Answer, status: number, heading: string): void {
  assert.deepEqual([answer.status, headingOf(answer), answer.headers["location"]], [status, heading, undefined]);
  assert.equal(answer.headers["content-type"], "text/html; charset=utf-8");
}

test("The whole way: sign in, consent, and back to the app with code, state and iss", async () => {
  const fixture = await ready();
  const browser = createBrowser(fixture);
  const login = await browser.get(authorizeQuery(fixture.id, { scope: "manage_orders" }));
  assertPage(login, 200, "Sign in");
  const signedIn = await browser.submit(login, { name: "Nancy", password: PASSWORD, action: "sign-in" });
  assert.equal(signedIn.status, 303);
  const consent = await browser.get(String(signedIn.headers["location"]));
  assertPage(consent, 200, "“Portal” asks for access");
  assert.match(consent.text, /<li>Manage orders<\/li>/);
  assert.match(consent.text, /Signed in as <strong>nancy<\/strong>/);
  assert.match(consent.text, /go back to <strong>app\.example<\/strong>/);
  const { code, ...rest } = callbackOf(await browser.submit(consent, { action: "approve" }));
  assert.deepEqual(rest, { state: "xyz", iss: ISSUER });
  const tokens = await fixture.post("/oauth/token", { grant_type: "authorization_code", client_id: fixture.id, code: code ?? "", code_verifier: VERIFIER, redirect_uri: REDIRECT_URI });
  assert.equal(tokens.json["scope"], "manage_orders");
});

test("A1, A5: without a known client and one of its redirect URIs there is a page and never a redirect", async () => {
  const { id, send, server } = await ready();
  for (const client_id of ["nobody", "__proto__"]) assertPage(await send(authorizeQuery(client_id)), 400, "This app is not known here");
  const incomplete = [...[undefined, ""].flatMap((none) => [authorizeQuery(id, { client_id: none }), authorizeQuery(id, { redirect_uri: none })]), "/oauth/authorize", "/oauth/authorize?"];
  for (const target of incomplete) assertPage(await send(target), 400, "The link is incomplete");
  const wrong = ["https://evil.example/cb", "x", "javascript:alert(1)", `${REDIRECT_URI} `];
  for (const redirect_uri of wrong) assertPage(await send(authorizeQuery(id, { redirect_uri })), 400, "This app's return address is not registered");
  for (const broken of [`redirect_uri=${encodeURIComponent(REDIRECT_URI)}`, `client_id=${id}`, "x=%ff"]) assertPage(await send(`${authorizeQuery(id)}&${broken}`), 400, "This link is broken");
  await server.clients.disable(id);
  assertPage(await send(authorizeQuery(id)), 400, "This app is not known here");
});

test("A2: a redirect URI is compared as an exact text", () => {
  const registered = ["https://client.example/cb", "https://client.example/q?a=1"];
  for (const uri of registered) assert.equal(isRegisteredRedirectUri(uri, registered), true);
  const refused = ["https://client.example/cb?x=1", "https://client.example/q", "https://client.example/q?a=2", "https://client.example/q?a=1&b=2", "https://client.example/cb/", "https://client.example:443/cb", "https://CLIENT.EXAMPLE/cb",
    "HTTPS://client.example/cb", "http://client.example/cb", "https://client.example/x/../cb", "https://client.example/..;/cb", "https://client.example/%63b", "https://client.example%2fcb", "https://client.example@evil.example/cb", "https://client.example/cb#x",
    "https://client.example\\cb", "https://client.example.evil.example/cb", "https://evil.example/https://client.example/cb", "https://client.example/cb\n", " https://client.example/cb", ""];
  for (const uri of refused) assert.equal(isRegisteredRedirectUri(uri, registered), false, uri);
});

test("A3: of a loopback address the port is free, and nothing else", () => {
  const registered = ["http://127.0.0.1/callback", "http://[::1]:5000/cb?a=1", "http://localhost/cb"];
  for (const uri of ["http://127.0.0.1/callback", "http://127.0.0.1:1/callback", "http://127.0.0.1:65535/callback", "http://[::1]/cb?a=1", "http://[::1]:80/cb?a=1", "http://localhost:3000/cb"]) {
    assert.equal(isRegisteredRedirectUri(uri, registered), true, uri);
  }
  const refused = ["http://127.0.0.1:0/callback", "http://127.0.0.1:65536/callback", "http://127.0.0.1:/callback", "http://127.0.0.1:80x/callback", "http://127.0.0.1:1/callback/", "http://127.0.0.1:1/callback?x=1", "http://[::1]:1/cb", "http://[::1]:1/cb?a=2",
    "http://127.000.000.001:1/callback", "http://127.0.0.2/callback", "http://LOCALHOST:1/cb", "http://localhost:1/callback", "http://127.0.0.1:1@evil.example/callback", "http://127.0.0.1.evil.example/callback", "https://127.0.0.1:1/callback", "http://127.0.0.1:1/callback#x", "http://2130706433/callback"];
  for (const uri of refused) assert.equal(isRegisteredRedirectUri(uri, registered), false, uri);
  assert.equal(isRegisteredRedirectUri("https://client.example:1/cb", ["https://client.example/cb"]), false);
});

test("A4: only safe redirect URIs can be registered", async () => {
  for (const uri of ["https://client.example", "https://client.example/cb?a=1", "https://client.example:8443/cb", "http://127.0.0.1/cb", "http://[::1]:3000/cb", "http://localhost:3000/cb", "com.example.app:/cb", "com.example.app://cb"]) assert.equal(isRegistrableRedirectUri(uri), true, uri);
  const refused = ["", "/cb", "client.example/cb", "https://client.example/cb#x", "http://client.example/cb", "javascript:alert(1)", "data:text/html,x", "vbscript:x", "file:///etc/passwd", "myapp:/cb", "https://user@client.example/cb", "https://client.example/x/../cb", "HTTPS://client.example/cb", "https://client.example\\cb",
    "https://client.example:443/cb", "https://CLIENT.example/cb", "https://client.example/a b", "https://client.example/\u00e9", "http://127.0.0.2/cb", "java.script:", `https://client.example/${"x".repeat(2000)}`];
  for (const uri of refused) assert.equal(isRegistrableRedirectUri(uri), false, uri);
  const { server } = createFixture();
  await assert.rejects(server.clients.create({ name: "X", type: "public", redirect_uris: ["http://client.example/cb"] }), { name: "TypeError", message: /^client: redirect_uris/ });
  await assert.rejects(server.clients.create({ name: "X", type: "public" }), { name: "TypeError", message: /^client: redirect_uris/ });
});

test("A6, A7, A8, A9, A23: every later fault goes back to the app, with state and iss", async () => {
  const { id, send } = await ready({ scopes: ["manage_orders"] });
  const cases: readonly (readonly [Readonly<Record<string, string | undefined>>, string])[] = [
    [{ response_type: undefined }, "invalid_request"],
    [{ response_type: "token" }, "unsupported_response_type"],
    [{ response_type: "code id_token" }, "unsupported_response_type"],
    [{ response_mode: "fragment" }, "invalid_request"],
    [{ code_challenge: undefined }, "invalid_request"],
    [{ code_challenge_method: undefined }, "invalid_request"],
    [{ code_challenge_method: "plain" }, "invalid_request"],
    [{ code_challenge_method: "s256" }, "invalid_request"],
    [{ code_challenge: CHALLENGE.slice(1) }, "invalid_request"],
    [{ code_challenge: `${CHALLENGE}A` }, "invalid_request"],
    [{ code_challenge: `${CHALLENGE.slice(1)}=` }, "invalid_request"],
    [{ code_challenge: `${CHALLENGE.slice(1)}.` }, "invalid_request"],
    [{ scope: "view_reports" }, "invalid_scope"],
    [{ scope: "a\nb" }, "invalid_scope"],
    [{ resource: "https://other.example" }, "invalid_target"],
    [{ request: "x" }, "request_not_supported"],
    [{ request_uri: "https://evil.example/" }, "request_uri_not_supported"],
    [{ registration: "{}" }, "registration_not_supported"],
  ];
  for (const [change, error] of cases) {
    const { error_description, ...rest } = callbackOf(await send(authorizeQuery(id, change)));
    assert.deepEqual(rest, { error, state: "xyz", iss: ISSUER }, JSON.stringify(change));
    assert.match(error_description ?? "", /^[\x20\x21\x23-\x5b\x5d-\x7e]+$/);
  }
  assert.equal((await send(authorizeQuery(id, { scope: "manage_orders", resource: RESOURCE }))).status, 200);
});

test("A7: PKCE is asked of confidential clients as well", async () => {
  const { server, send } = await ready();
  const { client_id } = await server.clients.create({ name: "Web", grant_types: ["authorization_code"], redirect_uris: [REDIRECT_URI] });
  assert.equal(callbackOf(await send(authorizeQuery(client_id, { code_challenge: undefined })))["error"], "invalid_request");
});

test("A8: a duplicated parameter is refused, and a duplicated state is not echoed", async () => {
  const { id, send } = await ready();
  assert.deepEqual(callbackOf(await send(`${authorizeQuery(id)}&scope=a&scope=a`))["state"], "xyz");
  const doubled = callbackOf(await send(`${authorizeQuery(id)}&state=abc`));
  assert.deepEqual([doubled["error"], doubled["state"]], ["invalid_request", undefined]);
});

test("A9: a client that may not use codes is told so", async () => {
  const { server, send } = await ready();
  const { client_id } = await server.clients.create({ name: "Machine", redirect_uris: [REDIRECT_URI] });
  assert.equal(callbackOf(await send(authorizeQuery(client_id)))["error"], "unauthorized_client");
});

test("A10, A12: state comes back as it was, and the redirect URI keeps its own query", async () => {
  const uri = "https://app.example/cb?tenant=1";
  const fixture = await ready({ redirect_uris: [uri] });
  for (const state of ["a b+c&d=e%20#\u00e9\u{1f600}\"'<>", "x".repeat(4096)]) {
    const browser = createBrowser(fixture);
    const consent = await signIn(browser, authorizeQuery(fixture.id, { redirect_uri: uri, state }));
    const answer = await browser.submit(consent, { action: "approve" });
    assert.equal(answer.status, 303);
    assert.equal(String(answer.headers["location"]).startsWith(`${uri}&code=`), true);
    assert.equal(callbackOf(answer)["state"], state);
  }
  const tooLong = callbackOf(await fixture.send(authorizeQuery(fixture.id, { redirect_uri: uri, state: "x".repeat(4097) })));
  assert.deepEqual([tooLong["error"], tooLong["state"], tooLong["tenant"]], ["invalid_request", undefined, "1"]);
  const browser = createBrowser(fixture);
  const consent = await signIn(browser, authorizeQuery(fixture.id, { redirect_uri: uri, state: undefined }));
  assert.equal("state" in callbackOf(await browser.submit(consent, { action: "approve" })), false);
});

test("A11, A13: a denial goes back as access_denied with state and iss", async () => {
  const fixture = await ready();
  const browser = createBrowser(fixture);
  const consent = await signIn(browser, authorizeQuery(fixture.id));
  assert.deepEqual(callbackOf(await browser.submit(consent, { action: "deny" })), { error: "access_denied", error_description: "The user has denied the request.", state: "xyz", iss: ISSUER });
  assertPage(await browser.submit(consent, { action: "approve" }), 400, "You have answered already");
});

test("A14: every page and redirect says that it may be neither kept, framed nor referred to", async () => {
  const { id, send, ...fixture } = await ready();
  const browser = createBrowser({ ...fixture, send });
  const login = await browser.get(authorizeQuery(id));
  const answers = [login, await send("/oauth/authorize"), await send(authorizeQuery(id, { scope: "\n" })), await browser.submit(login, { name: "nancy", password: "wrong password", action: "sign-in" }), await send("//oauth/authorize"), await send("/oauth/authorize", { method: "PUT" })];
  for (const { headers, status } of answers) {
    if (status === 400 && headers["content-type"] !== "text/html; charset=utf-8") continue;
    assert.deepEqual([headers["cache-control"], headers["referrer-policy"], headers["x-frame-options"], headers["x-content-type-options"]], ["no-store", "no-referrer", "DENY", "nosniff"]);
    assert.match(String(headers["content-security-policy"]), /^default-src 'none'; style-src 'sha256-[A-Za-z0-9+/=]+'; frame-ancestors 'none'; base-uri 'none'$/);
  }
  assert.equal(/<script|javascript:|\son\w+=|style="/i.test(login.text), false);
});

test("A15: the pages never speak CORS, the token endpoint does where it is configured", async () => {
  const { id, send } = await ready({}, { cors: { origins: ["https://app.example"] } });
  const headers = { origin: "https://app.example" };
  assert.equal((await send(authorizeQuery(id), { headers })).headers["access-control-allow-origin"], undefined);
  assert.equal((await send("/oauth/authorize", { method: "OPTIONS", headers: { ...headers, "access-control-request-method": "POST" } })).status, 405);
  assert.equal((await send("/oauth/jwks", { headers })).headers["access-control-allow-origin"], "https://app.example");
});

test("A16: a GET never grants, even when the user is signed in and has agreed before", async () => {
  const fixture = await ready();
  const browser = createBrowser(fixture);
  const consent = await signIn(browser, authorizeQuery(fixture.id));
  callbackOf(await browser.submit(consent, { action: "approve" }));
  assertPage(await browser.get(authorizeQuery(fixture.id)), 200, "“Portal” asks for access");
  const { transaction = "", csrf = "" } = hiddenFields(await browser.get(authorizeQuery(fixture.id)));
  const byGet = await browser.get(`/oauth/authorize?transaction=${transaction}&csrf=${csrf}&action=approve`);
  assertPage(byGet, 200, "“Portal” asks for access");
});

test("A17: a form without the token of this browser, or from another site, is refused and grants nothing", async () => {
  const fixture = await ready();
  const browser = createBrowser(fixture);
  const consent = await signIn(browser, authorizeQuery(fixture.id));
  const refused = "This form was not accepted";
  for (const csrf of ["", "x", "A".repeat(43)]) assertPage(await browser.submit(consent, { action: "approve", csrf }), 403, refused);
  assertPage(await browser.submit(consent, { action: "approve", transaction: "" }), 403, refused);
  assertPage(await browser.submit(consent, { action: "nonsense" }), 403, refused);
  for (const headers of [{ "sec-fetch-site": "cross-site" }, { "sec-fetch-site": "same-site" }, { origin: "https://evil.example" }, { origin: "https://auth.example.evil.example" }]) {
    assertPage(await browser.submit(consent, { action: "approve" }, headers), 403, refused);
  }
  assertPage(await createBrowser(fixture).submit(consent, { action: "approve" }), 403, refused);
  const other = createBrowser(fixture);
  await signIn(other, authorizeQuery(fixture.id), "andrew");
  assertPage(await other.submit(consent, { action: "approve" }), 403, refused);
  assert.equal((await fixture.store.list("oauth.codes", { limit: 10 })).records.length, 0);
  callbackOf(await browser.submit(consent, { action: "approve" }, { origin: ISSUER }));
});

test("A18: nothing in the form changes what was asked; a transaction gives one code and ends in minutes", async () => {
  const fixture = await ready({ redirect_uris: [REDIRECT_URI, "https://app.example/other"] });
  const browser = createBrowser(fixture);
  const consent = await signIn(browser, authorizeQuery(fixture.id, { scope: "manage_orders" }));
  const tampered = await browser.submit(consent, { action: "approve", scope: "*", redirect_uri: "https://app.example/other", client_id: "x", state: "evil", code_challenge: "x" });
  assert.equal(String(tampered.headers["location"]).startsWith(`${REDIRECT_URI}?`), true);
  assert.equal(callbackOf(tampered)["state"], "xyz");
  const again = await browser.submit(consent, { action: "approve" });
  assert.equal(again.headers["location"], tampered.headers["location"]);
  assert.equal((await fixture.store.list("oauth.codes", { limit: 10 })).records.length, 1);
  assertPage(await browser.submit(consent, { action: "deny" }), 400, "You have answered already");
  const { code = "" } = callbackOf(again);
  assert.equal((await fixture.post("/oauth/token", { grant_type: "authorization_code", client_id: fixture.id, code, code_verifier: VERIFIER })).status, 200);
  assertPage(await browser.submit(consent, { action: "approve" }), 400, "You have answered already");
  const late = await browser.get(authorizeQuery(fixture.id));
  fixture.clock.now += 600_000;
  assertPage(await browser.submit(late, { action: "approve" }), 400, "This sign-in has ended");
});

test("A18: a transaction belongs to the browser that opened it and to the user who answered", async () => {
  const fixture = await ready();
  const browser = createBrowser(fixture);
  const consent = await signIn(browser, authorizeQuery(fixture.id));
  const { transaction = "" } = hiddenFields(consent);
  const other = createBrowser(fixture);
  assertPage(await other.get(`/oauth/authorize?transaction=${transaction}`), 400, "This sign-in has ended");
  await signIn(other, authorizeQuery(fixture.id), "andrew");
  assertPage(await other.get(`/oauth/authorize?transaction=${transaction}`), 400, "This sign-in has ended");
  callbackOf(await browser.submit(consent, { action: "approve" }));
  const login = await browser.get(String((await browser.submit(await browser.get(authorizeQuery(fixture.id)), { action: "switch-user" })).headers["location"]));
  assertPage(login, 200, "Sign in");
  await browser.submit(login, { name: "andrew", password: PASSWORD, action: "sign-in" });
  assertPage(await browser.submit(consent, { action: "approve" }), 400, "You have answered already");
  assertPage(await browser.get(`/oauth/authorize?transaction=${transaction}`), 400, "You have answered already");
});

test("A19: an unknown name, a wrong password and a disabled user get the same page", async () => {
  const fixture = await ready();
  const disabled = (await fixture.server.users.findByName("andrew"))?.user_id ?? "";
  await fixture.server.users.disable(disabled);
  const browser = createBrowser(fixture);
  const login = await browser.get(authorizeQuery(fixture.id));
  const pages: string[] = [];
  for (const [name, password] of [["nancy", "wrong password"], ["nobody", PASSWORD], ["andrew", PASSWORD], ["nancy", ""], ["nancy", `${PASSWORD} `]] as const) {
    const answer = await browser.submit(login, { name, password, action: "sign-in" });
    assertPage(answer, 403, "Sign in");
    assert.match(answer.text, /role="alert" id="fault">The name or the password is not right\. Please try again\.</);
    pages.push(answer.text.replace(/value="(nancy|nobody|andrew)"/, ""));
  }
  assert.equal(new Set(pages).size, 1);
  assert.equal(browser.cookies.has("__Host-actionport-session"), false);
});

test("A19: after eight wrong passwords an account's address must wait, and is told how long", async () => {
  const fixture = await ready();
  const browser = createBrowser(fixture);
  const login = await browser.get(authorizeQuery(fixture.id));
  for (let count = 0; count < 8; count++) assert.equal((await browser.submit(login, { name: "NANCY", password: "wrong password", action: "sign-in" })).status, 403);
  const throttled = await browser.submit(login, { name: "nancy", password: PASSWORD, action: "sign-in" });
  assertPage(throttled, 429, "Sign in");
  assert.equal(Number(throttled.headers["retry-after"]) > 0, true);
  fixture.clock.now += Number(throttled.headers["retry-after"]) * 1000;
  assert.equal((await browser.submit(login, { name: "nancy", password: PASSWORD, action: "sign-in" })).status, 303);
});

test("A19: whoever signs in again and again with the right password is not held up", async () => {
  const fixture = await ready();
  for (let count = 0; count < 25; count++) await signIn(createBrowser(fixture), authorizeQuery(fixture.id));
});

test("A19: a login makes a new session, in cookies that scripts and other hosts cannot reach", async () => {
  const fixture = await ready();
  const browser = createBrowser(fixture);
  const login = await browser.get(authorizeQuery(fixture.id));
  assert.match(String(login.headers["set-cookie"]), /^__Host-actionport-browser=[A-Za-z0-9]{43}; Path=\/; HttpOnly; SameSite=Lax; Secure$/);
  const planted = createBrowser(fixture);
  planted.cookies.set("__Host-actionport-browser", "guessable");
  assert.match(String((await planted.get(authorizeQuery(fixture.id))).headers["set-cookie"]), /^__Host-actionport-browser=[A-Za-z0-9]{43};/);
  browser.cookies.set("__Host-actionport-session", "P".repeat(43));
  const answer = await browser.submit(login, { name: "nancy", password: PASSWORD, action: "sign-in", return_to: "https://evil.example", transaction_uri: "x" });
  assert.match(String(answer.headers["set-cookie"]), /^__Host-actionport-session=[A-Za-z0-9]{43}; Path=\/; HttpOnly; SameSite=Lax; Secure$/);
  assert.notEqual(browser.cookies.get("__Host-actionport-session"), "P".repeat(43));
  assert.match(String(answer.headers["location"]), /^\/oauth\/authorize\?transaction=[0-9a-f-]{36}$/);
  const stored = JSON.stringify([await fixture.store.list("oauth.sessions", { limit: 10 }), await fixture.store.list("oauth.transactions", { limit: 10 })]);
  for (const secret of browser.cookies.values()) assert.equal(stored.includes(secret), false);
});

const BROWSER = "__Host-actionport-browser";

test("A18: whoever has planted the browser's secret, and knows the transaction, cannot tell the code; nor can whoever reads the store", async () => {
  const fixture = await ready();
  const browser = createBrowser(fixture);
  await signIn(browser, authorizeQuery(fixture.id));
  for (const planted of ["P".repeat(43), browser.cookies.get(BROWSER) ?? ""]) {
    browser.cookies.set(BROWSER, planted);
    const consent = await browser.get(authorizeQuery(fixture.id));
    const { transaction = "" } = hiddenFields(consent);
    const { code = "" } = callbackOf(await browser.submit(consent, { action: "approve" }));
    assert.match(code, /^[A-Za-z0-9_-]{43}$/);
    assert.notEqual(code, createHmac("sha256", planted).update(`code ${transaction}`).digest("base64url"));
    const [record] = await fixture.store.read("oauth.transactions", [transaction]);
    assert.equal(JSON.stringify(record).includes(code), false);
    const salt = String(record?.value["code_salt"]);
    assert.match(salt, /^[A-Za-z0-9]{43}$/);
    for (const stored of Object.values(record?.value ?? {})) {
      assert.notEqual(code, createHmac("sha256", String(stored)).update(`code ${transaction} ${salt}`).digest("base64url"));
    }
  }
});

test("A19: a login gives the browser a fresh secret, to which what was begun before goes over", async () => {
  const fixture = await ready();
  const browser = createBrowser(fixture);
  const planted = "P".repeat(43);
  browser.cookies.set(BROWSER, planted);
  const login = await browser.get(authorizeQuery(fixture.id));
  const { transaction = "" } = hiddenFields(login);
  const attacker = createBrowser(fixture);
  attacker.cookies.set(BROWSER, planted);
  assertPage(await attacker.get(`/oauth/authorize?transaction=${transaction}`), 200, "Sign in");
  const answer = await browser.submit(login, { name: "nancy", password: PASSWORD, action: "sign-in" });
  const consent = await browser.get(String(answer.headers["location"]));
  const fresh = browser.cookies.get(BROWSER) ?? "";
  assert.match(fresh, /^[A-Za-z0-9]{43}$/);
  assert.notEqual(fresh, planted);
  assertPage(await attacker.get(`/oauth/authorize?transaction=${transaction}`), 400, "This sign-in has ended");
  assertPage(await attacker.submit(login, { action: "approve" }), 400, "This sign-in has ended");
  assertPage(await browser.get(`/oauth/authorize?transaction=${transaction}`), 200, "“Portal” asks for access");
  assert.equal(browser.cookies.get(BROWSER), fresh, "once is enough for a session");
  callbackOf(await browser.submit(consent, { action: "approve" }));
});

test("A19: a secret that is planted behind the login is not taken either", async () => {
  const fixture = await ready();
  const browser = createBrowser(fixture);
  const planted = "P".repeat(43);
  const attacker = createBrowser(fixture);
  attacker.cookies.set(BROWSER, planted);
  const { transaction = "" } = hiddenFields(await attacker.get(authorizeQuery(fixture.id)));
  await signIn(browser, authorizeQuery(fixture.id));
  browser.cookies.set(BROWSER, planted);
  const consent = await browser.get(`/oauth/authorize?transaction=${transaction}`);
  assertPage(consent, 200, "“Portal” asks for access");
  assert.notEqual(browser.cookies.get(BROWSER), planted);
  assertPage(await attacker.get(`/oauth/authorize?transaction=${transaction}`), 400, "This sign-in has ended");
  callbackOf(await browser.submit(consent, { action: "approve" }));
});

test("A19: a session ends by time, by a new password, and with its user", async () => {
  const fixture = await ready();
  const nancy = (await fixture.server.users.findByName("nancy"))?.user_id ?? "";
  const changes = [() => fixture.server.users.setPassword(nancy, PASSWORD), () => fixture.server.users.disable(nancy), async () => void (fixture.clock.now += 8 * 3_600_000)];
  for (const change of changes) {
    const browser = createBrowser(fixture);
    const consent = await signIn(browser, authorizeQuery(fixture.id));
    await change();
    assertPage(await browser.get(authorizeQuery(fixture.id)), 200, "Sign in");
    const answer = await browser.submit(consent, { action: "approve" });
    assert.notEqual(String(answer.headers["location"]).startsWith(REDIRECT_URI), true);
    await fixture.server.users.enable(nancy);
  }
});

test("A20: whatever apps and users are called stands in the page as text", async () => {
  const fixture = await ready({ name: `<script>alert(1)</script>"'&`, redirect_uris: ["http://127.0.0.1/callback"] });
  const browser = createBrowser(fixture);
  const query = authorizeQuery(fixture.id, { redirect_uri: "http://127.0.0.1:5000/callback", scope: "<b>" });
  const login = await browser.get(query);
  const failed = await browser.submit(login, { name: `"><img src=x onerror=1>`, password: "wrong password", action: "sign-in" });
  const consent = await signIn(browser, query);
  for (const { text } of [login, failed, consent]) assert.equal(/<script>|<img|<b>/.test(text), false);
  assert.match(consent.text, /&lt;script&gt;alert\(1\)&lt;\/script&gt;&quot;&#39;&amp;/);
  assert.match(consent.text, /This app runs on your own device \(<strong>127\.0\.0\.1<\/strong>\)/);
});

test("A21: only the operator registers apps, which is why a fault may go to one before anybody has signed in", async () => {
  const { send, post, id } = await ready();
  assert.equal(callbackOf(await send(authorizeQuery(id, { response_type: "token" })))["error"], "unsupported_response_type");
  assert.equal((await post("/oauth/register", { redirect_uris: "https://evil.example" })).status, 404);
  assert.equal("registration_endpoint" in (await send("/.well-known/oauth-authorization-server")).json, false);
});

test("A22: JSON, or any body but a form, is a page of 400", async () => {
  const { send } = await ready();
  for (const type of ["application/json", "text/plain", "multipart/form-data; boundary=x", ""]) {
    assertPage(await send("/oauth/authorize", { method: "POST", headers: type === "" ? {} : { "content-type": type }, body: "{}" }), 400, "This request cannot be answered");
  }
});

test("A24: an unknown parameter is ignored", async () => {
  const fixture = await ready();
  const browser = createBrowser(fixture);
  const consent = await signIn(browser, `${authorizeQuery(fixture.id)}&prompt=none&foo=bar&transaction=x`);
  assert.equal(typeof callbackOf(await browser.submit(consent, { action: "approve" }))["code"], "string");
});

test("With an issuer on plain http loopback the cookies have plain names", async () => {
  const fixture = await ready({}, { issuer: "http://127.0.0.1:3000" });
  const browser = createBrowser(fixture);
  const login = await browser.get(authorizeQuery(fixture.id));
  assert.match(String(login.headers["set-cookie"]), /^actionport-browser=[A-Za-z0-9]{43}; Path=\/; HttpOnly; SameSite=Lax$/);
  assert.equal(typeof (await obtainCode(fixture, fixture.id)), "string");
});

test("Too many openings of the page from one address are a page of 429", async () => {
  const fixture = await ready();
  const statuses = await Promise.all(Array.from({ length: 301 }, () => fixture.send(authorizeQuery(fixture.id)).then(({ status }) => status)));
  assert.deepEqual([statuses.filter((status) => status === 200).length, statuses.filter((status) => status === 429).length], [300, 1]);
});
