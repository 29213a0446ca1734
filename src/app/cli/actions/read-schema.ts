import type { CallOptions } from "../../../adapters/client/index.ts";
import { misused } from "../fault.ts";
import { suggest } from "../language/suggest.ts";
import type { Target } from "../target/target.ts";
import type { ActionSchema } from "./schema.ts";

/** An action in full. A key that there is not gets a Fault that names the nearest one. */
export async function readSchema({ client, read, place }: Target, key: string, options: CallOptions): Promise<ActionSchema> {
  if (!/^[a-z0-9/-]+$/.test(key)) throw misused(`${JSON.stringify(key)} is no key of an action; keys look like orders/approve-order.`);
  try {
    return await read<ActionSchema>(`actions/${key}/schema`, options);
  } catch (error) {
    if (!client.isFailure(error) || error.code !== "unknown_action") throw error;
    const keys = (await client.actions.list(options)).map((action) => action.key);
    const meant = suggest(key, keys) ?? keys.find((each) => each.split("/").at(-1) === key);
    throw misused(`${place} has no action ${key}.${meant === undefined ? ' "actionport list" shows those that there are.' : ` Did you mean ${meant}?`}`);
  }
}
