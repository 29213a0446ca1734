import { chmodSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { toRequestListener } from "../../adapters/node-http/index.ts";
import { createGuard } from "../../adapters/http/guard.ts";
import { json } from "../../adapters/http/response.ts";
import { decodeUtf8 } from "../../adapters/http/utf8.ts";
import { isObject } from "../../domain/json.ts";
import type { Clock, NewId, Observe } from "../../domain/ports.ts";
import { parseStrictJson } from "../../adapters/http/media/strict-json.ts";
import { Fault } from "../cli/fault.ts";
import type { Administration } from "./administration.ts";
import type { ChannelAnswer } from "./channel-answer.ts";
import { runWords } from "./run-command.ts";
import { adminSocketPath } from "./socket-path.ts";

/** Options of {@link startAdminChannel}. */
export interface AdminChannelOptions {
  /** The data directory: the socket is made in it. */
  readonly directory: string;
  readonly administration: Administration;
  readonly clock: Clock;
  readonly newId: NewId;
  readonly observe: Observe;
}

/** A channel that listens. */
export interface AdminChannel {
  close(): Promise<void>;
}

const MAX_BODY_BYTES = 65_536;
/** What the systems in use allow for the path of a socket, in bytes. */
const MAX_PATH_BYTES = 100;

/**
 * Lets the command line work while the server runs: the store has one owner, so commands are brought to
 * it, over a Unix socket that only the server's own user can open (0600). Whoever holds the store's
 * lock is the only one to listen, so a socket that lies there is a dead one's and is removed.
 * A path too long for a socket leaves the server without the channel, which is observed as `admin_channel_unavailable`.
 */
export async function startAdminChannel(options: AdminChannelOptions): Promise<AdminChannel> {
  const { clock, newId, observe, administration } = options;
  const path = adminSocketPath(options.directory);
  if (process.platform === "win32" || Buffer.byteLength(path) > MAX_PATH_BYTES) {
    observe({ event: "admin_channel_unavailable", path });
    return { close: async () => {} };
  }
  const handler = createGuard({ newId, clock, observe })(async ({ request }) => {
    const body = request.method === "POST" ? await request.body(MAX_BODY_BYTES) : null;
    return json(200, await execute(administration, body === null ? undefined : decodeUtf8(body)));
  });
  const server = createServer(toRequestListener(handler, { clock, newId, observe }));
  rmSync(path, { force: true });
  await new Promise<void>((resolve, reject) => {
    const umask = process.umask(0o177);
    server.once("error", reject).listen(path, resolve);
    process.umask(umask);
  });
  chmodSync(path, 0o600);
  return {
    close: () => new Promise((resolve) => {
      server.close(() => resolve());
      server.closeIdleConnections();
    }),
  };
}

/** The answer to one command, or what was wrong with it. */
async function execute(administration: Administration, text: string | undefined): Promise<ChannelAnswer> {
  try {
    const request = parseStrictJson(text ?? "");
    const words = isObject(request) && Array.isArray(request["words"]) ? request["words"].map(String) : [];
    const secret = isObject(request) && typeof request["secret"] === "string" ? request["secret"] : "";
    return { answer: await runWords(administration, words, secret) };
  } catch (error) {
    return { fault: error instanceof Error ? error.message : "the command failed", ending: error instanceof Fault ? error.ending : "fault" };
  }
}
