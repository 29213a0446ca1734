import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { join } from "node:path";
import test from "node:test";
import { EXPECTED } from "../adapters/client/anywhere/conversation.ts";
import { serveCounters, TOKEN } from "../adapters/client/anywhere/served.ts";
import { compileScripts } from "../compiled.ts";
import { startWebDriver } from "./webdriver.ts";

const SCRIPT = "test/adapters/client/anywhere/conversation.ts";
const compiledPath = compileScripts(SCRIPT);
const root = join(compiledPath(SCRIPT), "../../../../..");

/** A site of another origin than the API, with the modules as they were compiled and a page that uses them. */
async function startSite(context: test.TestContext): Promise<{ readonly origin: string; apiUrl: string }> {
  const site = { origin: "", apiUrl: "" };
  const page = () => `<!doctype html><title>Page</title><script type="module">
    import { converse } from "/test/adapters/client/anywhere/conversation.js";
    const told = await converse(${JSON.stringify(site.apiUrl)}, ${JSON.stringify(TOKEN)}).catch((error) => ({ failed: String(error), code: error.code }));
    document.body.innerHTML = '<pre id="told"></pre>';
    document.querySelector("#told").textContent = JSON.stringify(told);
  </script>`;
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? "/", "http://site").pathname;
    if (!path.endsWith(".js")) return void response.setHeader("content-type", "text/html; charset=utf-8").end(page());
    readFile(join(root, path)).then(
      (script) => response.setHeader("content-type", "text/javascript").end(script),
      () => response.writeHead(404).end(),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  context.after(() => new Promise((resolve) => {
    server.closeAllConnections();
    server.close(resolve);
  }));
  const address = server.address();
  assert.ok(address !== null && typeof address !== "string");
  return Object.assign(site, { origin: `http://127.0.0.1:${address.port}` });
}

test("In a browser a page of another origin comes by everything that there is to call and to follow, and one that is not allowed by nothing", async (context) => {
  const site = await startSite(context);
  const driver = await startWebDriver();
  context.after(() => driver.stop());
  const told = async (origins: readonly string[]): Promise<unknown> => {
    const server = await serveCounters(origins);
    const browser = await driver.open({ width: 800, height: 600 });
    try {
      site.apiUrl = server.url;
      await browser.goTo(`${site.origin}/`);
      return JSON.parse(await browser.textOf("#told"));
    } finally {
      await browser.close();
      await server.close();
    }
  };
  assert.deepEqual(await told([site.origin]), EXPECTED);
  assert.equal(Object(await told(["https://another.example"])).code, "network");
});
