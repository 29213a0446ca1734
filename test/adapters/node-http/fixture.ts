import type { TestContext } from "node:test";
import { createGuard } from "../../../src/adapters/http/guard.ts";
import type { GuardedHandler, GuardedRequest } from "../../../src/adapters/http/guard.ts";
import { renderFailure } from "../../../src/adapters/http/failure.ts";
import type { HttpResponse } from "../../../src/adapters/http/message.ts";
import { json } from "../../../src/adapters/http/response.ts";
import { startServer } from "../../../src/adapters/node-http/index.ts";
import type { RunningServer, ServerOptions } from "../../../src/adapters/node-http/index.ts";
import type { Observation } from "../../../src/domain/ports.ts";
import { RawClient } from "./raw-client.ts";

/** A server that stands until the test ends. */
export interface Fixture {
  readonly server: RunningServer;
  readonly observations: readonly Observation[];
  open(): RawClient;
}

const newId = () => "fresh-id";

/** Answers method, path and body, or 413 for more than ten bytes. */
export async function echo({ request, path }: GuardedRequest): Promise<HttpResponse> {
  const bytes = await request.body(10);
  if (bytes === null) return renderFailure({ status: 413, code: "payload_too_large", message: "Too large." });
  return json(200, { method: request.method, path, body: Buffer.from(bytes).toString() });
}

/** Starts a server with the handler behind a guard. */
export async function serve(t: TestContext, handler: GuardedHandler, options: Partial<ServerOptions> = {}): Promise<Fixture> {
  const observations: Observation[] = [];
  const observe = (observation: Observation) => void observations.push(observation);
  const guarded = createGuard({ newId, clock: Date.now, observe })(handler);
  const server = await startServer({ port: 0, createHandler: () => guarded, newId, observe, drainTimeoutMs: 0, ...options });
  t.after(() => server.close());
  return { server, observations, open: () => new RawClient(server.port) };
}

/** Something to wait for, and the function that makes it happen. */
export function signal(): { readonly happened: Promise<void>; happen(): void } {
  let happen = () => {};
  const happened = new Promise<void>((resolve) => (happen = resolve));
  return { happened, happen: () => happen() };
}

/** The body of a refusal in the contract's form. */
export function failure(code: string, message: string): string {
  return JSON.stringify({ success: false, message, code });
}
