import { writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { makeDirectory } from "../../make-directory.ts";
import { misused } from "../fault.ts";
import type { Command } from "../language/command.ts";
import { newDirectory } from "../new-directory.ts";
import { readVersion } from "../package-folder.ts";
import { printOne } from "../screen/answer.ts";
import { projectFiles } from "./project-files.ts";

export const NEW: Command = {
  name: "new",
  summary: "Makes a project that works: an action, its test, and all that it takes to serve it.",
  details: ["What comes next is two commands in it: npm install && npm test, then npm start."],
  arguments: [{ name: "DIR", help: "Where: a directory that is empty or not there.", completes: "directory" }],
  options: [
    { name: "name", value: "NAME", help: "What it is called. Default: as the directory." },
    { name: "package", value: "SPEC", help: "Where npm gets actionport from, such as a tarball: file:../actionport.tgz. Default: the registry." },
  ],
  examples: ["actionport new shop && cd shop && npm install && npm test"],
  async run({ screen, directory }, input) {
    const path = newDirectory({ directory }, input.argument("DIR"));
    const files = projectFiles({ name: readName(input.text("name") ?? basename(path)), actionport: input.text("package") ?? `^${readVersion()}` });
    for (const [name, text] of Object.entries(files)) {
      makeDirectory(dirname(join(path, name)));
      writeFileSync(join(path, name), text, { flag: "wx" });
    }
    printOne(screen, input, { success: true, directory: path, files: Object.keys(files) }, () => {
      const steps = [...(path === directory ? [] : [`cd ${input.argument("DIR")}`]), "npm install && npm test", "npm start"];
      return [screen.style.green(`There are ${Object.keys(files).length} files in ${input.argument("DIR")}. Next:`), ...steps.map((step) => `  ${step}`)].join("\n");
    });
    return "done";
  },
};

/** As npm takes it. */
function readName(name: string): string {
  const plain = name.toLowerCase();
  if (/^[a-z\d][a-z\d._-]{0,63}$/.test(plain)) return plain;
  throw misused(`${JSON.stringify(name)} is no name for a project; give --name with letters, digits and dashes, such as order-desk.`);
}
