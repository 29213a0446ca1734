import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { TestContext } from "node:test";
import { argumentsToRun } from "../../compiled.ts";
import { VERIFIER } from "./browser.ts";
import type { Answer, Sent } from "./fixture.ts";

/** The answer to a request that was cut off. */
const CUT_OFF = 0;

/** A server in a process of its own. */
export interface Killable {
  send(target: string, sent?: Sent): Promise<Answer>;
  post(path: string, form: Readonly<Record<string, string>>): Promise<Answer>;
  /** SIGKILL, and waits for the end. */
  kill(): Promise<void>;
}

/** Starts one on this directory. */
export async function start(directory: string): Promise<Killable> {
  const child = spawn(process.execPath, [...argumentsToRun("test/adapters/oauth/killable-server.ts"), directory], { stdio: ["ignore", "pipe", "inherit"] });
  const exited = once(child, "exit");
  const [url] = await once(createInterface({ input: child.stdout }), "line");
  const send = async (target: string, { method = "GET", headers = {}, body }: Sent = {}): Promise<Answer> => {
    const response = await fetch(`${String(url)}${target}`, { method, headers, redirect: "manual", ...(body === undefined ? {} : { body }) });
    const text = await response.text();
    const cookies = response.headers.getSetCookie();
    return { status: response.status, headers: { ...Object.fromEntries(response.headers), ...(cookies.length === 0 ? {} : { "set-cookie": cookies }) }, text, json: text.startsWith("{") ? Object.fromEntries(Object.entries(JSON.parse(text))) : {} };
  };
  return {
    send,
    post: (path, form) => send(path, { method: "POST", headers: { "content-type": "application/x-www-form-urlencoded" }, body: new URLSearchParams(form).toString() }).catch(() => ({ status: CUT_OFF, headers: {}, text: "", json: {} })),
    async kill() {
      child.kill("SIGKILL");
      await exited;
    },
  };
}

/** A directory with a user, a public client and the API's own client. */
export interface Seeded {
  readonly directory: string;
  readonly portal: string;
  readonly api: { readonly client_id: string; readonly client_secret: string };
}

/** Makes one for a test, and starts its first server. */
export async function seed(context: TestContext): Promise<Seeded & { readonly server: Killable }> {
  const directory = mkdtempSync(join(tmpdir(), "oauth-killed-"));
  context.after(() => rmSync(directory, { recursive: true, force: true }));
  const server = await start(directory);
  const { portal, client_id, client_secret } = JSON.parse(readFileSync(join(directory, "clients.json"), "utf8"));
  return { directory, portal, api: { client_id, client_secret }, server };
}

/** Collects a code at a server. */
export const redeem = (server: Killable, portal: string, code: string) => server.post("/oauth/token", { grant_type: "authorization_code", client_id: portal, code, code_verifier: VERIFIER });
/** Uses a refresh token at a server. */
export const refresh = (server: Killable, portal: string, token: unknown) => server.post("/oauth/token", { grant_type: "refresh_token", client_id: portal, refresh_token: String(token) });
/** How many got what they asked for. */
export const successes = (answers: readonly Answer[]) => answers.filter(({ status }) => status === 200).length;

/** Fifty of each question at once, killed when so many have been answered; the same again after the restart. Answers the successes by question. */
export async function raceAcrossKill(seeded: Seeded, server: Killable, answeredBeforeKill: number, questions: readonly ((at: Killable) => Promise<Answer>)[]): Promise<{ readonly totals: readonly number[]; readonly server: Killable }> {
  let answered = 0;
  const reached: { resolve: () => void } = { resolve: () => {} };
  const enough = new Promise<void>((resolve) => {
    reached.resolve = resolve;
  });
  const fifty = (at: Killable) => questions.map((ask) => Promise.all(Array.from({ length: 50 }, () => ask(at).finally(() => {
    if (++answered >= answeredBeforeKill) reached.resolve();
  }))));
  const before = fifty(server);
  if (answeredBeforeKill > 0) await enough;
  await server.kill();
  const first = await Promise.all(before);
  const restarted = await start(seeded.directory);
  const second = await Promise.all(fifty(restarted));
  return { totals: questions.map((_, index) => successes(first[index] ?? []) + successes(second[index] ?? [])), server: restarted };
}
