import assert from "node:assert/strict";
import { createHash, randomUUID } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import test from "node:test";
import { createFixedKeyRing, createSigningKey } from "../../src/adapters/jwt/index.ts";
import { createMemoryStore } from "../../src/adapters/memory/index.ts";
import { startServer } from "../../src/adapters/node-http/index.ts";
import { createAuthorizationServer } from "../../src/adapters/oauth/index.ts";
import type { AuthorizationServer } from "../../src/adapters/oauth/index.ts";
import { ENTER, TAB, startWebDriver } from "./webdriver.ts";
import type { WebDriverBrowser, Window } from "./webdriver.ts";

const PASSWORD = "correct horse battery";
const VERIFIER = "v".repeat(43);
const CHALLENGE = createHash("sha256").update(VERIFIER).digest("base64url");
/** Where an app on the web waits, which nobody goes to here. */
const WEB_APP = "https://dispatch.northwind.example/callback";
const DESKTOP: Window = { width: 1280, height: 900 };
const PHONE: Window = { width: 390, height: 844, mobile: true };
/** Where pictures are kept to be looked at; without it none are. */
const SCREENSHOTS = process.env["SCREENSHOT_DIR"];

const app = await startApp();
const { issuer, clientId, webClientId } = await startAuthorizationServer();
const driver = await startWebDriver();
test.after(() => driver.stop());

