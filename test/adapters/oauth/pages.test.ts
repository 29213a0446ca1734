import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";
import { chooseLanguage } from "../../../src/adapters/oauth/authorize/pages/texts/accept-language.ts";
import { ENGLISH } from "../../../src/adapters/oauth/authorize/pages/texts/english.ts";
import { GERMAN } from "../../../src/adapters/oauth/authorize/pages/texts/german.ts";
import { placeholdersOf } from "../../../src/adapters/oauth/authorize/pages/texts/page-texts.ts";
import { createMemoryStore } from "../../../src/adapters/memory/index.ts";
import type { RecordStore } from "../../../src/domain/ports.ts";
import type { PagesOptions } from "../../../src/adapters/oauth/index.ts";
import { PASSWORD, REDIRECT_URI, authorizeQuery, createBrowser, signIn } from "./browser.ts";
import { createFixture } from "./fixture.ts";
import type { Answer } from "./fixture.ts";

const SCOPES = { manage_orders: "Manage orders" };

async function ready(pages: PagesOptions = {}, options: Parameters<typeof createFixture>[0] = {}) {
  const fixture = createFixture({ name: "Northwind", scopes: SCOPES, pages, ...options });
  const { client_id: id } = await fixture.server.clients.create({ name: "Order Desk", type: "public", redirect_uris: [REDIRECT_URI] });
  await fixture.server.users.create({ name: "nancy", password: PASSWORD, permissions: ["manage_orders"] });
  return { ...fixture, id };
}

