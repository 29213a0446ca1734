import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { misused } from "../fault.ts";
import type { FreeOption, Input, Option } from "../language/grammar.ts";
import { didYouMean } from "../language/suggest.ts";
import { readAll } from "../read-all.ts";
import type { Session } from "../session.ts";
import { typesOf, type Schema } from "./schema.ts";

/** How parameters are given all at once. */
export const PARAMS_OPTION: Option = { name: "params", value: "JSON", help: "All parameters as a JSON object, or @FILE, or - for stdin. Those given by themselves win." };

/** The parameters of an action, with the types that its schema has. Throws a Fault for a name that it does not have and a value that is of no such type. */
export async function readParameters(session: Session, input: Input, schema: Schema): Promise<Readonly<Record<string, unknown>>> {
  const whole = input.text("params");
  const properties = schema.properties ?? {};
  const parameters: Record<string, unknown> = whole === undefined ? {} : parseObject(await readText(session, whole));
  for (const [name, given] of groupByName(input.free, Object.keys(properties))) {
    Object.defineProperty(parameters, name, { value: toValue(name, given, properties[name] ?? {}), enumerable: true, configurable: true, writable: true });
  }
  return parameters;
}

async function readText({ stdin, directory }: Session, given: string): Promise<string> {
  if (given === "-") return readAll(stdin);
  if (!given.startsWith("@")) return given;
  try {
    return readFileSync(resolve(directory, given.slice(1)), "utf8");
  } catch (error) {
    throw misused(`--params: ${given.slice(1)} cannot be read: ${error instanceof Error ? error.message : String(error)}.`);
  }
}

function parseObject(text: string): Record<string, unknown> {
  const value = parseJson("--params", text);
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return { ...value };
  throw misused(`--params must be a JSON object, such as '{"reason":"Paid."}'.`);
}

function parseJson(what: string, text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return value;
  } catch (error) {
    throw misused(`${what} is not JSON: ${error instanceof Error ? error.message : String(error)}.`);
  }
}

/** Dashes stand for underscores, as people type them. */
function groupByName(free: readonly FreeOption[], known: readonly string[]): ReadonlyMap<string, readonly (string | undefined)[]> {
  const grouped = new Map<string, (string | undefined)[]>();
  for (const { name: typed, value } of free) {
    const name = [typed, typed.replaceAll("-", "_")].find((each) => known.includes(each));
    if (name === undefined) throw misused(`The action has no parameter ${JSON.stringify(typed)}.${didYouMean(typed, known, (each) => `--${each}`)} ${known.length === 0 ? "It takes none." : `It takes ${known.join(", ")}.`}`);
    grouped.set(name, [...(grouped.get(name) ?? []), value]);
  }
  return grouped;
}

function toValue(name: string, given: readonly (string | undefined)[], schema: Schema): unknown {
  const types = typesOf(schema);
  if (types.has("array")) return toList(name, given, schema);
  if (given.length > 1) throw misused(`--${name} was given twice, and is no list.`);
  return toScalar(name, given[0], schema);
}

/** Given item by item, or as JSON at once. */
function toList(name: string, given: readonly (string | undefined)[], schema: Schema): unknown {
  const [first] = given;
  if (given.length === 1 && first !== undefined && /^\s*\[/.test(first)) return parseJson(`--${name}`, first);
  return given.map((each) => toScalar(name, each, schema.items ?? {}));
}

function toScalar(name: string, given: string | undefined, schema: Schema): unknown {
  const types = typesOf(schema);
  if (given === undefined) {
    if (types.has("boolean")) return true;
    throw misused(`--${name} needs a value: --${name}=VALUE, where VALUE begins with a dash.`);
  }
  if (types.has("string")) return given;
  if (types.has("null") && given === "null") return null;
  if (types.has("boolean") && /^(?:true|false)$/.test(given)) return given === "true";
  if ((types.has("number") || types.has("integer")) && isNumber(given)) return Number(given);
  if (types.has("object") || types.has("array") || types.size === 0) return parseJson(`--${name}`, given);
  const wanted = types.has("boolean") ? "true or false" : "a number";
  throw misused(`--${name} must be ${wanted}, not ${JSON.stringify(given)}.`);
}

/** As JSON has them. */
function isNumber(text: string): boolean {
  return /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/.test(text);
}
