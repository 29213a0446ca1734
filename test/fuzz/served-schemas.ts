import { isObject, toJsonObject } from "../../src/domain/json.ts";
import type { JsonObject } from "../../src/domain/index.ts";
import { startServer } from "../../src/adapters/node-http/index.ts";
import type { WorldMaker } from "./worlds.ts";

/** An action as its schema tells of it. */
export interface ServedAction {
  readonly key: string;
  readonly parameters: JsonObject;
  readonly returns: readonly string[];
  /** The class of its subjects, or null. */
  readonly subject: string | null;
}

/** What a client learns of a started server: the list, and the schema of each action in it. */
export async function fetchSchemas(maker: WorldMaker): Promise<readonly ServedAction[]> {
  const world = await maker.open();
  const server = await startServer({ port: 0, createHandler: () => world.handler });
  try {
    const { data } = await get(`${server.url}/api/v1/actions`);
    const keys = Array.isArray(data) ? data.map((action: unknown) => textOf(isObject(action) ? action["key"] : undefined)) : [];
    return await Promise.all(keys.map(async (key) => toServedAction(await get(`${server.url}/api/v1/actions/${key}/schema`))));
  } finally {
    await server.close();
    await world.close();
  }
}

async function get(url: string): Promise<Readonly<Record<string, unknown>>> {
  const response = await fetch(url, { headers: { authorization: "Bearer all" } });
  const value: unknown = await response.json();
  if (response.status === 200 && isObject(value)) return value;
  throw new Error(`${url}: ${response.status}`);
}

function toServedAction({ key, parameters, returns, subject }: Readonly<Record<string, unknown>>): ServedAction {
  if (!isObject(parameters) || !Array.isArray(returns)) throw new Error(`the schema of ${String(key)} has no parameters or no returns`);
  return { key: textOf(key), parameters: toJsonObject(parameters), returns: returns.map(textOf), subject: isObject(subject) ? textOf(subject["class"]) : null };
}

function textOf(value: unknown): string {
  if (typeof value === "string") return value;
  throw new TypeError(`a text was expected, not ${JSON.stringify(value)}`);
}