/** The app that asks for access: it shows what it was sent back with. */
async function startApp(): Promise<string> {
  const server = createServer((request, response) => {
    const parameters = new URL(request.url ?? "", "http://app").searchParams;
    response.setHeader("content-type", "text/html; charset=utf-8");
    response.end(`<!doctype html><title>App</title><p id="app">${parameters.has("code") ? "signed in" : parameters.get("error")}</p>`);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  test.after(() => new Promise((resolve) => {
    server.closeAllConnections();
    server.close(resolve);
  }));
  const address = server.address();
  assert.ok(address !== null && typeof address !== "string");
  return `http://127.0.0.1:${address.port}/callback`;
}

async function startAuthorizationServer(): Promise<{ readonly issuer: string; readonly clientId: string; readonly webClientId: string }> {
  const made: { authorization?: AuthorizationServer } = {};
  const server = await startServer({
    port: 0,
    createHandler({ url }) {
      const store = createMemoryStore({ clock: Date.now });
      const cost = { N: 1024, r: 8, p: 1 };
      made.authorization = createAuthorizationServer({
        store, issuer: url, resource: `${url}/api/v1`, signingKeys: createFixedKeyRing([createSigningKey()]), clock: Date.now, newId: randomUUID, name: "Northwind",
        scopes: { manage_orders: "Create, approve, ship and cancel orders", view_reports: "See sales reports and statements" }, passwordCost: cost,
        pages: { lang: ["en", "de"], support: "mailto:help@northwind.example", scopes: { de: { manage_orders: "Bestellungen anlegen, freigeben, versenden und stornieren", view_reports: "Verkaufsberichte und Kontoauszüge sehen" } } },
      });
      return made.authorization.handler;
    },
  });
  test.after(() => server.close());
  const { authorization } = made;
  assert.ok(authorization !== undefined);
  await authorization.users.create({ name: "nancy", password: PASSWORD, permissions: ["manage_orders"] });
  const { client_id: id } = await authorization.clients.create({ name: "Order Desk", description: "Approves and ships the orders of the day.", type: "public", redirect_uris: ["http://127.0.0.1/callback"] });
  const web = await authorization.clients.create({ name: "The Traders' Very Own Dispatch and Delivery Note Archive", type: "public", redirect_uris: [WEB_APP] });
  return { issuer: server.url, clientId: id, webClientId: web.client_id };
}

function authorizeUrl(change: Readonly<Record<string, string>> = {}): string {
  const parameters = { response_type: "code", client_id: clientId, redirect_uri: app, state: "xyz", scope: "manage_orders view_reports", code_challenge: CHALLENGE, code_challenge_method: "S256", ...change };
  return `${issuer}/oauth/authorize?${new URLSearchParams(parameters).toString()}`;
}

/** A test in a browser of its own, which has never been here before. */
function inBrowser(name: string, window: Window, body: (browser: WebDriverBrowser) => Promise<void>): void {
  test(name, { timeout: 120_000 }, async () => {
    const browser = await driver.open(window);
    try {
      await body(browser);
    } finally {
      await browser.close();
    }
  });
}

/** Fills in the form and waits for the page behind it, which may have the same heading. */
async function signIn(browser: WebDriverBrowser, password = PASSWORD, name = "nancy"): Promise<void> {
  await browser.type("#name", name);
  await browser.type("#password", password);
  await browser.run("document.querySelector('h1').id = 'before'");
  await browser.click("button[value=sign-in]");
  await browser.textOf("h1:not(#before)");
}

async function keep(browser: WebDriverBrowser, name: string): Promise<void> {
  if (SCREENSHOTS === undefined) return;
  mkdirSync(SCREENSHOTS, { recursive: true });
  writeFileSync(join(SCREENSHOTS, `${name}.png`), await browser.screenshot());
}

/** Nothing is wider than the window, so nobody has to scroll sideways; the policy lets our style through; and every text stands out. */
async function assertReadable(browser: WebDriverBrowser): Promise<void> {
  assert.equal(await browser.run("return document.documentElement.scrollWidth <= window.innerWidth"), true);
  assert.equal(await browser.run("return getComputedStyle(document.querySelector('main')).borderTopStyle"), "solid");
  assert.deepEqual(await browser.run(FIND_FAINT_TEXTS), []);
}

/** Runs in the page: texts whose contrast is below 4.5 (WCAG 2.2, 1.4.3), each with its ratio. */
const FIND_FAINT_TEXTS = `
const parse = (color) => (/rgba?\\(([^)]*)\\)/.exec(color)?.[1] ?? "").split(/[ ,/]+/).map(Number);
const luminance = (color) => parse(color).slice(0, 3).map((value) => value / 255)
  .map((value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4)).reduce((sum, value, at) => sum + value * [0.2126, 0.7152, 0.0722][at], 0);
const backgroundOf = (element) => {
  const { backgroundColor } = getComputedStyle(element);
  return parse(backgroundColor)[3] === 0 && element.parentElement ? backgroundOf(element.parentElement) : backgroundColor;
};
return [...document.querySelectorAll("body *")]
  .filter((element) => element.tagName === "INPUT" ? element.type !== "hidden" : [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim() !== ""))
  .map((element) => {
    const [dark, light] = [luminance(getComputedStyle(element).color), luminance(backgroundOf(element))].sort((a, b) => a - b);
    return [element.textContent || element.id, (light + 0.05) / (dark + 0.05)];
  })
  .filter(([, ratio]) => !(ratio >= 4.5));`;

async function callback(browser: WebDriverBrowser): Promise<Readonly<Record<string, string>>> {
  await browser.textOf("#app");
  return Object.fromEntries(new URL(await browser.url()).searchParams);
}

for (const [device, window] of [["desktop", DESKTOP], ["phone", PHONE]] as const) {
  inBrowser(`On a ${device}: wrong password, sign in, authorize`, window, async (browser) => {
    await browser.goTo(authorizeUrl());
    assert.equal(await browser.title(), "Sign in - Northwind");
    await assertReadable(browser);
    await signIn(browser, "wrong password");
    assert.equal(await browser.textOf("#fault"), "The name or the password is not right. Please try again.");
    assert.equal(await browser.run("return document.querySelector('#name').value"), "nancy");
    assert.equal(await browser.run("return document.activeElement.id"), "password");
    await signIn(browser);
    assert.equal(await browser.textOf("button[value=approve]"), "Allow");
    assert.equal(await browser.textOf("h1"), "“Order Desk” asks for access");
    await assertReadable(browser);
    await browser.click("button[value=approve]");
    assert.equal(await browser.textOf("#app"), "signed in");
    const { code, ...rest } = await callback(browser);
    assert.deepEqual(rest, { state: "xyz", iss: issuer });
    const tokens = await fetch(`${issuer}/oauth/token`, { method: "POST", body: new URLSearchParams({ grant_type: "authorization_code", client_id: clientId, code: code ?? "", code_verifier: VERIFIER, redirect_uri: app }) });
    assert.equal(tokens.status, 200);
  });

  inBrowser(`On a ${device}: an error is a page`, window, async (browser) => {
    await browser.goTo(authorizeUrl({ client_id: "unknown" }));
    assert.equal(await browser.textOf("h1"), "This app is not known here");
    await assertReadable(browser);
  });
}

inBrowser("Deny goes back to the app with access_denied", DESKTOP, async (browser) => {
  await browser.goTo(authorizeUrl());
  await signIn(browser);
  await browser.click("button[value=deny]");
  assert.equal(await browser.textOf("#app"), "access_denied");
  assert.equal((await callback(browser))["state"], "xyz");
});

async function redeem(code: string | undefined): Promise<number> {
  const form = new URLSearchParams({ grant_type: "authorization_code", client_id: clientId, code: code ?? "", code_verifier: VERIFIER });
  return (await fetch(`${issuer}/oauth/token`, { method: "POST", body: form })).status;
}

inBrowser("After the back button the question cannot be answered again, and starting again asks anew", DESKTOP, async (browser) => {
  await browser.goTo(authorizeUrl());
  await signIn(browser);
  await browser.click("button[value=approve]");
  assert.equal(await redeem((await callback(browser))["code"]), 200);
  await browser.back();
  // Chromium may show the page out of its memory, as it was; then the button tells the truth.
  if ((await browser.textOf("h1")) === "“Order Desk” asks for access") await browser.click("button[value=approve]");
  await browser.textOf("p[role=alert]");
  assert.equal(await browser.textOf("h1"), "You have answered already");
  await browser.goTo(authorizeUrl());
  assert.equal(await browser.textOf("button[value=approve]"), "Allow");
});

inBrowser("A form that is sent twice by an impatient finger gives one code and no error", DESKTOP, async (browser) => {
  await browser.goTo(authorizeUrl());
  await signIn(browser);
  await browser.textOf("button[value=approve]");
  await browser.run("const button = document.querySelector('button[value=approve]'); button.click(); button.click();");
  assert.equal(await browser.textOf("#app"), "signed in");
  assert.equal(await redeem((await callback(browser))["code"]), 200);
});

inBrowser("Reloading the sign-in and the consent page does no harm", DESKTOP, async (browser) => {
  await browser.goTo(authorizeUrl());
  await browser.reload();
  await signIn(browser);
  await browser.textOf("button[value=approve]");
  await browser.reload();
  await browser.click("button[value=approve]");
  assert.equal(await browser.textOf("#app"), "signed in");
});

inBrowser("Somebody else can sign in from the consent page", DESKTOP, async (browser) => {
  await browser.goTo(authorizeUrl());
  await signIn(browser);
  await browser.click("button[value=switch-user]");
  await browser.textOf("button[value=sign-in]");
  await browser.back();
  await browser.goTo(authorizeUrl());
  assert.equal(await browser.textOf("button[value=sign-in]"), "Sign in");
});

inBrowser("The keyboard alone is enough, and every field has its label", DESKTOP, async (browser) => {
  await browser.goTo(authorizeUrl());
  assert.equal(await browser.run("return [...document.querySelectorAll('input:not([type=hidden])')].every((input) => input.labels.length === 1)"), true);
  assert.equal(await browser.run("return [document.documentElement.lang, document.querySelectorAll('h1').length, document.querySelectorAll('main').length].join()"), "en,1,1");
  await browser.press(`nancy${TAB}${PASSWORD}${ENTER}`);
  await browser.textOf("button[value=approve]");
  await browser.press(TAB);
  assert.equal(await browser.run("return document.activeElement.value"), "approve");
  await browser.press(`${TAB}${TAB}`);
  assert.equal(await browser.run("return document.activeElement.value"), "switch-user");
  await browser.run("document.querySelector('button[value=approve]').focus()");
  await browser.press(ENTER);
  assert.equal(await browser.textOf("#app"), "signed in");
});

/** Each page and each error that a person can come to, and what stands in its heading. */
const PLACES: readonly (readonly [place: string, english: string, german: string, go: (browser: WebDriverBrowser) => Promise<void>])[] = [
  ["unknown-app", "This app is not known here", "Diese App ist hier nicht bekannt", (browser) => browser.goTo(authorizeUrl({ client_id: "unknown" }))],
  ["incomplete-link", "The link is incomplete", "Der Link ist unvollständig", (browser) => browser.goTo(authorizeUrl({ client_id: "" }))],
  ["return-address", "This app's return address is not registered", "Die Rücksprungadresse dieser App ist nicht registriert", (browser) => browser.goTo(authorizeUrl({ redirect_uri: "https://elsewhere.example" }))],
  ["ended", "This sign-in has ended", "Diese Anmeldung ist abgelaufen", (browser) => browser.goTo(`${issuer}/oauth/authorize?transaction=unknown`)],
  ["sign-in", "Sign in", "Anmelden", (browser) => browser.goTo(authorizeUrl())],
  ["wrong-password", "Sign in", "Anmelden", (browser) => signIn(browser, "wrong password", `nobody-${randomUUID().slice(0, 4)}`)],
  ["consent", "“Order Desk” asks for access", "„Order Desk“ bittet um Zugriff", (browser) => signIn(browser)],
  ["consent-to-code", "“Order Desk” asks for access", "„Order Desk“ bittet um Zugriff", (browser) => browser.goTo(authorizeUrl({ scope: "manage_orders view_audit" }))],
  ["consent-on-the-web", "“The Traders' Very Own Dispatch and Delivery Note Archive” asks for access", "„The Traders' Very Own Dispatch and Delivery Note Archive“ bittet um Zugriff",
    (browser) => browser.goTo(authorizeUrl({ client_id: webClientId, redirect_uri: WEB_APP, scope: "" }))],
];

for (const [device, window] of [["desktop", DESKTOP], ["phone", PHONE]] as const) {
  for (const language of ["en", "de"] as const) {
    for (const dark of [false, true]) {
      const look = `${device}-${language}-${dark ? "dark" : "light"}`;
      inBrowser(`Every page and error can be read: ${look}`, { ...window, language, dark }, async (browser) => {
        for (const [place, english, german, go] of PLACES) {
          await go(browser);
          assert.equal(await browser.textOf("h1"), language === "de" ? german : english);
          assert.equal(await browser.run("return document.documentElement.lang"), language);
          assert.equal(await browser.run("return matchMedia('(prefers-color-scheme: dark)').matches"), dark);
          await assertReadable(browser);
          await keep(browser, `${look}-${place}`);
        }
      });
    }
  }
}

inBrowser("After too many attempts the form is still there, and says in the reader's language how long to wait", { ...PHONE, language: "de" }, async (browser) => {
  await browser.goTo(authorizeUrl());
  for (let count = 0; count < 9; count++) {
    await signIn(browser, `guess ${count}`, "margaret");
    await browser.textOf("#fault");
  }
  assert.equal(await browser.textOf("#fault[role=alert]"), "Zu viele Anmeldeversuche. Versuchen Sie es in 2 Minuten noch einmal.");
  assert.equal(await browser.run("return [document.querySelector('#name').value, document.querySelector('#password').value, document.activeElement.id].join()"), "margaret,,password");
  assert.equal(await browser.run("return document.querySelector('footer a').href"), "mailto:help@northwind.example");
  await assertReadable(browser);
  await keep(browser, "phone-de-throttled");
});
