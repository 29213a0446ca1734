import { readFileSync } from "node:fs";
import { join } from "node:path";

const NAME = /^[a-z\d][a-z\d._-]{0,63}$/;

/**
 * The name of an application: the one that it was given, else that of the package in this directory (without its scope), else `application`.
 *
 * @throws TypeError on a malformed name.
 */
export function chooseName(given: string | undefined, directory: string): string {
  if (given === undefined) return readPackageName(directory) ?? "application";
  if (typeof given === "string" && NAME.test(given)) return given;
  throw new TypeError(`name: ${JSON.stringify(given)} must be lower-case letters, digits, dots, dashes and underscores, 64 at most, such as "order-desk"`);
}

function readPackageName(directory: string): string | undefined {
  try {
    const { name }: { readonly name?: unknown } = JSON.parse(readFileSync(join(directory, "package.json"), "utf8"));
    const own = typeof name === "string" ? name.replace(/^@[^/]*\//, "") : "";
    return NAME.test(own) ? own : undefined;
  } catch {
    // No package, or none that can be read: then it has no name.
    return undefined;
  }
}

/** For people: `order-desk` is `Order desk`. */
export function toTitle(name: string): string {
  return `${name.charAt(0).toUpperCase()}${name.slice(1)}`.replaceAll(/[._-]+/g, " ");
}
