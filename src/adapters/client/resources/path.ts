import type { ListQuery } from "../api.ts";
import type { WriteOptions } from "../options.ts";
import type { Sender } from "../sending/sender.ts";

/** The path of an action. @throws TypeError for what is no key. */
export function actionPath(key: string, verb: string): string {
  if (!/^[a-z0-9/-]+$/.test(key)) throw new TypeError(`${JSON.stringify(key)} is no key of an action`);
  return `actions/${key}/${verb}`;
}

/** One segment. @throws TypeError for those that every URL parser takes away, encoded or not (WHATWG URL): such a subject is reached by `bulk`. */
export function segment(text: string | number): string {
  if (text === "." || text === "..") throw new TypeError(`"${text}" cannot stand in a URL; use bulk()`);
  return encodeURIComponent(text);
}

/** The header of a call's key. @throws TypeError for what no header can hold, or the server would not take. */
export function keyHeader({ ports }: Sender, { idempotencyKey = ports.newId() }: WriteOptions) {
  if (!/^[ -~]{1,255}$/.test(idempotencyKey)) throw new TypeError("idempotencyKey must be 1 to 255 printable ASCII characters");
  return { "idempotency-key": idempotencyKey };
}

/** The query behind a path, empty without any field. */
export function queryOf(query: ListQuery): string {
  // JSON leaves out what is undefined.
  const text = String(new URLSearchParams(JSON.parse(JSON.stringify(query))));
  return text && `?${text}`;
}
