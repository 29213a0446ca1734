import { randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { openFileStore } from "../../adapters/file/index.ts";
import { createFixedKeyRing, openKeyFile, parseSigningKeys } from "../../adapters/jwt/index.ts";
import { createAuthorizationServer } from "../../adapters/oauth/index.ts";
import { chooseIssuer, readEnvironment } from "../environment.ts";
import type { Environment } from "../environment.ts";
import type { Variables } from "../variables/variable.ts";
import { adminSocketPath } from "./admin-channel.ts";
import { askRunningServer } from "./admin-client.ts";
import { CommandError } from "./command.ts";
import { readSecret } from "./read-secret.ts";
import type { SecretSource } from "./read-secret.ts";
import { parseCommand, runCommand } from "./run-command.ts";
import type { ParsedCommand } from "./run-command.ts";

/** Options of {@link runCommandLine}; in a process, its own arguments, variables and streams. */
export interface CommandLineParts {
  /** The words behind the program's name. */
  readonly words: readonly string[];
  readonly variables: Variables;
  /** Lower-case, for the default of `DATA_DIR`: `.data/<name>`. */
  readonly applicationName: string;
  readonly stdin: SecretSource;
  readonly writeOutput: (text: string) => void;
  readonly writeError: (text: string) => void;
}

/**
 * The command line for operators. When a server runs on the data directory the command is brought to
 * it; otherwise the directory is opened here, for as long as the command takes. Answers the exit code:
 * 0, or 1 with the reason on stderr.
 */
export async function runCommandLine(parts: CommandLineParts): Promise<0 | 1> {
  try {
    const parsed = parseCommand(parts.words);
    const environment = readEnvironment(parts.variables, { dataDirectory: `.data/${parts.applicationName}` });
    const { secretPrompt } = parsed.command;
    const secret = secretPrompt === undefined ? "" : await readSecret(parts.stdin, secretPrompt, parts.writeError);
    const output = (await askRunningServer(adminSocketPath(environment.dataDirectory), parts.words, secret)) ?? (await runHere(environment, parsed, secret));
    parts.writeOutput(`${output}\n`);
    return 0;
  } catch (error) {
    parts.writeError(`${error instanceof Error ? error.message : String(error)}\n`);
    return 1;
  }
}

async function runHere(environment: Environment, parsed: ParsedCommand, secret: string): Promise<string> {
  const { dataDirectory, signingKey, host, port } = environment;
  const clock = Date.now;
  const directory = join(dataDirectory, "store");
  if (!existsSync(directory)) throw new CommandError(`there is no data in ${dataDirectory}; set DATA_DIR, or start the server once`);
  const store = await openFileStore({ directory, clock });
  try {
    const keys = signingKey === undefined ? openKeyFile({ path: join(dataDirectory, "keys.json"), clock }) : undefined;
    const issuer = chooseIssuer(environment, { url: `http://${host.includes(":") ? `[${host}]` : host}:${port}`, port });
    const signingKeys = keys ?? createFixedKeyRing(parseSigningKeys(signingKey ?? ""));
    const authorization = createAuthorizationServer({ store, issuer, resource: `${issuer}/api/v1`, signingKeys, clock, newId: randomUUID });
    return await runCommand({ authorization, keys }, parsed, secret);
  } finally {
    await store.close();
  }
}
