import { readFile, writeFile } from "node:fs/promises";

const TITLE = "# Results\n\nWritten by `npm run bench`; see README.md for what is measured and how.";

/** Puts a section, which begins with its `## ` heading, in the place of the one of that heading, or at the end. */
export async function writeSection(path: string, section: string): Promise<void> {
  const [, ...known] = (await readIfThere(path)).split(/^(?=## )/m);
  const [heading] = section.split("\n");
  const isSame = (other: string): boolean => other.split("\n")[0] === heading;
  const sections = known.some(isSame) ? known.map((other) => (isSame(other) ? section : other)) : [...known, section];
  await writeFile(path, `${[TITLE, ...sections.map((text) => text.trim())].join("\n\n")}\n`);
}

async function readIfThere(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch {
    return TITLE;
  }
}
