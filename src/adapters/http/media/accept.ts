/** What may stand behind a type that a client wants: parameters, but no weight of zero alone. */
const WANTED = /^\s*(;(?!\s*q=0(\.0*)?\s*$).*)?$/i;

/** Does a client ask for this very type (lower-case), and not only by a wildcard? */
export function namesType(accept: string, type: string): boolean {
  return accept.split(",").some((given) => {
    const range = given.trimStart();
    return range.slice(0, type.length).toLowerCase() === type && WANTED.test(range.slice(type.length));
  });
}

/** A media range of an Accept header (RFC 9110 section 12.5.1). */
interface MediaRange {
  /** Lower-case: a type, or a wildcard for many. */
  readonly essence: string;
  /** 0 to 1. */
  readonly quality: number;
}

const QUALITY = /^\s*q\s*=\s*(0(?:\.\d{0,3})?|1(?:\.0{0,3})?)\s*$/i;
const IS_QUALITY = /^\s*q\s*=/i;

/**
 * Does a client prefer this type to JSON? It must name the type itself, as wildcards are older than it. Of two that it likes as much, the one
 * that it names before the other counts, and a name before a wildcard.
 */
export function prefersToJson(accept: string, type: string): boolean {
  const ranges = accept.split(",").flatMap(parseRange);
  const wanted = ranges.findIndex(({ essence }) => essence === type);
  const quality = ranges[wanted]?.quality ?? 0;
  if (quality === 0) return false;
  const json = findMostSpecific(ranges, ["application/json", "application/*", "*/*"]);
  const rival = ranges[json];
  if (rival === undefined || rival.quality !== quality) return quality > (rival?.quality ?? 0);
  return rival.essence.endsWith("*") || wanted < json;
}

function findMostSpecific(ranges: readonly MediaRange[], essences: readonly string[]): number {
  const found = essences.map((each) => ranges.findIndex(({ essence }) => essence === each));
  return found.find((at) => at >= 0) ?? -1;
}

/** One range, or none where its quality is no number from 0 to 1. */
function parseRange(text: string): readonly MediaRange[] {
  const [essence = "", ...parameters] = text.split(";");
  const weight = parameters.find((parameter) => IS_QUALITY.test(parameter));
  const quality = weight === undefined ? "1" : QUALITY.exec(weight)?.[1];
  return quality === undefined ? [] : [{ essence: essence.trim().toLowerCase(), quality: Number(quality) }];
}
