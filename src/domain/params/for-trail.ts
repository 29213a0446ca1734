import { isObject, toJsonObject, type JsonObject } from "../json.ts";
import { ABSENT, type ForTrail, type Mask } from "./param-code.ts";

/** Parameters longer than this, as JSON text, are not kept: an entry must not cost more than the call. */
const MAX_TEXT_LENGTH = 65_536;

/** `\u0000` */
const LONGEST_ESCAPE = 6;

/** `-1.2345678901234567e-300`; true, false and null are shorter. */
const LONGEST_NUMBER = 24;

/** A text or a number as it was sent. The caller may have changed his object since, and then null is all that is known. */
export const scalarForTrail: ForTrail = (sent) => {
  if (typeof sent === "string") return sent;
  return typeof sent === "number" && Number.isFinite(sent) ? sent + 0 : null;
};

/** Each item as it was sent; the very list that was taken when all are the same. */
export function itemsForTrail(forTrail: ForTrail): ForTrail {
  return (sent, taken) => {
    if (!Array.isArray(sent) || !Array.isArray(taken)) return null;
    let kept: unknown[] | null = null;
    for (let index = 0; index < taken.length; index++) {
      const item = forTrail(sent[index], taken[index]);
      if (item !== taken[index]) (kept ??= taken.slice())[index] = item;
    }
    return kept === null ? taken : Object.freeze(kept);
  };
}

interface FieldForTrail {
  readonly name: string;
  readonly forTrail: ForTrail | null;
  readonly hasDefault: boolean;
}

/** The fields that were sent; the very object that was taken when all are the same. Null when they always are. */
export function fieldsForTrail(fields: readonly FieldForTrail[]): ForTrail | null {
  const mayDiffer = fields.filter(({ forTrail, hasDefault }) => forTrail !== null || hasDefault);
  if (mayDiffer.length === 0) return null;
  return (sent, taken) => {
    if (!isObject(sent) || !isObject(taken)) return null;
    let changes: Map<string, unknown> | null = null;
    for (const { name, forTrail } of mayDiffer) {
      if (!Object.hasOwn(taken, name)) continue;
      const isSent = Object.hasOwn(sent, name) && sent[name] !== undefined;
      const kept = isSent && forTrail !== null ? forTrail(sent[name], taken[name]) : taken[name];
      if (!isSent || kept !== taken[name]) (changes ??= new Map()).set(name, isSent ? kept : ABSENT);
    }
    return changes === null ? taken : withChanges(taken, changes);
  };
}

function withChanges(taken: Readonly<Record<string, unknown>>, changes: ReadonlyMap<string, unknown>): object {
  const kept: Record<string, unknown> = {};
  for (const name in taken) {
    const member = changes.has(name) ? changes.get(name) : taken[name];
    if (member !== ABSENT) kept[name] = member;
  }
  return Object.freeze(kept);
}

/** What was sent, where nothing says how what came of it differs: declared fields only, secrets masked; null when it is no JSON. */
export function sentForTrail(sent: unknown, mask: Mask, names: readonly string[]): JsonObject | null {
  try {
    const masked = mask(sent);
    if (!isObject(masked)) return null;
    const declared = Object.entries(masked).filter(([name]) => names.includes(name));
    return limitForTrail(toJsonObject(Object.fromEntries(declared)));
  } catch {
    return null;
  }
}

/** The value, or null when it is too long for the trail. */
export function limitForTrail(value: unknown): JsonObject | null {
  if (!isMadeOfJson(value)) return null;
  return longestText(value) <= MAX_TEXT_LENGTH || JSON.stringify(value).length <= MAX_TEXT_LENGTH ? value : null;
}

/** Whatever parameter types make for the trail is JSON, so an object of it is a JSON object. */
function isMadeOfJson(value: unknown): value is JsonObject {
  return isObject(value);
}

/** No JSON text of the value is longer. Counted without making it, and mostly enough: honest parameters are far below the limit. */
function longestText(value: unknown): number {
  if (typeof value === "string") return 2 + LONGEST_ESCAPE * value.length;
  return typeof value === "object" && value !== null ? longestTextInside(value) : LONGEST_NUMBER;
}

function longestTextInside(container: object): number {
  let length = 2;
  if (Array.isArray(container)) for (let index = 0; index < container.length; index++) length += 1 + longestText(container[index]);
  else if (isObject(container)) for (const name in container) length += 4 + LONGEST_ESCAPE * name.length + longestText(container[name]);
  return length;
}
