import type { JsonObject } from "../../../domain/json.ts";
import type { Section } from "./names.ts";

/** Components by their names. */
export type Components = { readonly [section in Section]?: JsonObject };

/** Some paths, and the components that they bring. What they refer to beside those is shared. */
export interface Part {
  readonly paths: JsonObject;
  readonly components?: Components;
}

/** One shared set out of several. */
export function mergeComponents(sets: readonly Components[]): Readonly<Record<Section, JsonObject>> {
  const pick = (section: Section): JsonObject => Object.assign({}, ...sets.map((set) => set[section]));
  return { schemas: pick("schemas"), responses: pick("responses"), parameters: pick("parameters"), headers: pick("headers") };
}
