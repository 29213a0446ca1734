import { existsSync, readFileSync, statSync } from "node:fs";
import { join, normalize } from "node:path";
import { proseOf, type Page } from "./pages.ts";

/** A link of a page to a file beside it, or to a heading. */
export interface Link {
  readonly from: string;
  /** From the root; the page itself where the link names a heading alone. */
  readonly path: string;
  readonly anchor: string | undefined;
}

/** Where a page leads to inside the repository. What leads out of it names its protocol. */
export function linksOf(page: Page): readonly Link[] {
  const targets = [...proseOf(page).replaceAll(/`[^`\n]*`/g, "code").matchAll(/\]\(<?([^)\s>]+)>?(?:\s+"[^"]*")?\)/g)].map(([, target = ""]) => target);
  return targets.filter((target) => !/^[a-z][a-z+.-]*:/i.test(target)).map((target) => {
    const [path = "", anchor] = target.split("#");
    return { from: page.path, path: path === "" ? page.path : normalize(join(page.path, "..", decodeURIComponent(path))), anchor };
  });
}

/** Says what is wrong with a link below this root, or undefined. */
export function explainDead({ from, path, anchor }: Link, root = "."): string | undefined {
  const file = join(root, path);
  if (path.startsWith("..") || !existsSync(file)) return `${from}: there is no ${path}`;
  if (anchor === undefined) return undefined;
  if (statSync(file).isDirectory() || !path.endsWith(".md")) return `${from}: ${path} has no headings`;
  return anchorsOf(readFileSync(file, "utf8")).has(anchor) ? undefined : `${from}: ${path} has no heading #${anchor}`;
}

/** The names of a page's headings as GitHub makes them. */
export function anchorsOf(text: string): ReadonlySet<string> {
  const anchors = new Set<string>();
  for (const [, heading = ""] of text.replaceAll(/^ *```[\s\S]*?^ *```$/gm, "").matchAll(/^#{1,6} +(.+?) *#*$/gm)) {
    const plain = heading.replaceAll(/\[([^\]]*)\]\([^)]*\)/g, "$1").toLowerCase();
    const slug = plain.replaceAll(/[^\p{L}\p{M}\p{N}\p{Pc} -]/gu, "").replaceAll(" ", "-");
    let name = slug;
    for (let count = 1; anchors.has(name); count++) name = `${slug}-${count}`;
    anchors.add(name);
  }
  return anchors;
}
