import { existsSync, readFileSync } from "node:fs";

/** Where this package is: found upwards, as this file is in src/, and in dist/ once it is built. */
export function packageFolder(): URL {
  for (let folder = new URL("./", import.meta.url), above; ; folder = above) {
    if (readManifest(folder).name === "actionport" && existsSync(new URL("templates/", folder))) return folder;
    above = new URL("../", folder);
    if (above.href === folder.href) throw new Error("the package.json of actionport is not where it was installed");
  }
}

/** The version of this package. */
export function readVersion(): string {
  return readManifest(packageFolder()).version ?? "";
}

function readManifest(folder: URL): { readonly name?: string; readonly version?: string } {
  const path = new URL("package.json", folder);
  return existsSync(path) ? JSON.parse(readFileSync(path, "utf8")) : {};
}
