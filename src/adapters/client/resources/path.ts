import type { ListQuery } from "../api.ts";

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

/** The query behind a path, empty without any field. */
export function queryOf(query: ListQuery): string {
  const fields = Object.entries(query).flatMap(([name, value]): [string, string][] => (value === undefined ? [] : [[name, String(value)]]));
  const text = String(new URLSearchParams(fields));
  return text && `?${text}`;
}
