import { join } from "node:path";
import { createFixedKeyRing, openKeyFile, parseSigningKeys } from "../../adapters/jwt/index.ts";
import type { KeyFile, KeyRing } from "../../adapters/jwt/index.ts";
import type { Clock } from "../../domain/ports.ts";
import type { Environment } from "../environment.ts";

/** What tokens are signed with. */
export interface Keys {
  readonly ring: KeyRing;
  /** Undefined when the keys come from `ACTIONPORT_SIGNING_KEY` or from the application. */
  readonly file: KeyFile | undefined;
}

/** The keys of the environment, else those of the application, else those of the file in the data directory. */
export function openKeys({ dataDirectory, signingKey }: Environment, own: KeyRing | undefined, clock: Clock): Keys {
  if (signingKey !== undefined) return { ring: createFixedKeyRing(parseSigningKeys(signingKey, "ACTIONPORT_SIGNING_KEY")), file: undefined };
  if (own !== undefined) return { ring: own, file: undefined };
  const file = openKeyFile({ path: join(dataDirectory, "keys.json"), clock });
  return { ring: file, file };
}