/** What a person reads, each piece of text on its own. */
function readText({ text }: Answer): readonly string[] {
  const body = text.slice(text.indexOf("<body>")).replaceAll(/<\/?(?:strong|code|span)>/g, "");
  const pieces = body.split(/<[^>]*>/).map((piece) => piece.trim()).filter((piece) => piece !== "");
  return pieces.map((piece) => piece.replaceAll("&#39;", "'").replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&"));
}

const languageOf = ({ text, headers }: Answer) => [/<html lang="([^"]*)" dir="([^"]*)">/.exec(text)?.slice(1).join(" "), headers["content-language"]];

test("The pages say who asks for what on whose behalf, and show a permission's code only where it has no sentence", async () => {
  const fixture = await ready();
  const browser = createBrowser(fixture);
  const target = authorizeQuery(fixture.id, { scope: "manage_orders view_reports" });
  assert.deepEqual(readText(await browser.get(target)), ["Northwind", "Sign in", "to continue to “Order Desk”", "Name", "Password", "Sign in"]);
  const consent = await signIn(browser, target);
  assert.deepEqual(readText(consent), [
    "Northwind", "“Order Desk” asks for access", "If you allow it, “Order Desk” may do this on your behalf:", "Manage orders", "view_reports",
    "Afterwards you go back to app.example.", "Allow", "Deny", "Signed in as nancy", "Not you?",
  ]);
  assert.match(consent.text, /<li>Manage orders<\/li><li><code>view_reports<\/code><\/li>/);
  assert.match(consent.text, /<title>“Order Desk” asks for access - Northwind<\/title>/);
  assert.deepEqual(languageOf(consent), ["en ltr", "en"]);
});

test("A link without client_id or redirect_uri says which is missing and what to do", async () => {
  const { send, id } = await ready();
  for (const parameter of ["client_id", "redirect_uri"]) {
    assert.deepEqual(readText(await send(authorizeQuery(id, { [parameter]: undefined }))), [
      "Northwind",
      "The link is incomplete",
      `The address of this page does not say ${parameter}, which the app should have put there. Go back to the app and start again. If that does not help, tell the people who run the app.`,
    ]);
  }
});

test("After too many attempts the form stays, with the name and without the password, and says how many minutes to wait", async () => {
  const fixture = await ready();
  const browser = createBrowser(fixture);
  const login = await browser.get(authorizeQuery(fixture.id));
  const attempt = (password: string) => browser.submit(login, { name: "nancy", password, action: "sign-in" });
  for (let count = 0; count < 8; count++) await attempt("wrong password");
  const throttled = await attempt("my secret guess");
  assert.deepEqual([throttled.status, throttled.headers["retry-after"]], [429, "113"]);
  assert.match(throttled.text, /<p class="alert" role="alert" id="fault">Too many sign-in attempts\. Try again in 2 minutes\.<\/p>/);
  assert.match(throttled.text, /<title>Error: Sign in - Northwind<\/title>/);
  assert.match(throttled.text, /<input id="name" [^>]*value="nancy" aria-describedby="fault">/);
  assert.match(throttled.text, /<input id="password" [^>]*required aria-describedby="fault" autofocus>/);
  assert.equal(throttled.text.includes("guess"), false);
  fixture.clock.now += 60_000;
  assert.match((await attempt(PASSWORD)).text, /Try again in 1 minute\./);
  fixture.clock.now += 60_000;
  assert.equal((await browser.submit(throttled, { name: "nancy", password: PASSWORD, action: "sign-in" })).status, 303);
});

test("Where the server cannot look at a password just now, the form stays as well", async () => {
  const memory = createMemoryStore({ clock: () => 0 });
  const state = { isDown: false };
  const store: RecordStore = {
    read: (collection, ids) => (state.isDown && collection === "oauth.user_names" ? Promise.reject(new Error("no answer")) : memory.read(collection, ids)),
    list: (collection, page) => memory.list(collection, page),
    commit: (changes, entries) => memory.commit(changes, entries),
    trail: (query) => memory.trail(query),
    durable: () => memory.durable(),
  };
  const fixture = await ready({}, { store });
  const browser = createBrowser(fixture);
  const login = await browser.get(authorizeQuery(fixture.id));
  state.isDown = true;
  const busy = await browser.submit(login, { name: "nancy", password: PASSWORD, action: "sign-in" });
  assert.deepEqual([busy.status, busy.headers["retry-after"]], [503, "5"]);
  assert.match(busy.text, /id="fault">The server is busy\. Please try again in a moment\.</);
  assert.equal(fixture.observed.some(({ event }) => event === "oauth.sign_in_failed"), false);
  state.isDown = false;
  assert.equal((await browser.submit(busy, { name: "nancy", password: PASSWORD, action: "sign-in" })).status, 303);
});

test("In German every page is German: the way through, the errors, and what the guard in front refuses", async () => {
  const fixture = await ready({ lang: "de", scopes: { de: { manage_orders: "Bestellungen bearbeiten" } }, support: "mailto:hilfe@northwind.example" });
  const browser = createBrowser(fixture);
  const target = authorizeQuery(fixture.id, { scope: "manage_orders" });
  const login = await browser.get(target);
  assert.deepEqual(readText(login), ["Northwind", "Anmelden", "und weiter zu „Order Desk“", "Name", "Passwort", "Anmelden", "Hilfe"]);
  assert.deepEqual(languageOf(login), ["de ltr", "de"]);
  for (let count = 0; count < 8; count++) await browser.submit(login, { name: "andrew", password: "wrong password", action: "sign-in" });
  assert.match((await browser.submit(login, { name: "andrew", password: "x", action: "sign-in" })).text, /Zu viele Anmeldeversuche\. Versuchen Sie es in 2 Minuten noch einmal\./);
  assert.deepEqual(readText(await signIn(browser, target)), [
    "Northwind", "„Order Desk“ bittet um Zugriff", "Wenn Sie es erlauben, darf „Order Desk“ in Ihrem Namen:", "Bestellungen bearbeiten",
    "Danach geht es zurück zu app.example.", "Erlauben", "Ablehnen", "Angemeldet als nancy", "Nicht Sie?", "Hilfe",
  ]);
  assert.deepEqual(readText(await fixture.send(authorizeQuery("nobody"))).slice(1, 2), [GERMAN.appUnknownTitle]);
  const doubled = await fixture.send(target, { rawHeaders: ["Host", "a", "Host", "b", "X-Request-Id", "r-1"] });
  assert.deepEqual([doubled.status, ...readText(doubled)], [400, "Northwind", GERMAN.requestRefusedTitle, GERMAN.requestRefusedText, "Anfrage r-1", "Hilfe"]);
});

test("Of several languages the browser's wish decides, for pages and for forms alike", async () => {
  const fixture = await ready({ lang: ["en", "de"] });
  const asked = { "accept-language": "fr, de-AT;q=0.8, en;q=0.5" };
  const browser = createBrowser(fixture);
  const login = await browser.get(authorizeQuery(fixture.id), asked);
  assert.deepEqual(languageOf(login), ["de ltr", "de"]);
  assert.match((await browser.submit(login, { name: "nancy", password: "x", action: "sign-in" }, asked)).text, /id="fault">Der Name oder das Passwort stimmt nicht\./);
  assert.deepEqual(languageOf(await browser.get(authorizeQuery(fixture.id))), ["en ltr", "en"]);
});

test("A language is found by the browser's weights, then by its order, with and without a region", () => {
  const cases: readonly (readonly [accept: string | undefined, expected: string])[] = [
    [undefined, "en"], ["", "en"], ["fr", "en"], ["de", "de"], ["DE", "de"], ["de-CH-1996", "de"], ["pt", "pt-BR"], ["pt-PT", "pt-BR"], ["pt-br", "pt-BR"],
    ["en;q=0.5, de;q=0.9", "de"], ["de, en", "de"], ["de;q=0, pt", "pt-BR"], ["*", "en"], ["fr, *;q=0.5, de;q=0.4", "en"], ["de;q=x, pt;q=0.1", "pt-BR"], [";;,,-", "en"],
    [`${"fr,".repeat(20)}de`, "en"], ["d", "en"], ["__proto__", "en"],
  ];
  for (const [accept, expected] of cases) assert.equal(chooseLanguage(["en", "de", "pt-BR"], accept), expected, accept);
});

test("Every dictionary has each sentence, with the same names in braces, and the documentation lists them", () => {
  assert.deepEqual(Object.keys(GERMAN), Object.keys(ENGLISH));
  const page = readFileSync("docs/sign-in-pages.md", "utf8");
  const rows = page.slice(page.indexOf("## The sentences")).matchAll(/^\| `(\w+)` \| (.*) \|$/gm);
  assert.deepEqual(Object.fromEntries([...rows].map(([, key, text]) => [key, text])), { ...ENGLISH });
  const namesIn = (texts: Readonly<Record<string, string>>) => Object.entries(texts).map(([key, text]) => [key, placeholdersOf(text)]);
  assert.deepEqual(namesIn(GERMAN), namesIn(ENGLISH));
});

test("An application's own sentences stand over ours, and a language that we do not speak comes whole, from right to left where it is written so", async () => {
  const own = await ready({ texts: { en: { allow: "Yes, <b>go</b> on", signedInAs: "You are {user}" } } });
  const consent = await signIn(createBrowser(own), authorizeQuery(own.id));
  assert.deepEqual(readText(consent).slice(-4), ["Yes, <b>go</b> on", "Deny", "You are nancy", "Not you?"]);
  assert.equal(consent.text.includes("<b>"), false);
  const arabic = Object.fromEntries(Object.entries(ENGLISH).map(([key, text]) => [key, `ع ${text}`]));
  const other = await ready({ lang: "ar", texts: { ar: arabic } });
  const page = await other.send(authorizeQuery(other.id));
  assert.deepEqual(languageOf(page), ["ar rtl", "ar"]);
  assert.equal(readText(page)[1], "ع Sign in");
});

test("The link to help stands below every page, errors included", async () => {
  const { send, id } = await ready({ support: "https://northwind.example/help?a=1&b=2" });
  for (const target of [authorizeQuery(id), authorizeQuery("nobody"), "/oauth/authorize"]) {
    assert.match((await send(target)).text, /<footer><a href="https:\/\/northwind\.example\/help\?a=1&amp;b=2">Get help<\/a><\/footer>/);
  }
  assert.equal((await (await ready()).send(authorizeQuery(id))).text.includes("<footer>"), false);
});

test("Wrong options of the pages are told at start, by name and with the remedy", () => {
  // Options as JavaScript may bring them: the types refuse some of these.
  const cases: readonly (readonly [pages: object, message: string | RegExp])[] = [
    [{ lang: "english_" }, 'pages.lang: "english_" is no language tag; give one such as "en", "de" or "pt-BR"'],
    [{ lang: [] }, 'pages.lang is an empty list: name one language at least, such as "en"'],
    [{ lang: ["de", "en", "DE"] }, "pages.lang: de stands there twice; name each language once"],
    [{ language: "de" }, "pages.language: there is no such option; there are lang, texts, scopes, support"],
    [{ texts: { de: { allow: "Ja" } } }, 'pages.texts.de: add "de" to pages.lang, which has en'],
    [{ scopes: { de: {} } }, 'pages.scopes.de: add "de" to pages.lang, which has en'],
    [{ texts: { en: { alow: "Yes" } } }, /^pages\.texts\.en\.alow: there is no such sentence; there are signIn, continueTo, /],
    [{ texts: { en: { __proto__: null, constructor: "Yes" } } }, /^pages\.texts\.en\.constructor: there is no such sentence/],
    [{ texts: { en: { allow: "" } } }, "pages.texts.en.allow must be a sentence; leave it out to have ours"],
    [{ texts: { en: { allow: 1 } } }, "pages.texts.en.allow must be a sentence; leave it out to have ours"],
    [{ texts: { en: { continueTo: "to your app" } } }, 'pages.texts.en.continueTo must have {app}, as in "to continue to “{app}”"'],
    [{ texts: { en: { allow: "Allow {app}" } } }, 'pages.texts.en.allow must have no names in braces, as in "Allow"'],
    [{ lang: "fr", texts: { fr: { ...ENGLISH, allow: undefined } } }, "pages.texts.fr.allow must be a sentence; leave it out to have ours"],
    [{ lang: "fr", texts: { fr: { allow: "Autoriser" } } }, /^pages\.texts\.fr must have every sentence, since only English and German come along; missing: signIn, continueTo, name, /],
    ...["http://northwind.example", "javascript:alert(1)", "mailto:", "help", "https://user:pass@northwind.example"].map((support) => [
      { support }, `pages.support: ${JSON.stringify(support)} must be an https URL or a mailto address, such as "mailto:help@example.com"`,
    ] as const),
  ];
  for (const [pages, message] of cases) assert.throws(() => createFixture({ pages }), { name: "TypeError", message }, JSON.stringify(pages));
});
