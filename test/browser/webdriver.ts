import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

/** A real browser, as far as the tests need one (W3C WebDriver). Finding an element waits for it, fifteen seconds at most. */
export interface WebDriverBrowser {
  goTo(url: string): Promise<void>;
  click(selector: string): Promise<void>;
  type(selector: string, text: string): Promise<void>;
  /** The text of the first element that matches. */
  textOf(selector: string): Promise<string>;
  url(): Promise<string>;
  title(): Promise<string>;
  back(): Promise<void>;
  reload(): Promise<void>;
  /** Runs a script in the page and answers what it returns. */
  run(script: string): Promise<unknown>;
  /** Presses keys where the focus is. */
  press(keys: string): Promise<void>;
  screenshot(): Promise<Buffer>;
  close(): Promise<void>;
}

/** ChromeDriver, ready for sessions. */
export interface WebDriver {
  open(window: Window): Promise<WebDriverBrowser>;
  stop(): Promise<void>;
}

/** How large the page is, and whether on a phone. */
export interface Window {
  readonly width: number;
  readonly height: number;
  readonly mobile?: boolean;
  readonly dark?: boolean;
  /** What the browser asks for as Accept-Language. Default: English. */
  readonly language?: string;
}

export const TAB = "\ue004";
export const ENTER = "\ue007";

const ELEMENT = "element-6066-11e4-a52e-4f735466cecf";

/** Starts ChromeDriver on a free port. */
export async function startWebDriver(): Promise<WebDriver> {
  // Browsers leave sockets and profiles lying where temporary files are.
  const temporary = mkdtempSync(join(tmpdir(), "actionport-browser-"));
  const driver = spawn("chromedriver", ["--port=0"], { stdio: ["ignore", "pipe", "inherit"], env: { ...process.env, TMPDIR: temporary } });
  const exited = new Promise<void>((resolve) => driver.once("exit", () => resolve()));
  const missing = new Promise<never>((_, reject) => driver.once("error", () => reject(new Error("chromedriver is missing: apt-get install chromium chromium-driver"))));
  const base = `http://127.0.0.1:${await Promise.race([readPort(driver.stdout), missing])}`;
  return {
    open: (window) => openSession(base, window),
    async stop() {
      driver.kill();
      await exited;
      rmSync(temporary, { recursive: true, force: true, maxRetries: 10 });
    },
  };
}

async function readPort(output: NodeJS.ReadableStream): Promise<string> {
  for await (const line of createInterface({ input: output })) {
    const [, port] = /started successfully on port (\d+)/.exec(line) ?? [];
    if (port !== undefined) return port;
  }
  throw new Error("chromedriver ended without telling its port");
}

async function openSession(base: string, { width, height, mobile = false, dark = false, language = "en" }: Window): Promise<WebDriverBrowser> {
  const args = ["--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--hide-scrollbars", `--window-size=${width},${height}`, `--accept-lang=${language}`];
  const emulation = mobile ? { mobileEmulation: { deviceMetrics: { width, height, pixelRatio: 2, touch: true }, userAgent: "Mozilla/5.0 (Linux; Android 14) Mobile" } } : {};
  const capabilities = { alwaysMatch: { browserName: "chrome", timeouts: { implicit: 15_000, pageLoad: 30_000 }, "goog:chromeOptions": { args, ...emulation } } };
  const session = `${base}/session/${String(Object(await call(`${base}/session`, { capabilities }))["sessionId"])}`;
  await call(`${session}/goog/cdp/execute`, { cmd: "Emulation.setEmulatedMedia", params: { features: [{ name: "prefers-color-scheme", value: dark ? "dark" : "light" }] } });
  const find = async (selector: string) => `${session}/element/${String(Object(await call(`${session}/element`, { using: "css selector", value: selector }))[ELEMENT])}`;
  /** An element that was found on a page which is just being left is looked for again on the next one. */
  const use = async <T>(selector: string, work: (element: string) => Promise<T>): Promise<T> => {
    for (;;) {
      try {
        return await work(await find(selector));
      } catch (error) {
        if (!(error instanceof WebDriverError) || !error.isStale) throw error;
      }
    }
  };
  return {
    goTo: async (url) => void (await call(`${session}/url`, { url })),
    click: (selector) => use(selector, async (element) => void (await call(`${element}/click`, {}))),
    type: (selector, text) => use(selector, async (element) => {
      await call(`${element}/clear`, {});
      await call(`${element}/value`, { text });
    }),
    textOf: (selector) => use(selector, async (element) => String(await call(`${element}/text`))),
    url: async () => String(await call(`${session}/url`)),
    title: async () => String(await call(`${session}/title`)),
    back: async () => void (await call(`${session}/back`, {})),
    reload: async () => void (await call(`${session}/refresh`, {})),
    run: (script) => call(`${session}/execute/sync`, { script, args: [] }),
    press: async (keys) => {
      const actions = [...keys].flatMap((value) => [{ type: "keyDown", value }, { type: "keyUp", value }]);
      await call(`${session}/actions`, { actions: [{ type: "key", id: "keyboard", actions }] });
    },
    screenshot: async () => Buffer.from(String(await call(`${session}/screenshot`)), "base64"),
    close: async () => void (await call(session, undefined, "DELETE")),
  };
}

async function call(url: string, body?: object, method = body === undefined ? "GET" : "POST"): Promise<unknown> {
  const response = await fetch(url, { method, ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { "content-type": "application/json" } }) });
  const { value } = Object(await response.json());
  if (response.status !== 200) throw new WebDriverError(String(Object(value)["error"]), `WebDriver: ${JSON.stringify(value).slice(0, 400)}`);
  return value;
}

class WebDriverError extends Error {
  /** One of the standard's codes, such as `no such element`. */
  readonly code: string;
  /** Is the element one of a page that is not there any more? Chromium has a second way to say so, while a page is just being left. */
  readonly isStale: boolean;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
    this.isStale = code === "stale element reference" || message.includes("Node with given id does not belong to the document");
  }
}
