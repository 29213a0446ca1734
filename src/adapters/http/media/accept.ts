/** One thing that a client accepts: a media type or a language, or a wildcard for many (RFC 9110 section 12). */
export interface Accepted {
  /** Lower-case, without parameters. */
  readonly range: string;
  /** 0, which is refused, to 1. */
  readonly quality: number;
}

const QUALITY = /^\s*q\s*=\s*(0(?:\.\d{0,3})?|1(?:\.0{0,3})?)\s*$/i;
const IS_QUALITY = /^\s*q\s*=/i;

/** What an Accept or Accept-Language header names, in its order, the first `most` of it. What has a quality that is no number from 0 to 1 is left out. */
export function parseAccept(header: string, most?: number): readonly Accepted[] {
  return header.split(",", most).flatMap(parseRange);
}

function parseRange(text: string): readonly Accepted[] {
  const [range = "", ...parameters] = text.split(";");
  const weight = parameters.find((parameter) => IS_QUALITY.test(parameter));
  const quality = weight === undefined ? "1" : QUALITY.exec(weight)?.[1];
  return quality === undefined ? [] : [{ range: range.trim().toLowerCase(), quality: Number(quality) }];
}

/** Does a client ask for this very type (lower-case), and not only by a wildcard? */
export function namesType(header: string, type: string): boolean {
  return parseAccept(header).some(({ range, quality }) => range === type && quality > 0);
}

/** Which of these types (lower-case) a client names and likes best, and no less than JSON; undefined: none, so JSON it is. Of two that it likes as much, the first of `types`. */
export function chooseType<T extends string>(header: string, types: readonly T[]): T | undefined {
  const all = parseAccept(header);
  let best: T | undefined;
  let least = all[findMostSpecific(all, JSON_RANGES)]?.quality ?? 0;
  for (const type of types) {
    const quality = all.find(({ range }) => range === type)?.quality ?? 0;
    if (quality === 0 || quality < least || (quality === least && best !== undefined)) continue;
    best = type;
    least = quality;
  }
  return best;
}

/**
 * Does a client prefer this type to JSON? It must name the type itself, as wildcards are older than it. Of two that it likes as much, the one
 * that it names before the other counts, and a name before a wildcard.
 */
export function prefersToJson(header: string, type: string): boolean {
  const all = parseAccept(header);
  const wanted = all.findIndex(({ range }) => range === type);
  const quality = all[wanted]?.quality ?? 0;
  if (quality === 0) return false;
  const json = findMostSpecific(all, JSON_RANGES);
  const rival = all[json];
  if (rival === undefined || rival.quality !== quality) return quality > (rival?.quality ?? 0);
  return rival.range.endsWith("*") || wanted < json;
}

const JSON_RANGES = ["application/json", "application/*", "*/*"];

function findMostSpecific(all: readonly Accepted[], ranges: readonly string[]): number {
  const found = ranges.map((each) => all.findIndex(({ range }) => range === each));
  return found.find((at) => at >= 0) ?? -1;
}
