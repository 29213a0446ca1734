import { randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { openFileStore } from "../../adapters/file/index.ts";
import { createAuthorizationServer } from "../../adapters/oauth/index.ts";
import { Fault } from "../cli/fault.ts";
import { chooseIssuer, type Environment } from "../environment.ts";
import { openKeys } from "../serving/open-keys.ts";
import type { AdminAnswer } from "./command.ts";
import { runWords } from "./run-command.ts";

/** Does what was typed in a data directory that no server has open. */
export async function administerDirectory(environment: Environment, words: readonly string[], secret: string): Promise<AdminAnswer> {
  const { dataDirectory, host, port } = environment;
  const clock = Date.now;
  const directory = join(dataDirectory, "store");
  if (!existsSync(directory)) throw new Fault("usage", `there is no data in ${dataDirectory}; set DATA_DIR, or start the server once`);
  const store = await openFileStore({ directory, clock });
  try {
    const keys = openKeys(environment, undefined, clock);
    const issuer = chooseIssuer(environment, { url: `http://${host.includes(":") ? `[${host}]` : host}:${port}`, port });
    const authorization = createAuthorizationServer({ store, issuer, resource: `${issuer}/api/v1`, signingKeys: keys.ring, clock, newId: randomUUID });
    return await runWords({ authorization, keys: keys.file }, words, secret);
  } finally {
    await store.close();
  }
}
