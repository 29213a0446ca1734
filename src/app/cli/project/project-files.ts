import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { packageFolder } from "../package-folder.ts";

/** What a project is made with. */
export interface ProjectParts {
  readonly name: string;
  /** Where npm gets this package from: a range of versions, or a file. */
  readonly actionport: string;
}

/** The files of a new project, by their paths in it: those of templates/project, and a package.json. */
export function projectFiles(parts: ProjectParts): Readonly<Record<string, string>> {
  const folder = new URL("templates/project/", packageFolder());
  const paths = readdirSync(fileURLToPath(folder), { recursive: true, encoding: "utf8", withFileTypes: true }).filter((entry) => entry.isFile());
  const files = paths.map(({ parentPath, path, name }) => {
    const file = `${parentPath ?? path}/${name}`;
    return [toPath(file.slice(fileURLToPath(folder).length).replaceAll("\\", "/").replace(/^\//, "")), readFileSync(file, "utf8").replaceAll("PROJECT", parts.name)] as const;
  });
  return { "package.json": packageJson(parts), ...Object.fromEntries(files.sort(([one], [other]) => (one < other ? -1 : 1))) };
}

/** npm does not pack a .gitignore. */
function toPath(path: string): string {
  return path === "gitignore" ? ".gitignore" : path;
}

/** Types come off by tsx, which works on Node 20 too. */
function packageJson({ name, actionport }: ProjectParts): string {
  const content = {
    name,
    private: true,
    type: "module",
    scripts: {
      start: "actionport serve src/app.ts",
      test: "node --import tsx --test test/*.test.ts",
      typecheck: "tsc",
    },
    dependencies: { actionport },
    devDependencies: { "@types/node": "^20.19.0", tsx: "^4.20.0", typescript: "^5.9.3" },
  };
  return `${JSON.stringify(content, null, 2)}\n`;
}
