/** A resource of the API, found by its path. */
export interface Route {
  readonly kind: "list" | "schema" | "bulk" | "execute";
  /** Empty for the list. */
  readonly key: string;
  /** What stands behind the slash after `/execute`, still percent-encoded; null when there is no slash. */
  readonly rawId: string | null;
}

const READ = ["GET", "HEAD", "OPTIONS"] as const;
const ACT = ["POST", "OPTIONS"] as const;

/** The methods of each kind of resource. */
export const METHODS: Readonly<Record<Route["kind"], readonly string[]>> = { list: READ, schema: READ, bulk: ACT, execute: ACT };

const LIST = "/api/v1/actions";
const ACTIONS = `${LIST}/`;
const EXECUTE = "/execute";

/**
 * Reads a path, which is compared as it came: keys are never decoded. No segment of a key is a
 * word that follows keys, so the first such word ends it and every path has one reading.
 */
export function findRoute(path: string): Route | null {
  if (path === LIST) return { kind: "list", key: "", rawId: null };
  if (!path.startsWith(ACTIONS)) return null;
  return findExecute(path) ?? findLast(path, "bulk") ?? findLast(path, "schema");
}

function findExecute(path: string): Route | null {
  for (let at = path.indexOf(EXECUTE, ACTIONS.length - 1); at >= 0; at = path.indexOf(EXECUTE, at + 1)) {
    const end = at + EXECUTE.length;
    const key = path.slice(ACTIONS.length, at);
    if (end === path.length) return { kind: "execute", key, rawId: null };
    if (path[end] === "/") return { kind: "execute", key, rawId: path.slice(end + 1) };
  }
  return null;
}

function findLast(path: string, kind: "bulk" | "schema"): Route | null {
  const end = path.length - kind.length - 1;
  return path.endsWith(`/${kind}`) && end >= ACTIONS.length - 1 ? { kind, key: path.slice(ACTIONS.length, end), rawId: null } : null;
}
