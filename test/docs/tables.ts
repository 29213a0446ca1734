/** The rows of the first table below a heading such as `## Limits`, as lists of cells. */
export function readTable(page: string, heading: string): readonly (readonly string[])[] {
  const [, section = ""] = page.split(`\n${heading}\n`);
  const [table = ""] = /^(?:\|.*\|\n)+/m.exec(section.split(/\n#{2,3} /)[0] ?? "") ?? [];
  return table.trimEnd().split("\n").slice(2).map((row) => row.slice(1, -1).split("|").map((cell) => cell.trim()));
}

/** The names in a cell that stand in backticks. */
export function namesIn(cell = ""): readonly string[] {
  return [...cell.matchAll(/`([\w.]+)`/g)].map(([, name = ""]) => name);
}
