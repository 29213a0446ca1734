import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import test from "node:test";
import type { TestContext } from "node:test";
import { fileURLToPath } from "node:url";
import { VERIFIER, obtainCode } from "./browser.ts";
import type { Answer, Sent } from "./fixture.ts";

const SERVER = fileURLToPath(new URL("./killable-server.ts", import.meta.url));
/** With tsx where the tests run with it, without where Node strips types itself. */
const LOADER = process.execArgv.some((argument) => argument.includes("tsx")) ? ["--import", "tsx"] : [];
/** The answer to a request that was cut off. */
const CUT_OFF = 0;

interface Killable {
  send(target: string, sent?: Sent): Promise<Answer>;
  post(path: string, form: Readonly<Record<string, string>>): Promise<Answer>;
  /** SIGKILL, and waits for the end. */
  kill(): Promise<void>;
}

async function start(directory: string): Promise<Killable> {
  const child = spawn(process.execPath, [...LOADER, SERVER, directory], { stdio: ["ignore", "pipe", "inherit"] });
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

interface Seeded {
  readonly directory: string;
  readonly portal: string;
  readonly api: { readonly client_id: string; readonly client_secret: string };
}

async function seed(context: TestContext): Promise<Seeded & { readonly server: Killable }> {
  const directory = mkdtempSync(join(tmpdir(), "oauth-killed-"));
  context.after(() => rmSync(directory, { recursive: true, force: true }));
  const server = await start(directory);
  const { portal, client_id, client_secret } = JSON.parse(readFileSync(join(directory, "clients.json"), "utf8"));
  return { directory, portal, api: { client_id, client_secret }, server };
}

const redeem = (server: Killable, portal: string, code: string) => server.post("/oauth/token", { grant_type: "authorization_code", client_id: portal, code, code_verifier: VERIFIER });
const refresh = (server: Killable, portal: string, token: unknown) => server.post("/oauth/token", { grant_type: "refresh_token", client_id: portal, refresh_token: String(token) });
const successes = (answers: readonly Answer[]) => answers.filter(({ status }) => status === 200).length;

/** Fifty at once, killed when so many have been answered; then fifty more after the restart. */
async function raceAcrossKill(seeded: Seeded, server: Killable, answeredBeforeKill: number, ask: (server: Killable) => Promise<Answer>): Promise<{ readonly total: number; readonly server: Killable }> {
  let answered = 0;
  const reached: { resolve: () => void } = { resolve: () => {} };
  const enough = new Promise<void>((resolve) => {
    reached.resolve = resolve;
  });
  const before = Array.from({ length: 50 }, () => ask(server).then((answer) => {
    if (++answered >= answeredBeforeKill) reached.resolve();
    return answer;
  }));
  if (answeredBeforeKill > 0) await enough;
  await server.kill();
  const first = await Promise.all(before);
  const restarted = await start(seeded.directory);
  const second = await Promise.all(Array.from({ length: 50 }, () => ask(restarted)));
  return { total: successes(first) + successes(second), server: restarted };
}

test("K10, G9, G12: of fifty redemptions of one code, and fifty more after a kill, at most one gets a token", { timeout: 60_000 }, async (context) => {
  const seeded = await seed(context);
  let { server } = seeded;
  for (const answeredBeforeKill of [0, 5]) {
    const code = await obtainCode(server, seeded.portal);
    const outcome = await raceAcrossKill(seeded, server, answeredBeforeKill, (at) => redeem(at, seeded.portal, code));
    assert.ok(outcome.total <= 1, `${outcome.total} tokens for one code`);
    server = outcome.server;
  }
  await server.kill();
});

test("K10, R3: of fifty uses of one refresh token, and fifty more after a kill, at most one succeeds", { timeout: 60_000 }, async (context) => {
  const seeded = await seed(context);
  let { server } = seeded;
  for (const answeredBeforeKill of [0, 1]) {
    const { refresh_token } = (await redeem(server, seeded.portal, await obtainCode(server, seeded.portal))).json;
    const outcome = await raceAcrossKill(seeded, server, answeredBeforeKill, (at) => refresh(at, seeded.portal, refresh_token));
    assert.ok(outcome.total <= 1, `${outcome.total} successes with one refresh token`);
    server = outcome.server;
  }
  await server.kill();
});

test("K10, V10, G12: what was answered before a kill is so after it: tokens, a used code, a rotation, a revocation", { timeout: 60_000 }, async (context) => {
  const { directory, portal, api, server: first } = await seed(context);
  const code = await obtainCode(first, portal);
  const { refresh_token: one } = (await redeem(first, portal, code)).json;
  await first.kill();
  const second = await start(directory);
  const rotated = await refresh(second, portal, one);
  assert.equal(rotated.status, 200, "the token that was answered is known");
  const { access_token: access, refresh_token: two } = rotated.json;
  await second.kill();
  const third = await start(directory);
  const introspect = async (server: Killable) => (await server.post("/oauth/introspect", { ...api, token: String(access) })).json["active"];
  assert.equal(await introspect(third), true);
  assert.equal((await refresh(third, portal, one)).json["error"], "invalid_grant", "a rotated token is never good again");
  assert.equal(await introspect(third), false, "and its reuse has ended the family");
  assert.equal((await refresh(third, portal, two)).json["error"], "invalid_grant");
  assert.equal((await redeem(third, portal, code)).json["error"], "invalid_grant");
  const fresh = (await redeem(third, portal, await obtainCode(third, portal))).json;
  assert.equal((await third.post("/oauth/revoke", { client_id: portal, token: String(fresh["refresh_token"]) })).status, 200);
  await third.kill();
  const fourth = await start(directory);
  assert.equal((await fourth.post("/oauth/introspect", { ...api, token: String(fresh["access_token"]) })).text, '{"active":false}');
  assert.equal((await refresh(fourth, portal, fresh["refresh_token"])).json["error"], "invalid_grant");
  await fourth.kill();
});
