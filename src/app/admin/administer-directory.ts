import { randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { createAuthorizationServer } from "../../adapters/oauth/index.ts";
import { tellFailure } from "../../domain/observation/tell-failure.ts";
import type { Application } from "../application/application.ts";
import { chooseName } from "../application/name.ts";
import { Fault } from "../cli/fault.ts";
import { chooseIssuer, type Environment } from "../environment.ts";
import { openKeys } from "../serving/open-keys.ts";
import { openStore } from "../serving/open-store.ts";
import type { AdminAnswer } from "./command.ts";
import { runWords } from "./run-command.ts";

/** Does what was typed in a data directory that no server has open, or in the store of an application of its own. */
export async function administerDirectory(environment: Environment, words: readonly string[], secret: string, application?: Application): Promise<AdminAnswer> {
  const { dataDirectory, host, port } = environment;
  const clock = Date.now;
  if (application?.store === undefined && !existsSync(join(dataDirectory, "store"))) throw new Fault("usage", `there is no data in ${dataDirectory}; set DATA_DIR, or start the server once`);
  const { store, close } = await openStore(application?.store, { name: chooseName(application?.name, process.cwd()), dataDirectory, clock, observe: tellFailure });
  try {
    const keys = openKeys(environment, application?.oauth?.signingKeys, clock);
    const issuer = chooseIssuer(environment, { url: `http://${host.includes(":") ? `[${host}]` : host}:${port}`, port });
    const authorization = createAuthorizationServer({ store, issuer, resource: `${issuer}/api/v1`, signingKeys: keys.ring, clock, newId: randomUUID });
    return await runWords({ authorization, keys: keys.file }, words, secret);
  } finally {
    await close();
  }
}
