import { parseAccept } from "../../../../http/media/accept.ts";

const MAX_RANGES = 20;

/**
 * The one of these languages that a browser likes best (RFC 9110 section 12.5.4, RFC 4647 section 3.4): by its weights, then by its
 * order. `de-AT` finds `de`, and `de` finds `de-AT`. The first language stands where the browser asks for none of them.
 */
export function chooseLanguage(languages: readonly [string, ...string[]], accept: string | undefined): string {
  const ranges = parseAccept(accept ?? "", MAX_RANGES).filter(({ range, quality }) => range !== "" && quality > 0);
  ranges.sort((a, b) => b.quality - a.quality);
  for (const { range } of ranges) {
    const found = range === "*" ? languages[0] : findLanguage(languages, range);
    if (found !== undefined) return found;
  }
  return languages[0];
}

/** By the whole range, then by less and less of its end. */
function findLanguage(languages: readonly string[], range: string): string | undefined {
  for (let wanted = range; wanted !== ""; wanted = wanted.slice(0, Math.max(0, wanted.lastIndexOf("-")))) {
    const found = languages.find((language) => language.toLowerCase() === wanted) ?? languages.find((language) => language.toLowerCase().startsWith(`${wanted}-`));
    if (found !== undefined) return found;
  }
  return undefined;
}
