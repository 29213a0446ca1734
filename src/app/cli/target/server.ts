import { createClient, type CallOptions } from "../../../adapters/client/index.ts";
import { createTokens } from "../../../adapters/client/auth/tokens.ts";
import { withDefaults } from "../../../adapters/client/options.ts";
import { Sender } from "../../../adapters/client/sending/sender.ts";
import { misused } from "../fault.ts";
import type { Credentials } from "./credentials.ts";
import type { Target } from "./target.ts";

/** For how long, and how often, a call is tried. */
export interface Patience {
  readonly timeoutMs: number | undefined;
  readonly maxTries: number;
}

/** A server at a URL. */
export function openServer(url: string, { auth, caller }: Credentials, { timeoutMs, maxTries }: Patience): Target {
  const options = { baseUrl: checkUrl(url), auth, maxTries, ...(timeoutMs !== undefined && { timeoutMs }) };
  const sender = createSender(options);
  return {
    client: createClient(options),
    read: async <T>(path: string, given: CallOptions = {}) => (await sender.ask<T>({ path, repeatable: true }, given)).body,
    place: options.baseUrl,
    caller,
    isForgetful: false,
    openWorkflows: async () => undefined,
    close: async () => undefined,
  };
}

/** For what the client has no method for. */
export function createSender(options: Parameters<typeof withDefaults>[0]): Sender {
  const ports = withDefaults(options);
  return new Sender(ports, createTokens(options.auth, ports));
}

function checkUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol)) throw misused(`${JSON.stringify(text)} is no URL of a server; write it as http://127.0.0.1:3000 or https://shop.example.`);
  if (url.username !== "" || url.password !== "") throw misused("The URL must not have a user or a password in it; set ACTIONPORT_CLIENT_ID and ACTIONPORT_CLIENT_SECRET.");
  return text.replace(/\/+$/, "").replace(/\/api\/v1$/, "");
}
