import type { ApiEntry, Executed, Previewed } from "../api.ts";
import { strangeAnswer } from "../failure.ts";
import type { WriteOptions } from "../options.ts";
import type { Sender } from "../sending/sender.ts";
import { actionPath, keyHeader, segment } from "./path.ts";

/** What stands behind the key. */
export interface CallParts {
  readonly id: string | number | undefined;
  readonly params: object | undefined;
  readonly options: WriteOptions;
}

/** Tells the arguments apart: an ID is a text or a number, and parameters and options are neither. */
export function readArguments(args: readonly unknown[]): CallParts {
  const [first] = args;
  const hasId = typeof first === "string" || typeof first === "number";
  const [params, options] = hasId || first === null ? args.slice(1) : args;
  return { id: hasId ? first : undefined, params: params ? Object(params) : undefined, options: Object(options) };
}

/** Runs an action; `etag`: only if what a preview saw is still so. */
export async function execute<E extends ApiEntry>(sender: Sender, key: string, parts: CallParts, etag?: string): Promise<Executed<E>> {
  const headers = { ...keyHeader(sender, parts.options), ...(etag && { "if-match": etag }) };
  return (await sender.ask<Executed<E>>({ ...toCall(key, "execute", parts), headers }, parts.options)).body;
}

/** Says what that would answer and change. */
export async function preview<E extends ApiEntry>(sender: Sender, key: string, parts: CallParts): Promise<Previewed<E>> {
  const { body, headers } = await sender.ask<Omit<Previewed<E>, "execute">>(toCall(key, "preview", parts), parts.options);
  // What a proxy that compresses does to it is undone: nginx and others weaken it, Apache puts the coding behind it.
  const etag = headers.get("etag")?.replace(/^W\/|-(gzip|br)(?=")/g, "");
  const run = async (options: WriteOptions = {}): Promise<Executed<E>> => {
    if (!etag) throw strangeAnswer({ status: 200, action: key }, "has no ETag");
    return execute(sender, key, { ...parts, options }, etag);
  };
  return Object.assign(body, { execute: run });
}

function toCall(key: string, verb: "execute" | "preview", { id, params = {} }: CallParts) {
  return { path: actionPath(key, id === undefined ? verb : `${verb}/${segment(id)}`), body: JSON.stringify(params), action: key, repeatable: true };
}
