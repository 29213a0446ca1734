import { fileURLToPath } from "node:url";

/** What the system says when an address or a directory cannot be had, with the remedy. */
const REMEDIES: ReadonlyMap<unknown, string> = new Map([
  ["EADDRINUSE", "Another process listens there; stop it, or set PORT to another port (0 takes a free one)."],
  ["EADDRNOTAVAIL", "This machine has no such address; set HOST to one that it has."],
  ["ENOTFOUND", "There is no such host; set HOST to an address of this machine."],
  ["EEXIST", "Set DATA_DIR to a directory."],
  ["ENOTDIR", "Set DATA_DIR to a directory, or to a new one below directories."],
  ["EROFS", "Nothing can be written there; set DATA_DIR to a directory that this user may write."],
  ["EPERM", "Set DATA_DIR to a directory that this user may write."],
  ["EACCES", "Set DATA_DIR to a directory that this user may write."],
]);

/** Where this package is, and its sources where maps lead to them, in both forms that a stack may have: a fault of an application is not looked for there. A bundle for CommonJS does not know where it is. */
const OWN = URL.canParse(import.meta.url) ? ["../", "../../src/"].map((path) => new URL(path, import.meta.url)).flatMap((folder) => [folder.href, fileURLToPath(folder)]) : [];

/** Why an application did not start, in a sentence with the remedy; where the application's own code threw, also where that was. */
export function explain(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const remedy = "code" in error ? findRemedy(error.code, "syscall" in error ? error.syscall : undefined) : undefined;
  const place = findPlace(error.stack ?? "");
  return `${error.message}${remedy === undefined ? "" : `. ${remedy}`}${place === undefined ? "" : ` (at ${place})`}`;
}

function findRemedy(code: unknown, syscall: unknown): string | undefined {
  if (code === "EACCES" && syscall === "listen") return "Set PORT to 1024 or more, which every user may.";
  if (code === "ENOENT" && syscall === "mkdir") return "No directory can be made there; set DATA_DIR to one that this user may write.";
  return REMEDIES.get(code);
}

/** The innermost frame outside Node, if it is the application's. */
function findPlace(stack: string): string | undefined {
  const places = [...stack.matchAll(/^ {4}at (?:.* \()?(.*?:\d+:\d+)\)?$/gm)].map(([, place = ""]) => place);
  const innermost = places.find((place) => !place.startsWith("node:"));
  return innermost === undefined || OWN.some((own) => innermost.startsWith(own)) ? undefined : innermost;
}
